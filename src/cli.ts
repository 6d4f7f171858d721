/** The command line: parsed before any other part of the program is loaded. */
import { nearest } from "./core/text/nearest.ts";

/** A program beside the bot, such as `nlpq doctor`; `npm run` starts it too. */
interface Program {
	readonly usage: string;
	readonly does: string;
	readonly flags: readonly string[];
	/** The most arguments it takes, flags aside. */
	readonly most: number;
}

export const PROGRAMS = {
	backup: {
		usage: "nlpq backup [file]",
		does: "Writes all data to one file, data/backups/nlpq-<instant>.jsonl.gz unless you name another.",
		flags: [],
		most: 1,
	},
	restore: {
		usage: "nlpq restore <file> [--replace]",
		does: "Puts a backup into an empty database; --replace empties it first.",
		flags: ["replace"],
		most: 1,
	},
	doctor: {
		usage: "nlpq doctor [--settings]",
		does: "Says what is wrong with an installation, and the remedy; --settings looks at the settings alone.",
		flags: ["settings"],
		most: 0,
	},
	migrate: {
		usage: "nlpq migrate",
		does: "Applies the missing migrations to the database, and ends.",
		flags: [],
		most: 0,
	},
} as const satisfies Record<string, Program>;
export type ProgramName = keyof typeof PROGRAMS;

export const isProgram = (name: string): name is ProgramName => Object.hasOwn(PROGRAMS, name);

export type Invocation =
	| { readonly type: "help" | "version" }
	| { readonly type: "program"; readonly name: ProgramName | "questions"; readonly rest: readonly string[] }
	| {
			readonly type: "bot";
			readonly json: boolean;
			/** The instant at which the clock is frozen; null for the machine's clock. */
			readonly clock: string | null;
			/** The command to run before the program ends; empty for a conversation. */
			readonly words: readonly string[];
	  };

/** The command line makes no sense; `message` says why, and what to type instead. */
export class UsageError extends Error {}

const FLAGS = ["help", "version", "json", "clock"];
const SHORT: Readonly<Record<string, string>> = { "-h": "help", "-V": "version", "-v": "version" };
const isFlag = (text: string): boolean => /^--?[A-Za-z]/.test(text);

/** @param help what shows the known flags */
export function unknownFlag(flag: string, known: readonly string[], help: string): UsageError {
	const near = nearest(flag.replace(/^-+/, "").replace(/=.*/, ""), known);
	return new UsageError(
		`There is no ${flag}.${near ? ` Did you mean --${near}?` : ""}\n\`${help}\` shows what there is.`,
	);
}

function instantOf(text: string | undefined): string {
	if (text !== undefined && /^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(Date.parse(text)))
		return new Date(text).toISOString();
	throw new UsageError("--clock needs an instant.\nFor example: nlpq --clock 2027-03-08T06:59:00Z");
}

/** The authors' tool, `npm run questions`, shares its name with the admins' commands `questions list` and others. */
export const QUESTIONS_TOOL = {
	words: ["check", "show", "new", "guess", "ratchet"],
	flags: ["folder", "category", "id", "reports"],
} as const;
/** A workspace's own question, such as ours/12: `questions show` is then the admins' command. */
const OWN_NUMBER = /^#?(?:ours\/)?\d+$/i;

/** Whether the arguments after `questions` are for the authors' tool: its flags and words, or the id of the bank. */
function isForAuthors(rest: readonly string[]): boolean {
	const [first = "", second] = rest;
	if (first === "--" || ["--help", "-h"].includes(first)) return true;
	if (first === "show") return second !== undefined && !isFlag(second) && !OWN_NUMBER.test(second);
	const isKnown = (text: string, known: readonly string[]) => known.includes(text);
	if (isKnown(first, QUESTIONS_TOOL.words)) return true;
	return rest.some((word) => isFlag(word) && isKnown(word.slice(2).replace(/=.*/, ""), QUESTIONS_TOOL.flags));
}

/** `nlpq backup -- file` is what one types who knows `npm run backup -- file`. */
const withoutDashes = (rest: readonly string[]): readonly string[] => (rest[0] === "--" ? rest.slice(1) : rest);

/**
 * Parses the program's arguments.
 * @throws UsageError for an unknown flag
 */
export function readArguments(args: readonly string[]): Invocation {
	const bot = { json: false, clock: null as string | null, words: [] as string[] };
	const given = [...args];
	for (let next = given.shift(); next !== undefined; next = given.shift()) {
		if (next === "--") {
			bot.words.push(...given.splice(0));
			break;
		}
		if (!isFlag(next)) {
			if (bot.words.length === 0 && isProgram(next)) return { type: "program", name: next, rest: withoutDashes(given) };
			if (bot.words.length === 0 && next === "questions" && isForAuthors(given))
				return { type: "program", name: next, rest: withoutDashes(given) };
			bot.words.push(next);
			continue;
		}
		const [flag = "", value] = (SHORT[next] ?? next.slice(2)).split("=");
		if (flag === "help" && bot.words.length === 0) return { type: "help" };
		if (flag === "help") return { type: "bot", ...bot, words: ["help", ...bot.words] };
		if (flag === "version") return { type: "version" };
		if (flag === "json") bot.json = true;
		else if (flag === "clock") bot.clock = instantOf(value ?? given.shift());
		else throw unknownFlag(next, FLAGS, "nlpq --help");
	}
	return { type: "bot", ...bot };
}

/**
 * Checks a program's arguments before it does anything.
 * @returns the help to print if it was asked for, otherwise null
 * @throws UsageError for an argument that the program does not take
 */
export function programHelp(name: ProgramName, args: readonly string[]): string | null {
	const { usage, does, flags, most }: Program = PROGRAMS[name];
	if (args.some((arg) => arg === "--help" || arg === "-h")) return `${usage}\n\n${does}\n`;
	const unknown = args.find((arg) => isFlag(arg) && !flags.includes(arg.slice(2)));
	if (unknown !== undefined) throw unknownFlag(unknown, ["help", ...flags], `nlpq ${name} --help`);
	const more = args.filter((arg) => !isFlag(arg));
	if (more.length > most) throw new UsageError(`Unexpected argument "${more[most]}".\nUsage: ${usage}`);
	return null;
}
