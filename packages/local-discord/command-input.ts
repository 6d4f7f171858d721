import { ApplicationCommandOptionType as OptionType } from "discord-api-types/v10";
import type { CommandOption } from "./bodies.ts";
import type { RegisteredCommand } from "./commands.ts";
import type { LocalChannel } from "./entities.ts";
import { attachmentPayload, channelPayload, memberPayload, rolePayloads, userPayload } from "./payloads.ts";
import type { World } from "./world.ts";

/** What a user enters for an option: a plain value, or a user, channel or role, or its id. */
type OptionInput = string | number | boolean | { readonly id: string };
export type OptionInputs = Readonly<Record<string, OptionInput>>;

export interface EncodedOption {
	readonly type: number;
	readonly name: string;
	readonly value?: string | number | boolean;
	readonly focused?: true;
	readonly options?: readonly EncodedOption[];
}

/** The users, members, roles and channels that the values name, by id. */
export interface Resolved {
	users?: Record<string, object>;
	members?: Record<string, object>;
	roles?: Record<string, object>;
	channels?: Record<string, object>;
	attachments?: Record<string, object>;
}

interface Entry {
	readonly command: RegisteredCommand;
	readonly path: readonly string[];
	readonly options: OptionInputs;
	/** The option being typed, for autocomplete. */
	readonly focused?: { readonly name: string; readonly value: string };
}

/** A test asked for something that no user could do. */
export class ImpossibleInput extends Error {}

/** Encodes what a user enters as interaction data, as Discord's client does: only what the registration offers. */
export function encodeCommand(world: World, channel: LocalChannel, entry: Entry) {
	const resolved: Resolved = {};
	const { leaf, wrap } = descend(entry.command, entry.path);
	const encoded = encodeOptions(world, channel, leaf, entry, resolved);
	const options = wrap(encoded);
	return {
		id: entry.command.id,
		name: entry.command.body.name,
		type: entry.command.body.type ?? 1,
		...(options.length > 0 ? { options } : {}),
		...(Object.keys(resolved).length > 0 ? { resolved } : {}),
		...(entry.command.guildId ? { guild_id: entry.command.guildId } : {}),
	};
}

type Wrap = (inner: readonly EncodedOption[]) => readonly EncodedOption[];

function isBranch(option: CommandOption): boolean {
	return option.type === OptionType.Subcommand || option.type === OptionType.SubcommandGroup;
}

/** Follows subcommand names down to the options of the called command. */
function descend(command: RegisteredCommand, path: readonly string[]): { leaf: readonly CommandOption[]; wrap: Wrap } {
	let leaf: readonly CommandOption[] = command.body.options ?? [];
	let wrap: Wrap = (inner) => inner;
	for (const name of path) {
		const branch = leaf.find((option) => option.name === name && isBranch(option));
		if (!branch) throw new ImpossibleInput(`/${command.body.name} has no subcommand ${path.join(" ")}`);
		const outer = wrap;
		wrap = (inner) => outer([{ type: branch.type, name, ...(inner.length > 0 ? { options: inner } : {}) }]);
		leaf = branch.options ?? [];
	}
	if (leaf.some(isBranch)) throw new ImpossibleInput(`/${command.body.name} ${path.join(" ")} needs a subcommand`);
	return { leaf, wrap };
}

function encodeOptions(
	world: World,
	channel: LocalChannel,
	leaf: readonly CommandOption[],
	{ options, focused }: Entry,
	resolved: Resolved,
): EncodedOption[] {
	const names = focused ? [...Object.keys(options), focused.name] : Object.keys(options);
	const unknown = names.find((name) => !leaf.some((option) => option.name === name));
	if (unknown) throw new ImpossibleInput(`there is no option ${unknown}`);
	return leaf.flatMap((option): EncodedOption[] => {
		const { name, type } = option;
		if (focused?.name === name) {
			if (!option.autocomplete) throw new ImpossibleInput(`the option ${name} has no autocomplete`);
			return [{ type, name, value: focused.value, focused: true }];
		}
		const input = options[name];
		if (input === undefined) {
			if (option.required && !focused) throw new ImpossibleInput(`the option ${name} is required`);
			return [];
		}
		return [{ type, name, value: encodeValue(world, channel, option, input, resolved) }];
	});
}

