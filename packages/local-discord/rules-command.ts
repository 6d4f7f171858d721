import { ApplicationCommandOptionType, ApplicationCommandType } from "discord-api-types/v10";
import type { CommandBody, CommandOption } from "./bodies.ts";
import type { Problem } from "./failures.ts";

type Path = readonly (string | number)[];

const NAME = /^[-_\p{Ll}\p{N}]{1,32}$/u;
const MAX_DESCRIPTION = 100;
const MAX_OPTIONS = 25;
const MAX_CHOICES = 25;
const MAX_CHARACTERS = 8000;
const MAX_COMMANDS = 100;

const GROUP = ApplicationCommandOptionType.SubcommandGroup;
const SUBCOMMAND = ApplicationCommandOptionType.Subcommand;

/** Checks command definitions by the documented rules that the generated schemas lack. */
export function commandProblems(commands: readonly CommandBody[]): Problem[] {
	const problems = commands.flatMap((command, index) => oneCommandProblems(command, [index]));
	if (commands.length > MAX_COMMANDS) problems.push({ path: [], message: `more than ${MAX_COMMANDS} commands` });
	return [...problems, ...repeatedNames(commands, [])];
}

function oneCommandProblems(command: CommandBody, path: Path): Problem[] {
	const isText = (command.type ?? ApplicationCommandType.ChatInput) === ApplicationCommandType.ChatInput;
	if (!isText) return [];
	const total = characters(command);
	const message = `the command has ${total} characters, more than ${MAX_CHARACTERS}`;
	return [
		...textProblems(command, path),
		...optionListProblems(command.options ?? [], path, [GROUP, SUBCOMMAND]),
		...(total > MAX_CHARACTERS ? [{ path, message }] : []),
	];
}

function textProblems(named: { name: string; description?: string | null | undefined }, path: Path): Problem[] {
	const problems: Problem[] = [];
	if (!NAME.test(named.name))
		problems.push({ path: [...path, "name"], message: `the name "${named.name}" is invalid` });
	const length = named.description?.length ?? 0;
	if (length < 1 || length > MAX_DESCRIPTION) {
		problems.push({ path: [...path, "description"], message: `Must be between 1 and ${MAX_DESCRIPTION} in length.` });
	}
	return problems;
}

function repeatedNames(named: readonly { name: string }[], path: Path): Problem[] {
	const names = named.map((each) => each.name);
	const repeated = names.filter((name, index) => names.indexOf(name) !== index);
	return repeated.map((name) => ({ path, message: `the name "${name}" is there twice` }));
}

/** @param branches the kinds of subcommands that are allowed here */
function optionListProblems(options: readonly CommandOption[], parent: Path, branches: readonly number[]): Problem[] {
	const path = [...parent, "options"];
	const problems = repeatedNames(options, path);
	if (options.length > MAX_OPTIONS) problems.push({ path, message: `more than ${MAX_OPTIONS} options` });
	const branching = options.filter((option) => option.type === GROUP || option.type === SUBCOMMAND);
	if (branching.length > 0 && branching.length < options.length) {
		problems.push({ path, message: "subcommands and options stand side by side" });
	}
	if (branching.some((option) => !branches.includes(option.type))) {
		problems.push({ path, message: "a subcommand or group stands too deep" });
	}
	const firstOptional = options.findIndex((option) => !option.required);
	const late = firstOptional >= 0 && options.slice(firstOptional).some((option) => option.required);
	if (late) problems.push({ path, message: "required options stand before optional ones" });
	return [...problems, ...options.flatMap((option, index) => optionProblems(option, [...path, index]))];
}

function optionProblems(option: CommandOption, path: Path): Problem[] {
	const problems = textProblems(option, path);
	if (option.type === GROUP) return [...problems, ...optionListProblems(option.options ?? [], path, [SUBCOMMAND])];
	if (option.type === SUBCOMMAND) return [...problems, ...optionListProblems(option.options ?? [], path, [])];
	return [...problems, ...choiceProblems(option, path)];
}

function choiceProblems(option: CommandOption, path: Path): Problem[] {
	const choices = option.choices ?? [];
	const problems = repeatedNames(choices, [...path, "choices"]);
	if (choices.length > MAX_CHOICES) problems.push({ path, message: `more than ${MAX_CHOICES} choices` });
	if (option.autocomplete && choices.length > 0) {
		problems.push({ path, message: "an option has either choices or autocomplete" });
	}
	const values = choices.map((choice) => choice.value);
	if (new Set(values).size < values.length) problems.push({ path, message: "a choice value is there twice" });
	return problems;
}

function characters(named: CommandBody | CommandOption): number {
	const below = (named.options ?? []).reduce((sum, option) => sum + characters(option), 0);
	const choices = "choices" in named && Array.isArray(named.choices) ? named.choices : [];
	const chosen = choices.reduce<number>((sum, choice) => sum + choice.name.length + String(choice.value).length, 0);
	return named.name.length + (named.description?.length ?? 0) + below + chosen;
}
