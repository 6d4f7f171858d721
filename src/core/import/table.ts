import { CsvError } from "csv-parse/sync";
import { type OwnContent, type OwnDraft, optionsOf, pointsOf, withoutMarkers } from "../question/own.ts";
import { OPTION_LETTERS } from "../question/question.ts";
import {
	bankFault,
	isRight,
	type ReadFault,
	type ReadFile,
	type ReadQuestion,
	rightFault,
	titleFrom,
} from "./draft.ts";
import { type Row, rowsOf } from "./rows.ts";

type Column =
	| "id"
	| "title"
	| "prompt"
	| "exhibit"
	| "answer"
	| "points"
	| "options"
	| "correct"
	| "hint"
	| "explanation"
	| "stem"
	| "category"
	| "difficulty"
	| "minutes"
	| `option ${number}`;

/** Patterns for column names, tried in this order: other programs' names contain ours. */
const NAMES: readonly (readonly [RegExp, Column | null])[] = [
	[/^question (#|no|nr|number|id|type|image)\b|^question #/, null],
	[/^id$/, "id"],
	[/^(correct|right|solution|richtige|bonne|correcta|corretta)\b/, "correct"],
	[/^(options|choices)$/, "options"],
	[/^key[ _]?points?\b|^points$|^criteria$/, "points"],
	[/^title$|^topic$|^name of the question$/, "title"],
	[/^(category|deck)$/, "category"],
	[/^(difficulty|level)$/, "difficulty"],
	[/^minutes$/, "minutes"],
	[/^hint$/, "hint"],
	[/^(explanation|feedback)$/, "explanation"],
	[/^stem$/, "stem"],
	[/^exhibit$/, "exhibit"],
	[/^(the |your |model |strong )?answer$|^(back|definition)$|^(antwort|réponse|reponse|respuesta|risposta)$/, "answer"],
	[/^(prompt|front|term|frage|pregunta|domanda)$|\bquestion\b/, "prompt"],
	// A form's wording, such as "What is the answer?".
	[/\banswer$/, "answer"],
];

/** Matches `answer 2`, `option b`, `choice 3`, or a single letter or digit. */
function optionColumn(name: string): Column | null {
	const [, place = ""] =
		/^(?:(?:answer|option|choice|antwort|réponse|respuesta|risposta)[ _]?)?([a-f1-6])$/.exec(name) ?? [];
	if (place === "") return null;
	return `option ${/\d/.test(place) ? Number(place) : place.charCodeAt(0) - 96}`;
}

function columnOf(cell: string): Column | null {
	// Templates add to the name: "Answer 1 - max 75 characters", "Key points (one a line)".
	const [name = ""] = cell
		.trim()
		.toLowerCase()
		.split(/\s+[-–—]\s+|\s*[(:?]/);
	const option = optionColumn(name);
	if (option) return option;
	return NAMES.find(([pattern]) => pattern.test(name))?.[1] ?? null;
}

/** The columns of a possible header line. Some tables have the question in a column called title or name. */
function columnsOf(cells: readonly string[]): (Column | null)[] {
	const columns = cells.map(columnOf);
	if (columns.includes("prompt") || !columns.includes("answer")) return columns;
	const names = cells.map((cell) => cell.trim().toLowerCase() === "name");
	const asks = columns.includes("title") ? columns.indexOf("title") : names.indexOf(true);
	return columns.map((column, index) => (index === asks ? "prompt" : column));
}

/** The most options per question in other programs' tables. */
const MAX_OPTIONS = 6;

const SEPARATORS = [",", ";", "\t", "|"] as const;
/** How many lines to search for a header: templates put introductory text above it. */
const MAX_HEADER_LINE = 12;

/** Stands in for an escaped bar inside a cell of a Markdown table while the cells are split. */
const INNER_BAR = "\u0001";

function linesOf(text: string, separator: string): Row[] {
	const isMarkdown = separator === "|" && /^\s*\|/m.test(text);
	if (!isMarkdown) return rowsOf(text, separator);
	const rows = rowsOf(text.replaceAll("\\|", INNER_BAR), separator, { quote: null });
	return rows.map(({ line, cells }) => ({ line, cells: cells.map(ofMarkdown) }));
}

const ofMarkdown = (cell: string) => cell.replaceAll(INNER_BAR, "|").replaceAll(/\s*<br\s*\/?>\s*/gi, "\n");

interface Table {
	readonly separator: string;
	readonly columns: readonly (Column | null)[];
	readonly rows: readonly Row[];
}

/** Parses the table with the separator that yields the most known columns; null when no line is a header. */
function tableOf(text: string): Table | ReadFault | null {
	let best: (Table & { readonly known: number }) | null = null;
	let broken: ReadFault | null = null;
	for (const separator of SEPARATORS) {
		let lines: Row[];
		try {
			lines = linesOf(text, separator);
		} catch (error) {
			if (!(error instanceof CsvError)) throw error;
			const [, opened] = /at line (\d+)/.exec(error.message) ?? [];
			broken ??= { line: Number(opened ?? error.lines ?? 1), message: "a quote is opened and not closed" };
			continue;
		}
		for (const [index, { cells }] of lines.slice(0, MAX_HEADER_LINE).entries()) {
			const columns = columnsOf(cells);
			const known = new Set(columns.filter((column) => column !== null)).size;
			if (!columns.includes("prompt") || known < 2 || (best && best.known >= known)) continue;
			best = { separator, columns, rows: lines.slice(index + 1), known };
		}
	}
	return best ?? broken;
}

/** The rule below the header of a Markdown table. */
const RULE = /^:?-+:?$/;
/** A cell that a spreadsheet would evaluate. */
const FORMULA = /^=(?![\s=>])|^=\s*[A-Z][A-Z0-9.]*\s*\(|^[+@-]\s*[A-Z][A-Z0-9.]*\(/i;
/** The apostrophe that an export adds to a text that a spreadsheet would read as a formula. */
const GUARD = /^'(?='*[=+\-@\t])/;

/** Splits the options in one cell: one per line, or all on one line separated by semicolons or bars. */
function optionLines(text: string): string {
	const [one = "", ...more] = text.trim().split("\n");
	if (more.length > 0) return text;
	const parts = [";", "|"].map((sign) => one.split(sign)).find(({ length }) => length === OPTION_LETTERS.length);
	return parts?.join("\n") ?? text;
}

function optionsIn(cell: (column: Column) => string): OwnContent["options"] {
	const columns = Array.from({ length: MAX_OPTIONS }, (_, index) => cell(`option ${index + 1}`));
	const filled = columns.filter((text) => text !== "");
	const texts = withoutMarkers(filled.map((text) => text.replace(/^\*\s*/, "")));
	const options =
		filled.length === 0
			? optionsOf(optionLines(cell("options")))
			: texts.map((text, index) => ({ text, correct: filled[index]?.startsWith("*") ?? false, why: "" }));
	const isMarked = options.some(({ correct }) => correct);
	const correct = cell("correct") || (isMarked ? "" : cell("answer"));
	return options.map((option, index) => ({
		...option,
		correct: option.correct || isRight(correct, option.text, index),
	}));
}

/** Other programs' names for our levels. */
const LEVELS: Readonly<Record<string, string>> = {
	easy: "basic",
	beginner: "basic",
	medium: "intermediate",
	hard: "advanced",
	difficult: "advanced",
	expert: "advanced",
};

function draftOf(cell: (column: Column) => string, options: OwnContent["options"]): OwnDraft {
	const prompt = cell("prompt");
	const right = options.find(({ correct }) => correct)?.text ?? "";
	// In a quiz, a bare number of "points" is the question's score.
	const points = /^\d+(?:[.,]\d+)?$/.test(cell("points")) ? "" : cell("points");
	const explanation = cell("explanation");
	const isNamed =
		cell("correct") === "" &&
		cell("option 1") !== "" &&
		options.some(({ correct, text }, index) => correct && isRight(cell("answer"), text, index));
	const optional = (name: "hint" | "stem" | "exhibit") => (cell(name) === "" ? {} : { [name]: cell(name) });
	const [category, difficulty, minutes] = [cell("category"), cell("difficulty"), cell("minutes")];
	const draft = {
		title: cell("title") || titleFrom(prompt),
		prompt,
		// A quiz has no answer besides its right option.
		answer: (isNamed ? "" : cell("answer")) || [right, explanation].filter((part) => part !== "").join(". "),
		key_points: pointsOf(points),
		options,
		explanation,
		...optional("hint"),
		...optional("stem"),
		...optional("exhibit"),
		...(category === "" ? {} : { category: category.toLowerCase() }),
		...(difficulty === "" ? {} : { difficulty: LEVELS[difficulty.toLowerCase()] ?? difficulty.toLowerCase() }),
		...(minutes === "" ? {} : { minutes: Number(minutes) }),
	};
	// `checkDraft` rejects unknown values later.
	return draft as OwnDraft;
}

const SEPARATOR_NAMES: Readonly<Record<string, string>> = { ",": "comma", ";": "semicolon", "\t": "tab", "|": "bar" };

/** Why a row cannot be imported; null if it can. */
function rowFault({ separator, columns }: Table, cells: readonly string[], used: readonly string[]): string | null {
	const isShifted = cells.slice(columns.length).some((text) => text.trim() !== "");
	if (isShifted)
		return `it has ${cells.length} cells, the header ${columns.length}: put quotes around a text with a ${SEPARATOR_NAMES[separator]} in it`;
	return used.some((text) => FORMULA.test(text.trim())) ? "a cell holds a formula: save its value as text" : null;
}

/**
 * Reads questions from a table; null when no line is a header.
 * @param isTaken whether the bank has this id
 */
export function readTable(text: string, isTaken: (id: string) => boolean): ReadFile | null {
	const table = tableOf(text);
	if (!table) return null;
	if ("message" in table) return { questions: [], faults: [table] };
	const questions: ReadQuestion[] = [];
	const faults: ReadFault[] = [];
	for (const { cells, line } of table.rows) {
		const cell = (column: Column) => (cells[table.columns.indexOf(column)] ?? "").trim().replace(GUARD, "");
		const used = cells.filter((text, index) => table.columns[index] !== null && text.trim() !== "");
		if (used.length === 0 || used.every((text) => RULE.test(text.trim()))) continue;
		const fault = rowFault(table, cells, used) ?? (isTaken(cell("id")) ? bankFault(cell("id")) : null);
		if (fault) faults.push({ line, message: fault });
		else {
			const options = optionsIn(cell);
			// `checkDraft` reports too few or too many options later.
			const wrong = options.length === OPTION_LETTERS.length ? rightFault(cell("correct"), options) : null;
			if (wrong === null) questions.push({ line, draft: draftOf(cell, options) });
			else faults.push({ line, message: wrong });
		}
	}
	return { questions, faults };
}
