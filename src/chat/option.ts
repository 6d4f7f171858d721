import { UserError } from "../core/errors.ts";
import { SOURCES } from "../core/model.ts";
import { CATEGORIES, DIFFICULTIES, OPTION_LETTERS, type OptionLetter } from "../core/question/question.ts";
import { difficultyNamed } from "../core/question/wish.ts";
import { inAmerican } from "../core/text/spelling.ts";
import { type Suggest, suggestQuestions, suggestSeveral } from "./autocomplete.ts";
import { inQuotes } from "./in-quotes.ts";
import type { Feature } from "./platform.ts";

/**
 * The kind of an option. It decides how its text is read, and whether a platform shows a native control for it. Every
 * platform passes the value as text.
 */
export type OptionKind =
	| "question"
	| "words"
	| "text"
	| "choice"
	| "choices"
	| "member"
	| "channel"
	| "role"
	| "time"
	| "zone"
	| "weekdays"
	| "dates"
	| "date"
	| "number"
	| "points"
	| "letter"
	| "flag"
	/** A path in the terminal, an attachment on other platforms. */
	| "file";

/** A typed option. `parse` throws UserError; `accepts` says whether a positional word can belong to it. */
export interface Option<Value> {
	readonly kind: OptionKind;
	/** At most 100 characters, for native descriptions. */
	readonly description: string;
	readonly required: boolean;
	/** Fixed values; empty if any value is possible. */
	readonly choices: readonly string[];
	/** Maximum length in characters, which forms and native options enforce. */
	readonly longest: number;
	accepts(text: string): boolean;
	parse(text: string, now: Date): Value;
	/** Comes from a form or is typed by name. Platforms do not register it as a native option. */
	readonly fromForm?: true;
	/** Offers values while a member types. */
	readonly suggest?: Suggest;
	/** The platform feature that it needs. */
	readonly needs?: Feature;
	/** Limits of a number, both included. */
	readonly range?: { readonly least: number; readonly most: number };
}

/** The longest option in characters, except free text. No real value comes near it. */
const MAX_OPTION_LENGTH = 300;

export function bounded(text: string, name: string): string {
	const trimmed = text.trim();
	if (trimmed.length > MAX_OPTION_LENGTH)
		throw new UserError(
			`That ${name} has ${trimmed.length} characters; at most ${MAX_OPTION_LENGTH} make sense here.`,
			"Shorten it.",
		);
	return trimmed;
}

type Base = { readonly description: string };

/** Makes an option. By default it accepts every positional word that `parse` accepts. */
export function make<Value>(
	kind: OptionKind,
	base: Base,
	parse: (text: string, now: Date) => Value,
	rest: {
		accepts?: (text: string) => boolean;
		choices?: readonly string[];
		longest?: number;
		suggest?: Suggest;
	} = {},
): Option<Value> {
	const accepts =
		rest.accepts ??
		((text: string) => {
			try {
				parse(text, new Date(0));
				return true;
			} catch {
				return false;
			}
		});
	const { choices = [], longest = MAX_OPTION_LENGTH, suggest } = rest;
	const shared = { kind, description: base.description, required: true, choices, longest, accepts, parse };
	return suggest ? { ...shared, suggest } : shared;
}

/** Makes an option optional. Its value is null when it is left out. */
export function optional<Value>(option: Option<Value>): Option<Value | null> {
	return { ...option, required: false };
}

/** Leaves an option to the command's form. */
export function fromForm<Value>(option: Option<Value>): Option<Value> {
	return { ...option, fromForm: true };
}

const anything = () => true;

/** A question by id, title, `today` or `last`. */
export const questionOption = (description: string): Option<string> =>
	make("question", { description }, (text) => bounded(text, "question"), {
		accepts: anything,
		suggest: suggestQuestions,
	});

/** Several words up to the next `name:value`. */
export const wordsOption = (description: string): Option<string> =>
	make("words", { description }, (text) => bounded(text, "search"), { accepts: anything });

/**
 * Free text to the end of the message, exactly as written.
 * @param name its name in the error for a text that is too long, such as `answer`
 */
export const textOption = (description: string, longest: number, name: string): Option<string> =>
	make(
		"text",
		{ description },
		(text) => {
			if (text.length <= longest) return text;
			throw new UserError(
				`The ${name} has ${text.length} characters; the limit is ${longest}. Nothing was recorded.`,
				`Shorten it by ${text.length - longest} and send it again.`,
			);
		},
		{ accepts: anything, longest },
	);

export function choiceOption<const Choice extends string>(
	description: string,
	choices: readonly Choice[],
): Option<Choice> {
	const parse = (text: string): Choice => {
		const typed = text.trim().toLowerCase();
		const found =
			choices.find((choice) => choice === typed || choice === inAmerican(typed)) ??
			unique(choices.filter((choice) => typed.length >= 3 && choice.startsWith(typed)));
		if (found) return found;
		throw new UserError(`${inQuotes(text)} is not one of the choices.`, `Choose one of: ${choices.join(", ")}.`);
	};
	return make("choice", { description }, parse, { choices });
}

function unique<T>(items: readonly T[]): T | undefined {
	return items.length === 1 ? items[0] : undefined;
}

