import type { OwnDraft } from "../question/own.ts";
import { QUESTION_LIMITS } from "../question/question.ts";
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

/** A title for a question that has none: how its prompt begins. */
export function titleFrom(prompt: string): string {
	const [line = ""] = prompt.trim().split("\n");
	const [sentence = line] = /^.*?[?.!](?=\s|$)/.exec(line) ?? [];
	const words = sentence.replace(/[.]$/, "");
	if (words.length <= QUESTION_LIMITS.title) return words;
	return `${beginning(words, QUESTION_LIMITS.title - 2).replace(/\s+\S*$/, "")} …`;
}
