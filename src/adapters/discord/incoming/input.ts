/** Turns interactions into calls. */
import {
	ApplicationCommandOptionType,
	type ButtonInteraction,
	type ChatInputCommandInteraction,
	type CommandInteractionOption,
	ComponentType,
	type Interaction,
	MessageFlags,
	type ModalSubmitInteraction,
	type StringSelectMenuInteraction,
} from "discord.js";
import type { Call } from "../../../chat/card.ts";
import { type Command, groupDefault, type Place } from "../../../chat/command.ts";
import { NO_ROLE } from "../../../chat/option.ts";
import { typedTexts } from "../outgoing/typed.ts";
import type { Attachments } from "./attachments.ts";
import { type ControlId, readControlId } from "./control-id.ts";

/** What a member did. */
export interface MemberAction {
	readonly kind: "command" | "control" | "form";
	readonly call: Call;
	/** The server of a control in a direct message. */
	readonly workspaceId: string | null;
	/** Names of the members and channels that the options mention by id. */
	readonly mentioned: ReadonlyMap<string, string>;
	/** Whether the control is on a message that only its member sees. */
	readonly privately: boolean;
}

export type Usable =
	| ChatInputCommandInteraction
	| ButtonInteraction
	| StringSelectMenuInteraction
	| ModalSubmitInteraction;

export function isUsable(interaction: Interaction): interaction is Usable {
	return (
		interaction.isChatInputCommand() ||
		interaction.isButton() ||
		interaction.isStringSelectMenu() ||
		interaction.isModalSubmit()
	);
}

/** The name `schedule add` for `/nlpq schedule add`. */
export function commandName(options: {
	getSubcommandGroup(required: false): string | null;
	getSubcommand(required: false): string | null;
}): string {
	return [options.getSubcommandGroup(false), options.getSubcommand(false)].filter((part) => part !== null).join(" ");
}

function leaves(options: readonly CommandInteractionOption[]): CommandInteractionOption[] {
	return options.flatMap((option) => (option.options ? leaves(option.options) : isBranch(option) ? [] : [option]));
}

function isBranch(option: CommandInteractionOption): boolean {
	return (
		option.type === ApplicationCommandOptionType.Subcommand ||
		option.type === ApplicationCommandOptionType.SubcommandGroup
	);
}

function nameOf(option: CommandInteractionOption): string | null {
	if (option.member && "displayName" in option.member) return option.member.displayName;
	if (option.user) return option.user.displayName;
	return option.channel?.name ?? null;
}

function readTyped(
	interaction: ChatInputCommandInteraction,
	commands: readonly Command[],
	files: Attachments,
): MemberAction {
	const options = leaves(interaction.options.data);
	files.remember(options.flatMap(({ attachment }) => attachment ?? []));
	const entered = options.flatMap((option): [string, string][] =>
		option.value === undefined ? [] : [[option.name, String(option.value)]],
	);
	const mentioned = options.flatMap((option): [string, string][] => {
		const name = nameOf(option);
		return name === null ? [] : [[String(option.value), name]];
	});
	return {
		kind: "command",
		call: {
			command: commandName(interaction.options) || (groupDefault(commands, null)?.name ?? ""),
			options: Object.fromEntries(entered),
		},
		workspaceId: null,
		mentioned: new Map(mentioned),
		privately: true,
	};
}

function withTicks({ call, ticks }: ControlId, values: readonly string[]): Call {
	if (ticks === null) return call;
	const ticked = values.filter((value) => value !== "0");
	return { ...call, options: { ...call.options, [ticks]: ticked.length > 0 ? ticked.join(",") : "0" } };
}

function fieldValues(interaction: ModalSubmitInteraction): {
	values: Record<string, string>;
	mentioned: [string, string][];
} {
	const values: Record<string, string> = {};
	const mentioned: [string, string][] = [];
	for (const [name, field] of interaction.fields.fields) {
		if (field.type === ComponentType.TextInput) values[name] = field.value;
		if (field.type === ComponentType.StringSelect && field.values.length > 0) values[name] = field.values.join(",");
		if (field.type === ComponentType.RoleSelect) values[name] = field.values[0] ?? NO_ROLE;
		if (field.type !== ComponentType.ChannelSelect) continue;
		const [channel] = interaction.fields.getSelectedChannels(name)?.values() ?? [];
		if (!channel) continue;
		values[name] = channel.id;
		if (channel.name) mentioned.push([channel.id, channel.name]);
	}
	return { values, mentioned };
}

/**
 * Reads what a member did from the interaction itself.
 * @param files remembers the attached files, to be read later
 * @throws UserError when a control's command no longer exists
 */
export function readUse(interaction: Usable, commands: readonly Command[], files: Attachments): MemberAction {
	if (interaction.isChatInputCommand()) return readTyped(interaction, commands, files);
	const id = readControlId(interaction.customId, commands);
	const privately = interaction.message?.flags.has(MessageFlags.Ephemeral) ?? false;
	const shared = { workspaceId: id.workspaceId, privately };
	if (interaction.isModalSubmit()) {
		const { values, mentioned } = fieldValues(interaction);
		return {
			kind: "form",
			call: { ...id.call, options: { ...id.call.options, ...values } },
			...shared,
			mentioned: new Map(mentioned),
		};
	}
	if (id.typed) {
		const options = { ...id.call.options, ...typedTexts(id.typed, interaction.message.embeds) };
		return { kind: "control", call: { ...id.call, options, reopen: true }, ...shared, mentioned: new Map() };
	}
	const call = interaction.isStringSelectMenu() ? withTicks(id, interaction.values) : id.call;
	return { kind: "control", call, ...shared, mentioned: new Map() };
}

/** Where it happened; a thread counts as its channel. */
export function placeOf(interaction: Interaction): Place {
	const { channel } = interaction;
	const channelId = interaction.channelId ?? "";
	if (!interaction.guildId) return { kind: "direct", channelId, channelName: "" };
	if (channel?.isThread())
		return {
			kind: "thread",
			channelId: channel.parentId ?? channelId,
			channelName: channel.parent?.name ?? channel.name,
		};
	const channelName = channel && "name" in channel ? (channel.name ?? "") : "";
	return { kind: "channel", channelId, channelName };
}
