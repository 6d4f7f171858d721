import type { OwnDraft } from "../question/own.ts";
import { type ReadFile, type ReadQuestion, titleFrom } from "./draft.ts";

interface Entry {
	readonly line: number;
	readonly prompt: string;
	readonly body: string[];
}

const QUESTION = /^\s*(?:[-*+]\s+|\d+[.)]\s+)?(?:\*\*|__)?(?:q|question)\s*\d*\s*[:.)](?:\*\*|__)?\s*(.*)$/i;
const ANSWER = /^\s*(?:[-*+]\s+)?(?:\*\*|__)?(?:a|answer)\s*\d*\s*[:.)](?:\*\*|__)?\s*(.*)$/i;
const HEADING = /^#{1,6}\s+(.*?)\s*#*$/;
const ITEM = /^(?:[-*+]|\d+[.)])\s+(.*)$/;
const OPTION = /^\s*[-*+]\s+\[([ xX])\]\s+(.*)$/;

const unmarked = (text: string) => text.trim().replace(/^(\*\*|__)(.*)\1$/, "$2");

/** Entries that begin with "Q:" and go on with "A:". */
function byLetters(lines: readonly string[]): Entry[] {
	const entries: Entry[] = [];
	let inAnswer = false;
	for (const [index, text] of lines.entries()) {
		const question = QUESTION.exec(text);
		const last = entries.at(-1);
		if (question) {
			entries.push({ line: index + 1, prompt: unmarked((question[1] ?? "").replace(/(\*\*|__)$/, "")), body: [] });
			inAnswer = false;
		} else if (last) {
			const answer = inAnswer ? null : ANSWER.exec(text);
			if (answer) inAnswer = true;
			const said = answer ? (answer[1] ?? "") : text.replace(/^ {1,4}/, "");
			if (inAnswer || OPTION.test(text)) last.body.push(said);
			else if (text.trim() !== "") entries[entries.length - 1] = { ...last, prompt: `${last.prompt}\n${text.trim()}` };
		}
	}
	return entries;
}

/** Entries that a pattern begins, with what stands below each. */
function byPattern(lines: readonly string[], pattern: RegExp): Entry[] {
	const entries: Entry[] = [];
	for (const [index, text] of lines.entries()) {
		const begun = OPTION.test(text) ? null : pattern.exec(text);
		if (begun) entries.push({ line: index + 1, prompt: unmarked(begun[1] ?? ""), body: [] });
		else entries.at(-1)?.body.push(text.replace(/^(?: {1,4}|\t)/, ""));
	}
	return entries;
}

function questionOf({ line, prompt, body }: Entry): ReadQuestion {
	const options: NonNullable<OwnDraft["options"]> = [];
	const answer: string[] = [];
	for (const text of body) {
		const [, mark, option] = OPTION.exec(text) ?? [];
		if (option === undefined) answer.push(text);
		else options.push({ text: option.trim(), correct: mark !== " " });
	}
	const said = answer.join("\n").trim();
	const right = options.find(({ correct }) => correct)?.text ?? "";
	return { line, draft: { title: titleFrom(prompt), prompt, answer: said || right, options } };
}

/** Questions with answers of a Markdown text: "Q:" and "A:", headings, or list items; null when it has none. */
export function readMarkdown(text: string): ReadFile | null {
	const lines = text.split(/\r\n|\n|\r/);
	const ways = [byLetters(lines), byPattern(lines, HEADING), byPattern(lines, ITEM)];
	// A heading above everything, such as the file's own, asks nothing.
	const asked = ways.map((entries) => entries.filter(({ body }) => body.some((line) => line.trim() !== "")));
	const entries = asked.find((some) => some.length > 0);
	return entries ? { questions: entries.map(questionOf), faults: [] } : null;
}
