import { stringify } from "yaml";
import { type DraftParts, type OwnContent, partsOf, pointLines } from "../question/own.ts";
import { checklistOf, type Question } from "../question/question.ts";

export const EXPORT_FORMATS = ["yaml", "csv", "anki"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** A question to export. Its id is the same in every export. */
export interface Written {
	readonly id: string;
	readonly content: OwnContent;
}

const isSaid = (value: unknown): boolean =>
	!(value === undefined || value === "" || (Array.isArray(value) && value.length === 0));

/** A record without its empty fields. */
function recordOf({ id, content }: Written): Record<string, unknown> {
	const { options, ...rest } = content;
	const filled = Object.entries({ id, ...rest }).filter(([, value]) => isSaid(value));
	if (options.length === 0) return Object.fromEntries(filled);
	const shown = options.map(({ text, correct, why }) => ({
		text,
		...(correct ? { correct } : {}),
		...(why === "" ? {} : { why }),
	}));
	return { ...Object.fromEntries(filled), options: shown };
}

/** Adds an apostrophe to a text whose first character would make a spreadsheet read it as a formula. */
const guarded = (text: string) => (/^'*[=+\-@\t]/.test(text) ? `'${text}` : text);
const cell = (text: string) => `"${guarded(text).replaceAll('"', '""')}"`;

const HEADER = ["id", "title", "prompt", "exhibit", "answer", "key points", "options", "hint", "explanation", "stem"];

function csvRow({ id, content }: Written): string {
	const { points, options } = partsOf(content);
	const { title, prompt, exhibit = "", answer, hint, explanation, stem, category, difficulty, minutes } = content;
	const cells = [id, title, prompt, exhibit, answer, points, options, hint, explanation, stem];
	return [...cells, category, difficulty, String(minutes)].map(cell).join(",");
}

const escapes: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "\n": "<br>" };
const inHtml = (text: string) => text.replaceAll(/[&<>\n]/g, (sign) => escapes[sign] ?? sign);
const quoted = (markup: string) => `"${markup.replaceAll('"', '""')}"`;
const html = (text: string) => quoted(inHtml(text));

interface Note {
	/** The same in every export, so that Anki updates the note instead of adding another. */
	readonly id: string;
	readonly parts: DraftParts;
	/** Monospaced text below the prompt; empty if there is none. */
	readonly exhibit: string;
}

/** Anki's text format: one note per line. */
function ankiText(notes: readonly Note[]): string {
	const head = [
		"#separator:tab",
		"#html:true",
		"#guid column:1",
		"#deck column:2",
		`#columns:${["guid", "deck", "title", "front", "back", "key points", "options"].join("\t")}`,
	];
	const rows = notes.map(({ id, parts, exhibit }) => {
		const front = exhibit === "" ? html(parts.prompt) : quoted(`${inHtml(parts.prompt)}<pre>${inHtml(exhibit)}</pre>`);
		const back = [parts.answer, parts.points, parts.options].map(html);
		return [html(`nlpq-${id}`), html("nlpq"), html(parts.title), front, ...back].join("\t");
	});
	return `${[...head, ...rows].join("\n")}\n`;
}

/** A member's deck for Anki. Contains the questions but not the member's memory of them. */
export function memberDeck(questions: readonly Question[]): string {
	return ankiText(
		questions.map((question) => ({
			id: question.id,
			exhibit: question.exhibit ?? "",
			parts: {
				title: question.title,
				prompt: question.prompt,
				answer: question.answer,
				points: pointLines(checklistOf(question)),
				options: "",
			},
		})),
	);
}

/** Writes a workspace's own questions in a format that can be imported again. */
export function writeQuestions(questions: readonly Written[], format: ExportFormat): string {
	switch (format) {
		case "yaml":
			return stringify(questions.map(recordOf), { lineWidth: 0 });
		case "csv": {
			const header = [...HEADER, "category", "difficulty", "minutes"].map(cell).join(",");
			return `\ufeff${[header, ...questions.map(csvRow)].join("\r\n")}\r\n`;
		}
		case "anki":
			return ankiText(questions.map(({ id, content }) => ({ id, parts: partsOf(content), exhibit: "" })));
	}
}
