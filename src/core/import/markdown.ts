import type { OwnDraft } from "../question/own.ts";
import { isRight, type ReadFile, type ReadQuestion, titleFrom } from "./draft.ts";

interface Entry {
	readonly line: number;
	readonly prompt: string;
	readonly body: string[];
}

type Options = NonNullable<OwnDraft["options"]>;

const QUESTION = /^\s*(?:[-*+]\s+|\d+[.)]\s+)?(?:\*\*|__)?(?:q|question)\s*\d*\s*[:.)](?:\*\*|__)?\s*(.*)$/i;
/** A lone "A" needs a colon, because "A)" and "A." mark options. */
const ANSWER =
	/^\s*(?:[-*+]\s+)?(?:\*\*|__)?(?:a\s*\d*\s*:|(?:(?:correct|right)\s+)?answer\s*\d*\s*[:.)])(?:\*\*|__)?\s*(.*)$/i;
const HEADING = /^#{1,6}\s+(.*?)\s*#*$/;
const ITEM = /^(?:[-*+]|\d+[.)])\s+(.*)$/;
const BOLD = /^(?:\*\*|__)(.+?)(?:\*\*|__)\s*:?\s*$/;
const BULLET = /^\s*[-*+]\s+(.*)$/;
const TASK = /^\s*[-*+]\s+\[([ xX])\]\s+(.*)$/;
const LETTERED = /^\s*(?:[-*+]\s+)?(?:\*\*|__)?\(?([A-Da-d])[.)](?:\*\*|__)?\s+(.*)$/;
const RULE = /^\s*(?:-{3,}|\*{3,}|_{3,})\s*$/;

const unmarked = (text: string) => text.trim().replace(/^(\*\*|__)((?:(?!\1)[\s\S])*)\1$/, "$2");

/** Splits lines into entries that begin with "Q:" and continue with "A:". */
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
			if (!inAnswer && ANSWER.test(text)) inAnswer = true;
			if (inAnswer || TASK.test(text) || LETTERED.test(text)) last.body.push(text.replace(/^ {1,4}/, ""));
			else if (text.trim() !== "") entries[entries.length - 1] = { ...last, prompt: `${last.prompt}\n${text.trim()}` };
		}
	}
	return entries;
}

/** Splits lines into entries: a line that matches the pattern starts one, and any other heading ends it. */
function byPattern(lines: readonly string[], pattern: RegExp): Entry[] {
	const entries: Entry[] = [];
	let body: string[] | undefined;
	for (const [index, text] of lines.entries()) {
		const begun = TASK.test(text) ? null : pattern.exec(text);
		if (begun) {
			const [, prompt = ""] = QUESTION.exec(begun[1] ?? "") ?? begun;
			body = [];
			entries.push({ line: index + 1, prompt: unmarked(prompt), body });
		} else if (HEADING.test(text)) body = undefined;
		else body?.push(text.replace(/^(?: {1,4}|\t)/, ""));
	}
	return entries;
}

/** Options A to D and the lines they are on; null unless there are exactly these four. */
function letteredOptions(body: readonly string[]): { options: Options; at: ReadonlySet<number> } | null {
	const found = body.flatMap((text, at) => {
		const [, letter = "", option = ""] = LETTERED.exec(text) ?? [];
		return letter === "" ? [] : [{ letter: letter.toLowerCase(), option, at }];
	});
	if (found.map(({ letter }) => letter).join("") !== "abcd") return null;
	const options = found.map(({ option }) => {
		const plain = unmarked(option.replace(/^\*\s+/, ""));
		return { text: plain, correct: plain !== option.trim() };
	});
	return { options, at: new Set(found.map(({ at }) => at)) };
}

/** Finds options: a task list with the right one checked, letters A to D, or four bullets with the right one in bold. */
function optionsIn(body: readonly string[]): { options: Options; at: ReadonlySet<number> } {
	const listed = (pattern: RegExp) => body.flatMap((text, at) => (pattern.test(text) ? [at] : []));
	const tasks = listed(TASK);
	if (tasks.length > 0) {
		const options = tasks.map((at) => {
			const [, mark, option = ""] = TASK.exec(body[at] ?? "") ?? [];
			return { text: option.trim(), correct: mark !== " " };
		});
		return { options, at: new Set(tasks) };
	}
	const lettered = letteredOptions(body);
	if (lettered) return lettered;
	const bullets = listed(BULLET);
	const options = bullets.map((at) => {
		const text = (BULLET.exec(body[at] ?? "")?.[1] ?? "").trim();
		return { text: unmarked(text), correct: unmarked(text) !== text };
	});
	const isChoice = options.length === 4 && options.filter(({ correct }) => correct).length === 1;
	return isChoice ? { options, at: new Set(bullets) } : { options: [], at: new Set() };
}

function questionOf({ line, prompt, body }: Entry): ReadQuestion {
	const { options: given, at } = optionsIn(body);
	const rest = body.filter((text, index) => !at.has(index) && !RULE.test(text));
	const marked = rest.findIndex((text) => ANSWER.test(text));
	if (marked >= 0) rest[marked] = ANSWER.exec(rest[marked] ?? "")?.[1] ?? "";
	// "Answer: B" names the right option, and an explanation may follow.
	const named = rest[marked] ?? "";
	const isOpen = given.length > 0 && !given.some(({ correct }) => correct);
	const options = isOpen
		? given.map((option, index) => ({ ...option, correct: isRight(named, option.text, index) }))
		: given;
	const right = options.find(({ correct }) => correct)?.text ?? "";
	if (isOpen && right !== "") rest[marked] = right;
	const said = unmarked(rest.join("\n"));
	return { line, draft: { title: titleFrom(prompt), prompt, answer: said || right, options } };
}

/** Reads Markdown whose questions are "Q:" lines, headings, list items or bold lines; null when it finds none. */
export function readMarkdown(text: string): ReadFile | null {
	const lines = text.split(/\r\n|\n|\r/);
	// Ignore entries without a body, such as the file's title.
	const asked = (entries: readonly Entry[]) =>
		entries.filter(({ body }) => body.some((line) => line.trim() !== "" && !RULE.test(line)));
	const [letters, headings, items] = [byLetters(lines), byPattern(lines, HEADING), byPattern(lines, ITEM)].map(asked);
	const readings = [letters, headings, items, asked(byPattern(lines, BOLD))];
	// Headings may only name chapters above lists of questions: then try list items first.
	const asks = (entries: readonly Entry[] = []) => entries.some(({ prompt }) => prompt.endsWith("?"));
	const areChapters = !asks(headings) && (asks(items) || (items?.length ?? 0) > (headings?.length ?? 0));
	if (areChapters) readings.splice(1, 2, items, headings);
	const entries = readings.find((some) => some && some.length > 0);
	return entries ? { questions: entries.map(questionOf), faults: [] } : null;
}
