import type { OwnDraft } from "../question/own.ts";
import { OPTION_LETTERS, QUESTION_LIMITS } from "../question/question.ts";
import { beginning } from "../text/cut.ts";

/** A question from a file before validation, and the line on which it begins. */
export interface ReadQuestion {
	readonly line: number;
	readonly draft: OwnDraft;
}

/** A part of a file that cannot be read, and its line. */
export interface ReadFault {
	readonly line: number;
	readonly message: string;
}

export interface ReadFile {
	readonly questions: readonly ReadQuestion[];
	readonly faults: readonly ReadFault[];
}

export const bankFault = (id: string): string =>
	`${id} is the id of a question of the bank, which is asked here anyway`;

/** The index from 0 of the option that a reference names: "B", "2", "(b)", "Option 2", "B) its text"; null if none. */
function placeIn(reference: string): number | null {
	const [, letter = "", number = ""] =
		/^(?:option\s+)?\(?(?:([a-d])|([1-4]))(?:[.):]+(?:\s.*)?)?$/i.exec(reference) ?? [];
	if (letter !== "") return OPTION_LETTERS.join("").indexOf(letter.toUpperCase());
	return number === "" ? null : Number(number) - 1;
}

/** Whether an option is the right one. @param correct the right option's number, letter or text */
export function isRight(correct: string, option: string, index: number): boolean {
	const typed = correct.trim().toLowerCase();
	if (typed === "") return false;
	const places = typed.split(/[,;\s]+/).map(placeIn);
	if (places.every((place) => place !== null)) return places.includes(index);
	const place = placeIn(typed);
	return place === null ? typed === option.trim().toLowerCase() : place === index;
}

/** The fault in how a file names its right option; null when there is none. */
export function rightFault(
	correct: string,
	options: readonly { text: string; correct?: boolean | undefined }[],
): string | null {
	if (options.length === 0) return null;
	const typed = correct.trim().toLowerCase();
	const same = options.findIndex(({ text }) => text.trim().toLowerCase() === typed);
	const place = placeIn(typed);
	if (place !== null && same >= 0 && same !== place)
		return `options: "${typed}" is the right one by its place or by its text: name it by its letter`;
	if (options.some((option) => option.correct)) return null;
	if (typed === "") return "options: none is marked as the right one";
	return `options: the right one is said to be "${beginning(typed, 40)}", which is none of ${OPTION_LETTERS.slice(0, options.length).join(", ")}`;
}

/** Makes a title from the beginning of the prompt, for a question that has none. */
export function titleFrom(prompt: string): string {
	const [line = ""] = prompt.trim().split("\n");
	const [sentence = line] = /^.*?[?.!](?=\s|$)/.exec(line) ?? [];
	const words = sentence.replace(/[.]$/, "");
	if (words.length <= QUESTION_LIMITS.title) return words;
	return `${beginning(words, QUESTION_LIMITS.title - 2).replace(/\s+\S*$/, "")} …`;
}