/** Several choices, joined by commas. `all` gives an empty list, which means no restriction. */
export function choicesOption<const Choice extends string>(
	description: string,
	choices: readonly Choice[],
): Option<Choice[]> {
	const one = choiceOption(description, choices);
	const parse = (text: string, now: Date): Choice[] => {
		if (text.trim().toLowerCase() === "all") return [];
		const parts = text.split(",").filter((part) => part.trim() !== "");
		if (parts.length > choices.length)
			throw new UserError(
				`${parts.length} values are more than the ${choices.length} that exist.`,
				`Choose from: ${choices.join(", ")}.`,
			);
		return [...new Set(parts.map((part) => one.parse(part, now)))];
	};
	return make("choices", { description }, parse, { choices, suggest: suggestSeveral(choices) });
}

export const categoryOption = () => optional(choiceOption("One category of questions", CATEGORIES));

/** An option whose values also go by other words, such as `hard` for `advanced`. */
function alsoNamed<Value>(option: Option<Value>, named: (text: string) => string): Option<Value> {
	return {
		...option,
		accepts: (text) => option.accepts(named(text)),
		parse: (text, now) => option.parse(named(text), now),
	};
}
const asDifficulty = (text: string): string => difficultyNamed(text) ?? text;

export const difficultyOption = () => optional(alsoNamed(choiceOption("How difficult", DIFFICULTIES), asDifficulty));
export const categoriesOption = () =>
	optional(choicesOption("Categories, joined by commas; all if left out", CATEGORIES));
export const difficultiesOption = () =>
	optional(
		alsoNamed(choicesOption("Difficulties, joined by commas; all if left out", DIFFICULTIES), (text) =>
			text.split(",").map(asDifficulty).join(","),
		),
	);

export const sourceOption = () =>
	optional(choiceOption("From the bank, this workspace (ours), or both, its own first", SOURCES));

/** Whether to post a weekly recap; null when left out. */
export const recapOption = () =>
	optional(
		flagOption("yes posts a recap of the week each Monday", "Write yes or no: a recap always comes on Mondays."),
	);

/** A member by name or by the platform's id. */
export const memberOption = (description: string): Option<string> =>
	make("member", { description }, (text) => bounded(text, "name").replace(/^@/, ""), { accepts: anything });

/** A channel by name or by the platform's id. */
export const channelOption = (description: string): Option<string> =>
	make("channel", { description }, (text) => bounded(text, "channel").replace(/^#/, ""), {
		accepts: (text) => text.startsWith("#"),
	});

/** The value for no role. */
export const NO_ROLE = "none";

/** A role by the platform's id, or `none`. */
export const roleOption = (description: string): Option<string> => ({
	...make(
		"role",
		{ description },
		(text) => {
			const [, id] = /^(?:<@&)?(\d{1,20})>?$/.exec(text.trim()) ?? [];
			if (id !== undefined || text.trim().toLowerCase() === NO_ROLE) return id ?? NO_ROLE;
			throw new UserError(`${inQuotes(text)} is not a role.`, "Choose one from the list.");
		},
		{ accepts: (text) => text.startsWith("<@&") },
	),
	needs: "roles",
});

/** Whether to publish the post to the channel's followers; null when left out. */
export const publishOption = (): Option<boolean | null> => ({
	...optional(flagOption("yes publishes the post (announcement channels)")),
	needs: "publishing",
});

/** A file reference, for the platform's `readFile`. */
export const fileOption = (description: string): Option<string> =>
	make("file", { description }, (text) => text.trim(), { accepts: (text) => /\.\w{1,8}$|[/\\]/.test(text) });

export const numberOption = (description: string, least: number, most: number): Option<number> => ({
	...make("number", { description }, (text) => {
		const value = /^\s*#?\d{1,9}\s*$/.test(text) ? Number(text.trim().replace("#", "")) : Number.NaN;
		if (value >= least && value <= most) return value;
		throw new UserError(
			`${inQuotes(text)} is not a number from ${least} to ${most}.`,
			`Write a whole number from ${least} to ${most}.`,
		);
	}),
	range: { least, most },
});

/** Numbers of key points joined by commas; 0 for none. */
export const pointsOption = (description: string): Option<number[]> =>
	make("points", { description }, (text) => {
		const parts = text.split(/[\s,]+/).filter((part) => part !== "");
		if (parts.length === 0 || parts.length > 20 || !parts.every((part) => /^\d{1,2}$/.test(part)))
			throw new UserError(
				`${inQuotes(text)} are not numbers of key points.`,
				"Write numbers joined by commas, such as 1,3,4; 0 for none.",
			);
		return parts.map(Number).filter((point) => point !== 0);
	});

export const letterOption = (description: string): Option<OptionLetter> =>
	make(
		"letter",
		{ description },
		(text) => {
			const letter = OPTION_LETTERS.find((candidate) => candidate === text.trim().toUpperCase());
			if (letter) return letter;
			throw new UserError(`${inQuotes(text)} is not one of the four options.`, "Answer with A, B, C or D.");
		},
		{ choices: OPTION_LETTERS },
	);

/** `yes` or `no`. */
export const flagOption = (description: string, remedy = "Write yes or no."): Option<boolean> =>
	make(
		"flag",
		{ description },
		(text) => {
			const word = text.trim().toLowerCase();
			if (["yes", "on", "true", "show"].includes(word)) return true;
			if (["no", "off", "false", "hide"].includes(word)) return false;
			throw new UserError(`${inQuotes(text)} is neither yes nor no.`, remedy);
		},
		{ choices: ["yes", "no"] },
	);
