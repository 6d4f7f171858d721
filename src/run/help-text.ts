/** What `nlpq --help` prints. */
import wrapAnsi from "wrap-ansi";
import { PROGRAMS } from "../cli.ts";

/** What one types, and what it does. */
type HelpLine = readonly [typed: string, does: string];

const COMMANDS: readonly HelpLine[] = [
	["nlpq", "opens it in this terminal; with a chat platform's token it serves that platform"],
	["nlpq today", "runs one command and leaves; `nlpq help` lists them all"],
	['nlpq "what is rope"', "searches the questions"],
	["nlpq answer today < file", "takes the answer from a file"],
];
const FLAGS: readonly HelpLine[] = [
	["--json", "answers in JSON, a line for each reply"],
	[
		"--clock <instant>",
		"starts with a clock that stands still, such as 2027-03-08T06:59:00Z; `/clock +1d` moves it. Answers keep its dates: give it a folder of its own by NLPQ_DATA_DIR",
	],
	["--help, --version", ""],
];
const TYPED_COLUMNS = 34;
/** What is typed stands on a line of its own in a window narrower than this. */
const MIN_COLUMNS_FOR_TWO = 72;

/** Wraps at words, to lines that begin with `indent`. A word longer than a line stays whole, to be copied. */
const wrapped = (text: string, columns: number, indent: string): string =>
	wrapAnsi(text, columns - indent.length).replace(/^/gm, indent);

function lineText([typed, does]: HelpLine, columns: number): string {
	if (does === "") return wrapped(typed, columns, "  ");
	if (columns < MIN_COLUMNS_FOR_TWO) return `${wrapped(typed, columns, "  ")}\n${wrapped(does, columns, "    ")}`;
	return `  ${typed}`.padEnd(TYPED_COLUMNS) + wrapped(does, columns, " ".repeat(TYPED_COLUMNS)).trimStart();
}

/**
 * @param columns the width of the terminal
 * @param dataFolder where the data lies unless a setting says otherwise
 */
export function helpText(columns: number, dataFolder: string): string {
	const programs = Object.values(PROGRAMS).map(({ usage, does }): HelpLine => [usage, does]);
	programs.push([
		"nlpq questions check|--reports",
		"The authors' tool; `nlpq questions --help` has all of it. `nlpq questions` alone lists your workspace's own questions.",
	]);
	const parts = [COMMANDS, FLAGS, programs].map((lines) => lines.map((line) => lineText(line, columns)).join("\n"));
	const title = "nlpq: practise NLP-engineer interview questions, one a day and as many as you like";
	const data = `Your data lies in the folder ${dataFolder} (NLPQ_DATA_DIR names another folder), or on the server of DATABASE_URL.`;
	return `${[wrapped(title, columns, ""), ...parts, wrapped(data, columns, "")].join("\n\n")}\n`;
}
