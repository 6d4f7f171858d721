import type { Caller } from "../../chat/caller.ts";

export const TERMINAL_CHANNEL = "terminal";
const WORKSPACE = { externalId: "terminal", name: "Terminal" };

/** A member at the terminal, as the caller of a command. */
export const callerNamed = (name: string, isOwner: boolean, now: Date): Caller => ({
	interaction: { key: `terminal:${crypto.randomUUID()}`, repeated: false, owed: { ticket: null } },
	workspace: WORKSPACE,
	member: { externalId: name, name },
	admin: isOwner,
	place: { kind: "channel", channelId: TERMINAL_CHANNEL, channelName: TERMINAL_CHANNEL },
	mentioned: new Map(),
	receivedAt: now,
});
