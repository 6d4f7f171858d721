import type { Command } from "../../chat/command.ts";
import type { Bank } from "../../core/question/bank.ts";

/** The most completions to offer: nobody reads more. */
const MAX_FOUND = 60;

const unique = (values: readonly string[]): string[] => [...new Set(values)];

/** The possible next words of a command's name. */
function nameWords(before: readonly string[], commands: readonly Command[]): string[] {
	return unique(
		commands.flatMap(({ name }) => {
			const words = name.split(" ");
			const [next] = words.slice(before.length);
			return next !== undefined && before.every((word, index) => words[index] === word) ? [next] : [];
		}),
	);
}

/** Listable values of the options that a command is still missing. */
function values(
	command: Command,
	before: readonly string[],
	typed: string,
	{ bank, commands }: { readonly bank: Bank; readonly commands: readonly Command[] },
): string[] {
	const open = Object.values(command.options).filter(
		({ choices }) => !choices.some((choice) => before.includes(choice)),
	);
	return open.flatMap((option) => {
		if (option.kind === "question") return ["today", "last", ...bank.all().map(({ id }) => id)];
		if (option.kind === "words") return bank.all().flatMap(({ tags }) => tags);
		const isListed = option.choices.length > 0 && (option.kind === "choice" || option.kind === "flag");
		if (isListed) return [...option.choices];
		return (option.suggest?.(typed, bank, commands) ?? []).map(({ value }) => value);
	});
}

/**
 * Completes a line: names of commands, categories, tags, ids.
 * @returns the values, and the word that they complete
 */
export function completions(line: string, commands: readonly Command[], bank: Bank): [string[], string] {
	const words = line.trimStart().toLowerCase().split(/\s+/);
	if (words[0] === "/nlpq") words.shift();
	const typed = words.pop() ?? "";
	const before = words.map((word, index) => (index === 0 ? word.replace(/^\//, "") : word));
	const command = commands
		.filter(({ name }) => name.split(" ").every((word, index) => before[index] === word))
		.sort((a, b) => b.name.length - a.name.length)[0];
	const slash = before.length === 0 && typed.startsWith("/") ? "/" : "";
	const names = nameWords(before, commands).map((name) => slash + name);
	const all = [...names, ...(command ? values(command, before, typed, { bank, commands }) : [])];
	const found = unique(all.filter((value) => value.startsWith(typed) && value !== typed)).sort();
	return [found.length > MAX_FOUND ? [] : found.map((value) => `${value} `), typed];
}
