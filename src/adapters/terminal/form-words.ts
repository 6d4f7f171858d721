import { type FormEntry, fieldOf, isLong, typedValue } from "./forms.ts";
import { firstWords } from "./near-commands.ts";
import { pickedByWord } from "./picks.ts";
import { isLeaving, isWholeCommand, type Seen, type Vocabulary } from "./words.ts";

/** What a text that is all of a form's field says, where it cannot be meant as the field's contents. */
export type FormWord =
	| { readonly type: "leave" }
	| { readonly type: "help" }
	/** Leave an optional field empty. */
	| { readonly type: "pass" }
	/** Leave the form and run the text as a line. */
	| {
			readonly type: "run";
			readonly line: string;
			/** Whether it may also begin a text, so that it is asked about first. */
			readonly asks?: true;
	  };

const LEAVING = new Set(["cancel", "abort", "leave", "esc", "escape"]);
const PASSING = new Set(["skip", "pass", "none", "no", "-", "n/a"]);
/** A shorter word, such as a letter, may be a line of a longer text. */
const MIN_LEAVING_LENGTH = 3;

/**
 * Reads a text that is typed into a form. Null if it is the field's contents.
 * @param seen what was on the screen before the form
 */
export function readFormWord(text: string, entry: FormEntry, vocabulary: Vocabulary, seen: Seen): FormWord | null {
	const { commands } = vocabulary;
	const line = text.trim().replace(/^\/(?:nlpq\s+)?(?=\S)/i, "");
	const word = line.toLowerCase().replace(/[.!]+$/, "");
	const field = fieldOf(entry);
	if (word === "" || word.includes("\n")) return null;
	if (field?.type === "choice" && field.choices.some(({ value }) => value === typedValue(field, word))) return null;
	// No line of a text is a question mark alone, and it says how to read on.
	if (word === "?") return { type: "help" };
	const leaves = isLeaving(word) || LEAVING.has(word);
	const isWhole = entry.lines.length === 0 || entry.lines.join("\n").trim() === text.trim();
	if (!isWhole) return leaves && word.length >= MIN_LEAVING_LENGTH ? { type: "leave" } : null;
	if (leaves) return { type: "leave" };
	if (word === "help") return { type: "help" };
	if (field && !field.required && PASSING.has(word)) return { type: "pass" };
	const isCommand = firstWords(commands).has(word) || commands.some(({ name }) => name === word);
	if (isCommand || word === "again") return { type: "run", line };
	if (isLong(field) && isWholeCommand(line, vocabulary)) return { type: "run", line, asks: true };
	return !isLong(field) && pickedByWord(word, seen) !== null ? { type: "run", line } : null;
}
