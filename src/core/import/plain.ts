/** Reads texts without a header or markup, as people type them into a note. */
import { type ReadFile, type ReadQuestion, titleFrom } from "./draft.ts";
import { type Block, blocksOf, type Row, rowsOf } from "./rows.ts";

const trimmedBlocks = (text: string): Block[] =>
	blocksOf(text).map(({ line, lines }) => ({ line, lines: lines.map((each) => each.trim()) }));

const fileOf = (questions: readonly ReadQuestion[]): ReadFile | null =>
	questions.length === 0 ? null : { questions, faults: [] };

const questionOf = (line: number, prompt: string, answer: string): ReadQuestion => ({
	line,
	draft: { title: titleFrom(prompt), prompt, answer },
});

const LETTERED = /^([A-Z])[.)]\s*(.*)$/;
const KEY = /^ANSWER:\s*([A-Z])$/i;

/** Reads Moodle's Aiken: a question, options with letters, and "ANSWER: B". */
export function readAiken(text: string): ReadFile | null {
	return fileOf(
		trimmedBlocks(text).flatMap(({ line, lines }): ReadQuestion[] => {
			const [, key = ""] = KEY.exec(lines.at(-1) ?? "") ?? [];
			const first = lines.findIndex((each) => LETTERED.test(each));
			if (key === "" || first < 1) return [];
			const options = lines.slice(first, -1).map((each) => {
				const [, letter = "", option = each] = LETTERED.exec(each) ?? [];
				return { text: option, correct: letter === key.toUpperCase() };
			});
			const { draft } = questionOf(
				line,
				lines.slice(0, first).join("\n"),
				options.find(({ correct }) => correct)?.text ?? "",
			);
			return [{ line, draft: { ...draft, options } }];
		}),
	);
}

/** Reads notes for spaced repetition: "front::back" on one line, or a front, a line with "?", and a back. */
export function readFlashcards(text: string): ReadFile | null {
	const inLine = text.split("\n").flatMap((each, index) => {
		const [, front = "", back = ""] = /^(?:[-*+]\s+)?(.+?)\s*(?:::|>>)\s*(\S.*)$/.exec(each.trim()) ?? [];
		return front === "" || back === "" ? [] : [questionOf(index + 1, front, back)];
	});
	const inBlocks = trimmedBlocks(text).flatMap(({ line, lines }) => {
		const mark = lines.indexOf("?");
		return mark < 1 ? [] : [questionOf(line, lines.slice(0, mark).join("\n"), lines.slice(mark + 1).join("\n"))];
	});
	return fileOf([...inLine, ...inBlocks].sort((a, b) => a.line - b.line));
}

const isQuestion = (text: string | undefined) => text?.trimEnd().endsWith("?") ?? false;

/** Reads paragraphs that start with a question and continue with its answer; null unless all of them do. */
export function readParagraphs(text: string): ReadFile | null {
	const blocks = trimmedBlocks(text);
	const areAll = blocks.every(({ lines: [first, ...rest] }) => isQuestion(first) && rest.length > 0);
	if (!areAll) return null;
	return fileOf(blocks.map(({ line, lines: [first = "", ...rest] }) => questionOf(line, first, rest.join("\n"))));
}

/** Reads a table of questions and answers without a header; null unless every row is such a pair. */
export function readBareTable(text: string): ReadFile | null {
	for (const delimiter of [",", ";"]) {
		const rows = parsedRows(text, delimiter);
		const used = rows.filter(({ cells }) => cells.some((cell) => cell.trim() !== ""));
		if (
			used.length === 0 ||
			!used.every(
				({ cells: [front, back, ...rest] }) => isQuestion(front) && back && rest.every((cell) => cell.trim() === ""),
			)
		)
			continue;
		return fileOf(used.map(({ line, cells: [front = "", back = ""] }) => questionOf(line, front.trim(), back.trim())));
	}
	return null;
}

/** Returns no rows if a quote is never closed: the text is then not a table. */
function parsedRows(text: string, delimiter: string): Row[] {
	try {
		return rowsOf(text, delimiter);
	} catch {
		return [];
	}
}
