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

/** A line of the help: what one types, and what it does. */
const HELP: readonly (readonly [string, string])[] = [
	["nlpq", "opens it in this terminal; with a chat platform's token it serves that platform"],
	["nlpq today", "runs one command and leaves; `nlpq help` lists them all"],
	['nlpq "what is rope"', "searches the questions"],
	["nlpq answer today < file", "takes the answer from a file"],
	["--json", "answers in JSON, a line for each reply"],
	[
		"--clock <instant>",
		"starts with a clock that stands still, such as 2027-03-08T06:59:00Z; `/clock +1d` moves it. Answers keep its dates: give it a folder of its own by NLPQ_DATA_DIR",
	],
	["--help, --version", ""],
	...Object.values(PROGRAMS).map(({ usage, does }) => [usage, does] as const),
];
const TYPED_COLUMNS = 34;
/** What is typed stands on a line of its own in a window narrower than this. */
const BESIDE_COLUMNS = 72;

/** Wraps at words, to lines that begin with `indent`. A word longer than a line stays whole, to be copied. */
function wrapped(text: string, columns: number, indent: string): string {
	const lines: string[] = [];
	for (const word of text.split(" ")) {
		const last = lines.at(-1);
		if (last !== undefined && last.length + 1 + word.length <= columns) lines[lines.length - 1] = `${last} ${word}`;
		else lines.push(indent + word);
	}
	return lines.join("\n");
}

/**
 * What `nlpq --help` prints.
 * @param columns the width of the terminal
 * @param dataFolder where the data lies unless a setting says otherwise
 */
export function helpText(columns: number, dataFolder: string): string {
	const isBeside = columns >= BESIDE_COLUMNS;
	const indent = " ".repeat(isBeside ? TYPED_COLUMNS : 4);
	const line = ([typed, does]: readonly [string, string]) => {
		const text = does === "" ? "" : wrapped(does, columns, indent);
		const begin = isBeside ? `  ${typed}` : wrapped(typed, columns, "  ");
		return isBeside && text !== ""
			? begin.padEnd(TYPED_COLUMNS) + text.slice(TYPED_COLUMNS)
			: [begin, text].filter((part) => part !== "").join("\n");
	};
	const [commands, flags, programs] = [HELP.slice(0, 4), HELP.slice(4, 7), HELP.slice(7)];
	const parts = [commands, flags, programs].map((lines) => lines.map(line).join("\n"));
	const title = "nlpq: practise NLP-engineer interview questions, one a day and as many as you like";
	const data = `Your data lies in the folder ${dataFolder} (NLPQ_DATA_DIR names another folder), or on the server of DATABASE_URL.`;
	return `${[wrapped(title, columns, ""), ...parts, wrapped(data, columns, "")].join("\n\n")}\n`;
}

export type Invocation =
	| { readonly type: "help" | "version" }
	| { readonly type: "program"; readonly name: ProgramName; readonly rest: readonly string[] }
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

function unknownFlag(flag: string, known: readonly string[], help: string): UsageError {
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
			if (bot.words.length === 0 && isProgram(next)) return { type: "program", name: next, rest: given };
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
