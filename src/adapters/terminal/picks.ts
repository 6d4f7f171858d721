import { UserError } from "../../core/errors.ts";
import { type Action, tickNumbers } from "./actions.ts";

/** An option's letter, as printed or by itself. */
export const LETTER = /^[a-d][).]?$/i;
const NUMBER = /^\[?(\d{1,3})[\]).]?$/;
const BETWEEN = /\s*(?:(?:[,;&+]|\band\b)\s*)+|\s+/i;
const LIST = new RegExp(`^\\d{1,2}(?:(?:${BETWEEN.source})\\d{1,2})+[.!]?$`, "i");
/** No list of numbers is longer than this, in characters. */
const MAX_LIST_LENGTH = 60;
// "ok" may be no more than a remark, and an erasure is for good.
const YES = new Set(["yes", "y", "yes please", "yeah", "yep", "sure", "do it"]);
const NO = new Set(["no", "n", "no thanks", "nope", "cancel", "never mind", "nevermind"]);
const [NONE, ALL] = [new Set(["0", "none", "none of them", "nothing"]), new Set(["all", "all of them", "everything"])];

/** A call with which a list is ticked at once, without its form. */
export interface Ticks {
	readonly command: string;
	readonly options: Readonly<Record<string, string>>;
}

/** What can be picked. */
interface Shown {
	readonly actions: readonly Action[];
	/** What words pick too, without numbers. */
	readonly standing?: readonly Action[];
}

export type Pick =
	| { readonly type: "action"; readonly action: Action }
	| { readonly type: "call"; readonly call: Ticks }
	/** A card's question is answered with no, and nothing is to be done. */
	| { readonly type: "decline" };

/** The numbers of a list, such as "1,3", "1 3" or "2 and 4", joined by commas; null if the text is something else. */
export function numbersOf(text: string, items: number): string | null {
	const plain = text.trim().toLowerCase();
	if (NONE.has(plain)) return "0";
	if (ALL.has(plain)) return Array.from({ length: items }, (_, index) => index + 1).join(",");
	return plain.length <= MAX_LIST_LENGTH && LIST.test(plain)
		? plain.replace(/[.!]$/, "").split(BETWEEN).join(",")
		: null;
}

/** Ticks a shown list. @param numbersFor the numbers to tick, joined by commas; null for none of a text's */
function ticked(actions: readonly Action[], numbersFor: (items: number) => string | null): Pick | null {
	const list = actions.find((action) => "form" in action);
	if (!list || !("form" in list)) return null;
	const numbers = numbersFor(list.items);
	const [field] = list.form.fields;
	if (numbers === null || !field) return null;
	const { command, options } = list.form.call;
	return { type: "call", call: { command, options: { ...options, [field.name]: numbers } } };
}

/** What a number on the screen picks: an item to tick, or an action; null for a number that is not there. */
export function pickedByNumber(number: number, actions: readonly Action[]): Pick | null {
	const ticks = tickNumbers(actions);
	if (number >= 1 && number <= ticks) return ticked(actions, () => String(number));
	const action = actions[number - ticks - 1];
	return action ? { type: "action", action } : null;
}

/** A label as one would type it: "✓ Easy: 22 March" is `easy`. */
export const spoken = (label: string): string =>
	label
		.toLowerCase()
		.replace(/^[^\p{L}\p{N}]+/u, "")
		.replace(/:.*$|[.!?…]+$/u, "")
		.trim();

const only = (found: readonly Action[]): Pick | null => {
	const [action] = found;
	return action && found.length === 1 ? { type: "action", action } : null;
};

/** What a word picks: an action by its label, or by the yes or no that it says. */
export function pickedByWord(text: string, { actions, standing = [] }: Shown): Pick | null {
	return amongWords(text, actions) ?? amongWords(text, standing);
}

function amongWords(text: string, actions: readonly Action[]): Pick | null {
	const word = text
		.trim()
		.toLowerCase()
		.replace(/[.!]+$/, "");
	const labelled = only(actions.filter(({ label }) => spoken(label) === word));
	if (labelled) return labelled;
	const saying = (says: "yes" | "no") => actions.filter((action) => action.says === says);
	if (YES.has(word)) return only(saying("yes"));
	if (!NO.has(word)) return null;
	return only(saying("no")) ?? (saying("yes").length > 0 ? { type: "decline" } : null);
}

/**
 * Reads a number, a list of numbers, a letter, or a word that is on a button.
 * @param isCommand whether the text is a command too, which comes before a button's word
 * @throws UserError for a number without an action
 */
export function pickedBy(text: string, shown: Shown, isCommand: boolean): Pick | null {
	const { actions, standing = [] } = shown;
	const ticks = ticked([...actions, ...standing], (items) => numbersOf(text, items));
	if (ticks) return ticks;
	const number = NUMBER.exec(text)?.[1];
	if (number !== undefined) {
		const picked = pickedByNumber(Number(number), actions);
		if (picked) return picked;
		const last = tickNumbers(actions) + actions.length;
		const there = last === 1 ? "There is only 1" : `Pick one of 1 to ${last}`;
		throw new UserError(
			`There is no action ${Number(number)} just now.`,
			actions.length > 0 ? `${there}, or type \`help\`.` : "`help` lists what you can do.",
		);
	}
	const letter = LETTER.test(text) ? text.charAt(0).toUpperCase() : null;
	const option = actions.find((action) => "call" in action && letter !== null && action.call.options.option === letter);
	if (option) return { type: "action", action: option };
	return isCommand ? null : pickedByWord(text, shown);
}
