import { CsvError, parse } from "csv-parse/sync";
import { decode } from "html-entities";
import { optionsOf, pointsOf } from "../question/own.ts";
import { type ReadFile, titleFrom } from "./draft.ts";

/** Converts a field that Anki stores as HTML to plain text. */
export function plainText(html: string): string {
	const lines = html
		.replaceAll(/<\/div>\s*<div\b[^>]*>|<div\b[^>]*>/gi, "\n")
		.replaceAll(/<(?:br|hr)\s*\/?>|<\/(?:div|p|li|tr|h[1-6])>/gi, "\n")
		.replaceAll(/<li\b[^>]*>/gi, "- ")
		.replaceAll(/\[sound:[^\]]*\]/g, "")
		.replaceAll(/<[a-z/!][^>]*>/gi, "");
	return decode(lines)
		.replaceAll("\u00a0", " ")
		.replaceAll(/[^\S\n]+\n/g, "\n")
		.replaceAll(/\n{3,}/g, "\n\n")
		.trim();
}

const SEPARATORS: Readonly<Record<string, string>> = {
	tab: "\t",
	comma: ",",
	semicolon: ";",
	space: " ",
	pipe: "|",
	colon: ":",
};

interface Head {
	readonly separator: string;
	readonly isHtml: boolean;
	/** Indexes, from 0, of columns that are not fields of the note. */
	readonly special: ReadonlySet<number>;
	/** Column names, lower case; empty when the file has none. */
	readonly names: readonly string[];
	readonly lines: number;
}

function headOf(text: string): Head | null {
	const special = new Set<number>();
	let [separator, isHtml, lines]: [string, boolean, number] = ["\t", false, 0];
	let names: string[] = [];
	for (const line of text.split("\n")) {
		const [, key = "", value = ""] = /^#([a-z ]+):(.*)$/i.exec(line.trimEnd()) ?? [];
		if (key === "") break;
		lines += 1;
		const name = key.toLowerCase();
		if (name === "separator") separator = SEPARATORS[value.trim().toLowerCase()] ?? (value || "\t");
		if (name === "html") isHtml = value.trim() === "true";
		if (name === "columns") names = value.split(separator).map((column) => column.trim().toLowerCase());
		if (/^(guid|notetype|deck|tags) column$/.test(name)) special.add(Number(value) - 1);
	}
	return lines === 0 ? null : { separator, isHtml, special, names, lines };
}

const CLOZE = /\{\{c\d+::([\s\S]*?)(?:::([\s\S]*?))?\}\}/g;

/** A cloze note: the prompt shows gaps, the answer is the full text plus the note's back. */
function clozeOf(front: string, back: string): { front: string; back: string } {
	const asked = front.replaceAll(CLOZE, (_whole, _said, hint?: string) => (hint ? `[… ${hint}]` : "[…]"));
	if (asked === front) return { front, back };
	const whole = front.replaceAll(CLOZE, "$1");
	return { front: asked, back: back.trim() === "" ? whole : `${whole}\n\n${back}` };
}

/** Reads front and back, and other columns if the file names them. */
function draftOf(fields: readonly string[], names: readonly string[]) {
	const field = (name: string, place: number) => fields[names.length > 0 ? names.indexOf(name) : place] ?? "";
	const [one = "", other = ""] = names.includes("front") ? [field("front", 0), field("back", 1)] : fields;
	const { front, back } = clozeOf(one, other);
	return {
		title: (names.includes("title") && field("title", -1)) || titleFrom(front),
		prompt: front,
		answer: back,
		key_points: pointsOf(names.includes("key points") ? field("key points", -1) : ""),
		options: optionsOf(names.includes("options") ? field("options", -1) : ""),
	};
}

/** Reads cards without a header, as older versions of Anki export them: one per line, with a tab between front and back. */
export function readPairs(text: string): ReadFile | null {
	const lines = text.split("\n");
	const used = lines.filter((line) => line.trim() !== "");
	if (used.length === 0 || !used.every((line) => line.includes("\t"))) return null;
	return readAnki(`#html:${/<\w|&\w+;/.test(text)}\n${text}`, -1);
}

/**
 * Reads Anki's "Notes in Plain Text" or "Cards in Plain Text"; null when the text is neither.
 * @param above how many lines of the file precede this text; -1 if the text has one line that the file lacks
 */
export function readAnki(text: string, above = 0): ReadFile | null {
	const head = headOf(text);
	if (!head) return null;
	const body = text.split("\n").slice(head.lines).join("\n");
	try {
		const rows = parse(body, {
			delimiter: head.separator,
			relax_quotes: true,
			relax_column_count: true,
			skip_empty_lines: false,
			info: true,
		}) as unknown as { record: string[]; info: { lines: number } }[];
		let before = head.lines;
		const questions = rows.flatMap(({ record, info }) => {
			const line = before + 1 + above;
			before = head.lines + info.lines;
			const keep = (_value: string, index: number) => !head.special.has(index);
			const fields = record.filter(keep).map((value) => (head.isHtml ? plainText(value) : value.trim()));
			if (fields.every((value) => value === "")) return [];
			return [{ line, draft: draftOf(fields, head.names.filter(keep)) }];
		});
		return { questions, faults: [] };
	} catch (error) {
		if (!(error instanceof CsvError)) throw error;
		const line = head.lines + Number(error.lines ?? 1);
		return { questions: [], faults: [{ line, message: "a quote is opened and not closed" }] };
	}
}
