/** Forms in direct messages: there the client knows no server and cannot list its channels. */
import type { Form } from "../../../chat/card.ts";
import type { Command } from "../../../chat/command.ts";
import type { Servers } from "../install/servers.ts";
import type { ChannelChoice } from "../outgoing/modal.ts";
import type { MemberAction } from "./input.ts";

/** The channels that a form offers; null if it asks for none, or if Discord does not list them. */
export async function channelsFor(
	servers: Servers,
	form: Form,
	guildId: string | undefined,
): Promise<readonly ChannelChoice[] | null> {
	if (guildId === undefined || !form.fields.some(({ type }) => type === "channel")) return null;
	return servers.postableChannels(guildId).catch(() => null);
}

/** Adds the names of channels chosen from such a list: Discord sends only their ids. */
export async function withChannelNames(
	servers: Servers,
	commands: readonly Command[],
	use: MemberAction,
): Promise<MemberAction> {
	const { command, options } = use.call;
	const defined = commands.find(({ name }) => name === command)?.options ?? {};
	const unnamed = Object.entries(options).flatMap(([name, value]) =>
		defined[name]?.kind === "channel" && !use.mentioned.has(value) && /^\d+$/.test(value) ? [value] : [],
	);
	const named = await Promise.all(
		unnamed.map(async (id): Promise<[string, string]> => {
			const channel = await servers.channel(id).catch(() => null);
			return [id, channel && "name" in channel ? (channel.name ?? id) : id];
		}),
	);
	return { ...use, mentioned: new Map([...use.mentioned, ...named]) };
}
