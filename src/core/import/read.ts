import { UserError } from "../errors.ts";
import { checkDraft, type OwnContent, sameQuestionKey } from "../question/own.ts";
import { readAnki, readPairs } from "./anki.ts";
import type { ReadFault, ReadFile } from "./draft.ts";
import { readGift } from "./gift.ts";
import { readMarkdown } from "./markdown.ts";
import { readAiken, readBareTable, readFlashcards, readParagraphs } from "./plain.ts";
import { readRecords } from "./records.ts";
import { readTable } from "./table.ts";

/** The most questions in one file. */
const MAX_QUESTIONS = 2_000;

export interface ReadImport {
	readonly good: readonly OwnContent[];
	/** In the order of the lines. */
	readonly faults: readonly ReadFault[];
	/** How many questions repeat an earlier one of the file. The earlier one is in `good`. */
	readonly repeated: number;
}

const nothing = () =>
	new UserError(
		"No question was found in it. Nothing was changed.",
		"It takes CSV whose first line names the columns (question, answer, …), Anki's Notes in Plain Text, Moodle's GIFT and Aiken, the bank's YAML, JSON, or Markdown with questions as headings.",
	);

/** A record or a list of records. Only a text that matches is parsed as YAML. */
const YAML = /^(?:---\s*\n)?(?:\s*#.*\n)*\s*(?:-\s+)?(?:id|title|prompt|questions|revision|answer)\s*:(?:\s|$)/;

const parses = (text: string): boolean => {
	try {
		return typeof JSON.parse(text) === "object";
	} catch {
		return false;
	}
};

/** Returns JSON, which the YAML parser can read; joins one record per line to a list. Null when the text is not JSON. */
function jsonOf(text: string): string | null {
	if (!/^\s*[[{]/.test(text)) return null;
	if (parses(text)) return text;
	const lines = text.trimEnd().split("\n");
	return lines.every((line) => line.trim() === "" || parses(line))
		? `[${lines.map((line) => (line.trim() === "" ? line : `${line},`)).join("\n")}]`
		: null;
}

function readAny(text: string, isTaken: (id: string) => boolean): ReadFile | null {
	const json = jsonOf(text);
	if (json) return readRecords(json, isTaken);
	return (
		readAnki(text) ??
		(YAML.test(text) ? readRecords(text, isTaken) : null) ??
		readTable(text, isTaken) ??
		readPairs(text) ??
		readBareTable(text) ??
		readMarkdown(text) ??
		readAiken(text) ??
		readGift(text) ??
		readFlashcards(text) ??
		readParagraphs(text)
	);
}

/**
 * Reads questions from a text in any supported format, and validates each as a suggestion is validated.
 * @param isTaken whether the bank has this id
 * @throws UserError when it finds none, or too many
 */
export function readQuestions(text: string, isTaken: (id: string) => boolean): ReadImport {
	const read = text.trim() === "" ? null : readAny(text.replaceAll(/\r\n?/g, "\n"), isTaken);
	if (!read || read.questions.length + read.faults.length === 0) throw nothing();
	if (read.questions.length > MAX_QUESTIONS)
		throw new UserError(
			`It has ${read.questions.length} questions; at most ${MAX_QUESTIONS} are taken. Nothing was changed.`,
			"Import a part of them.",
		);
	const good = new Map<string, OwnContent>();
	const faults = [...read.faults];
	let repeated = 0;
	for (const { line, draft } of read.questions) {
		const found = checkDraft(draft);
		if ("faults" in found)
			faults.push({ line, message: found.faults.map(({ field, message }) => `${field}: ${message}`).join("; ") });
		else if (good.has(sameQuestionKey(found.content))) repeated += 1;
		else good.set(sameQuestionKey(found.content), found.content);
	}
	return { good: [...good.values()], faults: faults.sort((a, b) => a.line - b.line), repeated };
}
