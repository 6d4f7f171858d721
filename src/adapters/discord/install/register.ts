import {
	type REST,
	type RESTGetAPIApplicationCommandsResult,
	type RESTPutAPIApplicationCommandsResult,
	Routes,
} from "discord.js";
import type { Command } from "../../../chat/command.ts";
import { COMMAND_NAME, nativeCommands, sameDefinitions } from "./definitions.ts";

const idOf = (registered: RESTGetAPIApplicationCommandsResult): string | null =>
	registered.find(({ name }) => name === COMMAND_NAME)?.id ?? null;

/**
 * Registers `/nlpq` only if it differs: Discord limits registrations, and shows new commands late.
 * @param guildId one server, where the commands show at once; null for all servers
 * @returns whether anything was registered, and Discord's id of `/nlpq`
 */
export async function registerCommands(
	rest: REST,
	applicationId: string,
	guildId: string | null,
	commands: readonly Command[],
): Promise<{ changed: boolean; id: string | null }> {
	const route =
		guildId === null
			? Routes.applicationCommands(applicationId)
			: Routes.applicationGuildCommands(applicationId, guildId);
	const wanted = nativeCommands(commands, guildId === null);
	const registered = (await rest.get(route)) as RESTGetAPIApplicationCommandsResult;
	if (sameDefinitions(registered, wanted, { isGlobal: guildId === null }))
		return { changed: false, id: idOf(registered) };
	const answer = (await rest.put(route, { body: wanted })) as RESTPutAPIApplicationCommandsResult;
	return { changed: true, id: idOf(answer) };
}
