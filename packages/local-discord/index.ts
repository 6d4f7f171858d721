export { ImpossibleInput, type OptionInputs } from "./command-input.ts";
export type { FieldInput } from "./component-input.ts";
export type {
	LocalChannel,
	LocalGuild,
	LocalMember,
	LocalUser,
	PermissionName,
	StoredMessage,
} from "./entities.ts";
export type { Fault, FaultHandle, FaultRule, Faults } from "./faults.ts";
export type { FirstResponse, Interaction } from "./interactions.ts";
export {
	type CommandUse,
	type ControlUse,
	type LocalDiscord,
	type LocalDiscordOptions,
	startDiscord,
} from "./local-discord.ts";
export type { Limit, RateLimitOptions } from "./rate-limits.ts";
export type { LoggedRequest, Violation } from "./server.ts";
