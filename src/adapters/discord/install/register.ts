import { type REST, type RESTGetAPIApplicationCommandsResult, Routes } from "discord.js";
import type { Command } from "../../../chat/command.ts";
import { nativeCommands, sameDefinitions } from "./definitions.ts";

/**
 * Registers `/nlpq` where it differs from what is registered: Discord counts registrations, and shows a new one late.
 * @param guildId one server, where it shows at once; null for all
 * @returns whether anything was registered
 */
export async function registerCommands(
	rest: REST,
	applicationId: string,
	guildId: string | null,
	commands: readonly Command[],
): Promise<boolean> {
	const route =
		guildId === null
			? Routes.applicationCommands(applicationId)
			: Routes.applicationGuildCommands(applicationId, guildId);
	const wanted = nativeCommands(commands, guildId === null);
	const registered = (await rest.get(route)) as RESTGetAPIApplicationCommandsResult;
	if (sameDefinitions(registered, wanted, guildId === null)) return false;
	await rest.put(route, { body: wanted });
	return true;
}