function encodeValue(
	world: World,
	channel: LocalChannel,
	option: CommandOption,
	input: OptionInput,
	resolved: Resolved,
): string | number | boolean {
	if (option.type === OptionType.String) return encodeText(option, input);
	if (option.type === OptionType.Integer || option.type === OptionType.Number) return encodeNumber(option, input);
	if (option.type === OptionType.Boolean) {
		if (typeof input !== "boolean") throw new ImpossibleInput(`${option.name} takes true or false`);
		return input;
	}
	const id = typeof input === "object" ? input.id : input;
	if (typeof id !== "string") throw new ImpossibleInput(`${option.name} takes something with an id`);
	const found = resolveId(world, channel, kindOf(option.type), id, resolved);
	if (!found) throw new ImpossibleInput(`${option.name}: there is nothing with the id ${id} here`);
	const types = option.channel_types ?? [];
	const type = world.channels.get(id)?.type;
	if (type !== undefined && types.length > 0 && !types.includes(type)) {
		throw new ImpossibleInput(`${option.name} does not offer channels of this type`);
	}
	return id;
}

function checkChoice(option: CommandOption, value: string | number): void {
	const choices = option.choices ?? [];
	if (choices.length === 0 || choices.some((choice) => choice.value === value)) return;
	throw new ImpossibleInput(`${option.name} does not offer ${value}`);
}

function encodeText(option: CommandOption, input: OptionInput): string {
	if (typeof input !== "string" || input === "") throw new ImpossibleInput(`${option.name} takes text`);
	checkChoice(option, input);
	const most = option.max_length ?? 6000;
	if (input.length < (option.min_length ?? 0) || input.length > most) {
		throw new ImpossibleInput(`${option.name} takes ${option.min_length ?? 0} to ${most} characters`);
	}
	return input;
}

function encodeNumber(option: CommandOption, input: OptionInput): number {
	const fits = typeof input === "number" && (option.type === OptionType.Number || Number.isSafeInteger(input));
	if (!fits) throw new ImpossibleInput(`${option.name} takes a number`);
	checkChoice(option, input);
	const least = option.min_value ?? Number.NEGATIVE_INFINITY;
	const most = option.max_value ?? Number.POSITIVE_INFINITY;
	if (input < least || input > most) throw new ImpossibleInput(`${option.name} takes ${least} to ${most}`);
	return input;
}

export type ResolvedKind = "user" | "role" | "channel" | "mentionable" | "attachment";

function kindOf(type: number): ResolvedKind {
	if (type === OptionType.User) return "user";
	if (type === OptionType.Role) return "role";
	if (type === OptionType.Channel) return "channel";
	if (type === OptionType.Mentionable) return "mentionable";
	if (type === OptionType.Attachment) return "attachment";
	throw new ImpossibleInput(`options of type ${type} cannot be entered here`);
}

/** Looks an id up from the member's point of view and adds it to `resolved`; false if nothing there has the id. */
export function resolveId(world: World, at: LocalChannel, kind: ResolvedKind, id: string, resolved: Resolved): boolean {
	if (kind === "channel") return resolveChannel(world, at, id, resolved);
	if (kind === "attachment") return resolveAttachment(world, at, id, resolved);
	if (kind === "role") return resolveRole(at, id, resolved);
	const user = world.users.get(id);
	if (!user) return kind === "mentionable" && resolveRole(at, id, resolved);
	resolved.users = { ...resolved.users, [id]: userPayload(user) };
	const member = at.guild?.members.get(id);
	if (!member) return true;
	const { user: _outside, deaf: _deaf, mute: _mute, ...partial } = memberPayload(member);
	resolved.members = { ...resolved.members, [id]: { ...partial, permissions: member.permissions.toString() } };
	return true;
}

function resolveChannel(world: World, at: LocalChannel, id: string, resolved: Resolved): boolean {
	const channel = world.channels.get(id);
	if (!channel || channel.guild !== at.guild) return false;
	resolved.channels = { ...resolved.channels, [id]: { ...channelPayload(world, channel), permissions: "0" } };
	return true;
}

function resolveAttachment(world: World, at: LocalChannel, id: string, resolved: Resolved): boolean {
	const file = world.uploads.get(id);
	if (!file) return false;
	resolved.attachments = { ...resolved.attachments, [id]: attachmentPayload(file, at.id, world.filesUrl) };
	return true;
}

function resolveRole(at: LocalChannel, id: string, resolved: Resolved): boolean {
	const role = at.guild && rolePayloads(at.guild).find((candidate) => candidate.id === id);
	if (!role) return false;
	resolved.roles = { ...resolved.roles, [id]: role };
	return true;
}
