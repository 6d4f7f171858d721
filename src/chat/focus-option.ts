import { UserError } from "../core/errors.ts";
import { FOCUSES, PRACTICE_FOCUSES } from "../core/practice/queue.ts";
import { CATEGORIES, DIFFICULTIES, TAGS } from "../core/question/question.ts";
import { difficultyNamed } from "../core/question/wish.ts";
import { beginning } from "../core/text/cut.ts";
import { nearest } from "../core/text/nearest.ts";
import { inAmerican } from "../core/text/spelling.ts";
import { suggestFocuses } from "./autocomplete.ts";
import { inQuotes } from "./in-quotes.ts";
import type { Option } from "./option.ts";

/** No focus is longer than this, and comparing long texts takes time. */
const MAX_COMPARED_LENGTH = 40;

const isNumber = (text: string): boolean => /^[#\d-]/.test(text);

/** Other words for a focus. */
const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
	due: ["overdue", "reviews", "to review"],
	missed: ["failed", "got wrong", "miss", "mistakes", "my mistakes", "wrong", "wrong answers"],
	new: ["unseen"],
	weak: ["weak points", "weak spots", "weaknesses", "weakest", "weakest topics", "work on"],
};

/** The focus that a text names as a whole: by its name in either spelling, or by other words for it. */
export function focusNamed(text: string): string | undefined {
	const typed = text.trim().toLowerCase();
	const [synonym] = Object.entries(SYNONYMS).find(([, words]) => words.includes(typed)) ?? [];
	const name = synonym ?? difficultyNamed(typed) ?? typed.replaceAll(" ", "-");
	return FOCUSES.find((focus) => focus === name) ?? FOCUSES.find((focus) => focus === inAmerican(name));
}

function unknownFocus(text: string): UserError {
	if (isNumber(text))
		return new UserError(`${inQuotes(text)} is not a number from 1 to 20.`, "Write a whole number from 1 to 20.");
	const near = nearest(beginning(text.trim().toLowerCase(), MAX_COMPARED_LENGTH), FOCUSES);
	const suggestion = near === undefined ? "" : `Did you mean ${near}? `;
	const named = [...PRACTICE_FOCUSES, ...CATEGORIES, ...DIFFICULTIES].join(", ");
	return new UserError(
		`${inQuotes(text)} is not something to practise.`,
		`${suggestion}Choose one of: ${named}; or a topic such as ${TAGS.slice(0, 5).join(", ")}.`,
	);
}

/** A focus for practice: `due`, `missed`, `weak`, `new`, a category, a difficulty, or a topic. */
export const focusOption = (): Option<string> => ({
	kind: "choice",
	description: "due, missed, weak, new, a category, a difficulty or a topic; chosen for you if left out",
	required: true,
	longest: 45,
	// There are too many to list; `suggest` offers them while a member types.
	choices: [],
	// A number is the count, even if it is out of range.
	accepts: (text) => !isNumber(text),
	parse(text) {
		const focus = focusNamed(text);
		if (focus !== undefined) return focus;
		throw unknownFocus(text);
	},
	suggest: suggestFocuses,
});
