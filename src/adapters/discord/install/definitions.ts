/** Discord's native form of the commands, derived from their definitions. */
import {
	type APIApplicationCommandBasicOption,
	type APIApplicationCommandOption,
	type APIApplicationCommandSubcommandGroupOption,
	type APIApplicationCommandSubcommandOption,
	ApplicationCommandOptionType,
	ApplicationCommandType,
	ApplicationIntegrationType,
	InteractionContextType,
	type RESTPostAPIChatInputApplicationCommandsJSONBody,
} from "discord.js";
import type { Command } from "../../../chat/command.ts";
import type { Option } from "../../../chat/option.ts";
import { cut } from "../outgoing/cut.ts";
import * as limit from "../outgoing/limits.ts";
import { POSTABLE_CHANNELS } from "../outgoing/modal.ts";

export const COMMAND_NAME = "nlpq";
const SUMMARY = "Interview questions, every day";
/** Longest search words, in characters: the paging buttons cannot carry more. */
const MAX_WORDS_LENGTH = 60;
const MAX_TEXT_LENGTH = 4000;

type AnyOption = Option<unknown>;

function base(name: string, option: AnyOption, required: boolean) {
	return { name, description: cut(option.description, limit.COMMAND_DESCRIPTION), required };
}

function withChoices(shared: ReturnType<typeof base>, option: AnyOption): APIApplicationCommandBasicOption {
	const type = ApplicationCommandOptionType.String;
	return { ...shared, type, choices: option.choices.map((value) => ({ name: value, value })) };
}

/** Discord refuses numbers out of range while they are typed. */
function bounds({ range }: AnyOption): { min_value?: number; max_value?: number } {
	return range ? { min_value: range.least, max_value: range.most } : {};
}

/** One option as its native type. */
function nativeOption(name: string, option: AnyOption, required: boolean): APIApplicationCommandBasicOption {
	const shared = base(name, option, required);
	const text = { ...shared, type: ApplicationCommandOptionType.String } as const;
	if (option.suggest) return { ...text, autocomplete: true };
	switch (option.kind) {
		case "choice":
		case "letter":
		case "flag":
			return withChoices(shared, option);
		case "words":
			return { ...text, max_length: MAX_WORDS_LENGTH };
		case "text":
			return { ...text, max_length: Math.min(option.longest, MAX_TEXT_LENGTH) };
		case "member":
			return { ...shared, type: ApplicationCommandOptionType.User };
		case "role":
			return { ...shared, type: ApplicationCommandOptionType.Role };
		case "channel":
			return { ...shared, type: ApplicationCommandOptionType.Channel, channel_types: [...POSTABLE_CHANNELS] };
		case "number":
			return { ...shared, type: ApplicationCommandOptionType.Integer, ...bounds(option) };
		case "question":
		case "zone":
		case "weekdays":
		case "choices":
		case "time":
		case "dates":
		case "date":
		case "points":
			return text;
		case "file":
			return { ...shared, type: ApplicationCommandOptionType.Attachment };
	}
}

/** Required options first, as Discord demands. Options that a form can ask for are optional. */
function nativeOptions(command: Command): APIApplicationCommandBasicOption[] {
	return Object.entries(command.options)
		.filter(([, option]) => !option.fromForm)
		.map(([name, option]) => nativeOption(name, option, option.required && !command.formFor.includes(name)))
		.toSorted((one, other) => Number(other.required) - Number(one.required));
}

function subcommand(command: Command, name: string): APIApplicationCommandSubcommandOption {
	const summary = command.admin ? `Admins: ${command.summary}` : command.summary;
	return {
		type: ApplicationCommandOptionType.Subcommand,
		name,
		description: cut(summary, limit.COMMAND_DESCRIPTION),
		options: nativeOptions(command),
	};
}

function group(name: string, commands: readonly Command[]): APIApplicationCommandSubcommandGroupOption {
	const options = commands.map((command) => subcommand(command, command.name.slice(name.length + 1)));
	const description = cut(options.map((option) => option.name).join(", "), limit.COMMAND_DESCRIPTION);
	return { type: ApplicationCommandOptionType.SubcommandGroup, name, description, options };
}

/**
 * `/nlpq` with every command except those only for typed text. Names of one word are subcommands; names of two words
 * are subcommands of a group.
 * @param everywhere true for all servers and direct messages; false for one server
 */
export function nativeCommands(
	commands: readonly Command[],
	everywhere: boolean,
): RESTPostAPIChatInputApplicationCommandsJSONBody[] {
	const native = commands.filter((command) => !command.textOnly);
	const names = [...new Set(native.map((command) => command.group ?? command.name))];
	const options = names.map(
		(name): APIApplicationCommandSubcommandOption | APIApplicationCommandSubcommandGroupOption => {
			const single = native.find((command) => command.name === name);
			if (single) return subcommand(single, name);
			return group(
				name,
				native.filter((command) => command.group === name),
			);
		},
	);
	const places = {
		contexts: [InteractionContextType.Guild, InteractionContextType.BotDM],
		integration_types: [ApplicationIntegrationType.GuildInstall],
	};
	return [
		{
			type: ApplicationCommandType.ChatInput,
			name: COMMAND_NAME,
			description: SUMMARY,
			options,
			...(everywhere ? places : {}),
		},
	];
}

/** What decides whether a registered option is the same: without defaults, keys in one order. */
function normalOption(option: APIApplicationCommandOption): object {
	return Object.fromEntries(
		Object.entries(option)
			.flatMap(([key, value]): [string, unknown][] => {
				if (value === false || value === null || value === undefined) return [];
				if (key.endsWith("_localizations") || key.endsWith("_localized")) return [];
				if (!Array.isArray(value)) return [[key, value]];
				if (value.length === 0) return [];
				if (key === "options") return [[key, value.map(normalOption)]];
				if (key === "choices") return [[key, value.map(({ name, value: chosen }) => [name, chosen])]];
				return [[key, value]];
			})
			.toSorted(([one], [other]) => (one < other ? -1 : 1)),
	);
}

/** The part of a definition that Discord stores and returns. */
export interface RegisteredDefinition {
	readonly type?: number | undefined;
	readonly name: string;
	readonly description?: string;
	readonly options?: readonly APIApplicationCommandOption[] | undefined;
	readonly contexts?: readonly number[] | null | undefined;
	readonly integration_types?: readonly number[] | undefined;
	readonly default_member_permissions?: string | null | undefined;
}

/** A definition in a form that compares as text. Only commands for all servers have contexts. */
function comparable(command: RegisteredDefinition, isGlobal: boolean): object {
	return {
		type: command.type ?? ApplicationCommandType.ChatInput,
		name: command.name,
		description: command.description ?? "",
		options: (command.options ?? []).map(normalOption),
		permissions: command.default_member_permissions ?? null,
		...(isGlobal ? { contexts: command.contexts ?? null, places: command.integration_types ?? [0] } : {}),
	};
}

/** Whether the registered definitions equal the wanted ones. */
export function sameDefinitions(
	registered: readonly RegisteredDefinition[],
	wanted: readonly RegisteredDefinition[],
	{ isGlobal }: { readonly isGlobal: boolean },
): boolean {
	const text = (definitions: readonly RegisteredDefinition[]) =>
		JSON.stringify(
			definitions
				.map((definition) => comparable(definition, isGlobal))
				.toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1)),
		);
	return text(registered) === text(wanted);
}
