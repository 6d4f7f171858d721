import { UserError } from "../errors.ts";
import { checkDraft, type OwnContent, sameQuestionKey } from "../question/own.ts";
import { readAnki, readPairs } from "./anki.ts";
import type { ReadFault, ReadFile } from "./draft.ts";
import { readMarkdown } from "./markdown.ts";
import { readRecords } from "./records.ts";
import { readTable } from "./table.ts";

/** Questions of one file at most. */
const MOST_QUESTIONS = 2_000;

export interface ReadImport {
	readonly good: readonly OwnContent[];
	/** In the order of the lines. */
	readonly faults: readonly ReadFault[];
	/** Those that the file has twice; the first of each is among the good ones. */
	readonly repeated: number;
}

const nothing = () =>
	new UserError(
		"No question was found in it. Nothing was changed.",
		"It takes CSV whose first line names the columns (question, answer, …), the bank's YAML, Anki's Notes in Plain Text, or Markdown with questions as headings.",
	);

/** Looks like a record or a list of records: only then is a text read as YAML. */
const YAML = /^(?:---\s*\n)?(?:\s*#.*\n)*\s*(?:-\s+)?(?:id|title|prompt|revision|answer)\s*:/;

function readAny(text: string, isTaken: (id: string) => boolean): ReadFile | null {
	return (
		readAnki(text) ??
		(YAML.test(text) ? readRecords(text, isTaken) : null) ??
		readTable(text) ??
		readPairs(text) ??
		readMarkdown(text)
	);
}

/**
 * The questions of a text in any of the formats that are taken, each checked as a suggestion is.
 * @param isTaken whether an id is one of the bank's
 * @throws UserError when there is none, or too many
 */
export function readQuestions(text: string, isTaken: (id: string) => boolean): ReadImport {
	const read = text.trim() === "" ? null : readAny(text.replaceAll(/\r\n?/g, "\n"), isTaken);
	if (!read || read.questions.length + read.faults.length === 0) throw nothing();
	if (read.questions.length > MOST_QUESTIONS)
		throw new UserError(
			`It has ${read.questions.length} questions; at most ${MOST_QUESTIONS} are taken. Nothing was changed.`,
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
