import type { OwnDraft } from "../question/own.ts";
import { OPTION_LETTERS, QUESTION_LIMITS } from "../question/question.ts";
import { beginning } from "../text/cut.ts";

/** A question of a file, before it is checked, and the line on which it begins. */
export interface ReadQuestion {
	readonly line: number;
	readonly draft: OwnDraft;
}

/** What cannot be read, and where. */
export interface ReadFault {
	readonly line: number;
	readonly message: string;
}

export interface ReadFile {
	readonly questions: readonly ReadQuestion[];
	readonly faults: readonly ReadFault[];
}

/** Which option a reference names, from 0: "B", "2", "(b)", "Option 2", "B) its text"; null when it names none. */
function placeIn(reference: string): number | null {
	const [, letter = "", number = ""] =
		/^(?:option\s+)?\(?(?:([a-d])|([1-4]))(?:[.):]+(?:\s.*)?)?$/i.exec(reference) ?? [];
	if (letter !== "") return OPTION_LETTERS.join("").indexOf(letter.toUpperCase());
	return number === "" ? null : Number(number) - 1;
}

/** Whether an option is the right one, which is named by its number, letter or text. */
export function isRight(correct: string, option: string, index: number): boolean {
	const wanted = correct.trim().toLowerCase();
	if (wanted === "") return false;
	const places = wanted.split(/[,;\s]+/).map(placeIn);
	if (places.every((place) => place !== null)) return places.includes(index);
	const place = placeIn(wanted);
	return place === null ? wanted === option.trim().toLowerCase() : place === index;
}

/** What is wrong with the way that the right option is named; null when nothing is. */
export function rightFault(
	correct: string,
	options: readonly { text: string; correct?: boolean | undefined }[],
): string | null {
	if (options.length === 0) return null;
	const wanted = correct.trim().toLowerCase();
	const same = options.findIndex(({ text }) => text.trim().toLowerCase() === wanted);
	const place = placeIn(wanted);
	if (place !== null && same >= 0 && same !== place)
		return `options: "${wanted}" is the right one by its place or by its text: name it by its letter`;
	if (options.some((option) => option.correct)) return null;
	if (wanted === "") return "options: none is marked as the right one";
	return `options: the right one is said to be "${beginning(wanted, 40)}", which is none of ${OPTION_LETTERS.slice(0, options.length).join(", ")}`;
}

/** A title for a question that has none: how its prompt begins. */
export function titleFrom(prompt: string): string {
	const [line = ""] = prompt.trim().split("\n");
	const [sentence = line] = /^.*?[?.!](?=\s|$)/.exec(line) ?? [];
	const words = sentence.replace(/[.]$/, "");
	if (words.length <= QUESTION_LIMITS.title) return words;
	return `${beginning(words, QUESTION_LIMITS.title - 2).replace(/\s+\S*$/, "")} …`;
}
