/** Reads plain wishes as calls: "something on transformers", "show my streak", "how do I set my interview date". */

import { PRACTICE_FOCUSES } from "../core/practice/queue.ts";
import type { Bank } from "../core/question/bank.ts";
import { CATEGORIES, TAGS } from "../core/question/question.ts";
import { readWish, type Wish } from "../core/question/wish.ts";
import type { Call } from "./card.ts";
import type { Command } from "./command.ts";

/** The most words that a subject has; more are a text of another kind. */
const MAX_SUBJECT = 5;
/** The best matches of a search, which are surely about its words. */
const BEST = 5;
/** Wishes whose words say nothing by themselves. */
const PHRASES: readonly (readonly [RegExp, string])[] = [
	[/^(?:what|which)\b.*\b(?:can|could|do|should) (?:you|i|we) (?:do|type|say|write|use)\W*$/i, "help"],
	[/^(?:what|which)\b.*\b(?:did|have) i (?:answer|say|write)/i, "history"],
	[/^when(?:'?s| is) my (?:next )?interview\b/i, "settings show"],
	[/^let'?s (?:go|start|begin)\W*$/i, "practice"],
];
const LEAVING = new Set(["close", "exit", "leave", "quit"]);
/** Words of titles that are no subject. */
const SMALL_WORDS = new Set(
	"at be but by have no not off or out own so than then too two up use was with yes".split(" "),
);
/** Words that say nothing about which command is meant. */
const EMPTY_WORDS = new Set("a am an as for i in it my of on open question the to your".split(" "));

const isFocus = (word: string): boolean => [...CATEGORIES, ...TAGS].some((focus) => focus === word);

/** A topic that is a category or tag as a whole, as in "system design". */
function focusOf({ topic }: Wish): string | null {
	const joined = topic.join("-").toLowerCase();
	return isFocus(joined) ? joined : null;
}

/** The words of titles, ids and tags, without a plural's ending. */
const singular = (word: string): string => word.replace(/(?<=[a-z]{3})s$/, "");
const wordsOf = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
const subjects = new WeakMap<Bank, ReadonlySet<string>>();
function subjectsOf(bank: Bank): ReadonlySet<string> {
	const known = subjects.get(bank);
	if (known) return known;
	const all = bank.all().flatMap(({ id, title, tags }) => [id, title, ...tags].flatMap(wordsOf));
	const found = new Set(all.filter((word) => word.length > 1).map(singular));
	subjects.set(bank, found);
	return found;
}

/** Whether all words are of the bank's titles. Words of commands alone, as in "next day", are no subject. */
function saysSubject({ topic }: Wish, commands: readonly Command[], bank: Bank): boolean {
	const words = topic
		.flatMap(wordsOf)
		.filter((word) => !EMPTY_WORDS.has(word))
		.map(singular);
	const names = new Set(commands.flatMap(namesOf).map(singular));
	if (words.every((word) => SMALL_WORDS.has(word))) return false;
	return words.every((word) => subjectsOf(bank).has(word)) && words.some((word) => !names.has(word));
}

/** Whether a search finds what its words say, and not only what shares a word such as "doing" with them. */
function isFound(words: string, bank: Bank): boolean {
	const telling = wordsOf(words).filter((word) => !EMPTY_WORDS.has(word) && !SMALL_WORDS.has(word));
	const known = telling.filter((word) => isKnown(word, bank));
	return known.length * 2 >= telling.length && known.length > 0 && bank.search(words).length > 0;
}

function isKnown(word: string, bank: Bank): boolean {
	const stem = word.length > 5 ? word.replace(/(?:ings?|ers?|ed|e?s)$/, "") : singular(word);
	if (subjectsOf(bank).has(singular(word))) return true;
	if (stem.length >= 4 && [...subjectsOf(bank)].some((one) => one.startsWith(stem))) return true;
	// Short words are searched for without typing errors, and with the abbreviations that the search knows.
	return word.length <= 3 && bank.search(word).length > 0;
}

/** The only one of some commands that all words fit: its name, other words for it, or its options' names. */
function commandMeant(topic: readonly string[], commands: readonly Command[]): Command | null {
	const telling = topic.map((word) => word.toLowerCase()).filter((word) => !EMPTY_WORDS.has(word));
	const words = telling.length > 1 ? telling.filter((word) => word !== "today") : telling;
	if (words.length === 0 || words.length > MAX_SUBJECT) return null;
	return onlyFitting(words, commands, (word) => word) ?? onlyFitting(words.map(singular), commands, singular);
}

function onlyFitting(
	words: readonly string[],
	commands: readonly Command[],
	form: (word: string) => string,
): Command | null {
	const found = commands.filter((command) => {
		const own = namesOf(command).map(form);
		const known = [...own, ...[...command.name.split(" "), ...Object.keys(command.options)].map(form)];
		return words.every((word) => known.includes(word)) && words.some((word) => own.includes(word));
	});
	const named = found.filter(({ name }) => words.includes(form(name.split(" ").at(-1) ?? "")));
	const [only, ...others] = named.length > 0 ? named : found;
	return only && others.length === 0 ? only : null;
}

/** A command's name, without its group, and other words for it. */
const namesOf = ({ name, group, wishedAs }: Command): string[] => [
	...name.split(" ").slice(group === null ? 0 : 1),
	...(wishedAs ?? []),
];

/** The command that a text seems to be about, to suggest it. */
export const commandHinted = (text: string, commands: readonly Command[]): string | undefined =>
	commandMeant(readWish(text, isFocus).topic, commands)?.name;

function askedCall(wish: Wish, bank: Bank): Call | null {
	const { topic, difficulty, count } = wish;
	const focus = focusOf(wish);
	const level = difficulty === null ? {} : { difficulty };
	if (count !== null && (topic.length === 0 || focus !== null)) {
		const about = focus ?? difficulty;
		return { command: "practice", options: { ...(about === null ? {} : { focus: about }), count: String(count) } };
	}
	const plain = topic.join(" ").toLowerCase();
	if (PRACTICE_FOCUSES.some((one) => one === plain)) return { command: "practice", options: { focus: plain } };
	if (topic.length === 0)
		return wish.isPractice ? { command: "practice", options: {} } : { command: "random", options: level };
	if (wish.isPractice && focus !== null) return { command: "practice", options: { focus } };
	const category = CATEGORIES.find((one) => one === focus);
	if (wish.isOne && category !== undefined) return { command: "random", options: { category, ...level } };
	const words = topic.join(" ");
	// A level at which only other subjects are found is left out.
	const best = bank.search(words).slice(0, BEST);
	const fits = best.some((question) => question.difficulty === difficulty);
	return { command: "search", options: { words, ...(fits ? level : {}) } };
}

/** A wish that names a command, as a call that changes nothing. */
function namedCall(wish: Wish, commands: readonly Command[]): Call | null {
	const command = commandMeant(
		wish.topic,
		wish.isHow ? commands : commands.filter(({ wishedAs }) => wishedAs !== null),
	);
	if (!command) return null;
	if (wish.isHow) return { command: "help", options: { command: command.name } };
	return { command: command.name, options: command.options.ask ? { ask: "yes" } : {} };
}

/**
 * Reads a text that is not a command.
 * @returns a call that shows something and changes nothing; null if the text is no plain wish
 */
export function callWished(text: string, commands: readonly Command[], bank: Bank): Call | null {
	const wish = readWish(text, isFocus);
	// "practice 21" is a wrong number, and no subject to search for.
	if (wish.topic.length > 0 && wish.topic.every((word) => /^\d+$/.test(word))) return null;
	if (wish.isPractice && wish.topic.join(" ") === "next") return { command: "practice", options: {} };
	const named = namedCall(wish, commands);
	if (named) return named;
	const phrase = PHRASES.find(([pattern]) => pattern.test(text.trim()));
	if (phrase) return { command: phrase[1], options: {} };
	const isBareSubject = wish.topic.length > 0 && wish.topic.length <= MAX_SUBJECT && saysSubject(wish, commands, bank);
	if (!wish.isAsked && !(isBareSubject && text.trim().split(/\s+/).length <= MAX_SUBJECT)) return null;
	if (wish.topic.length > 2 * MAX_SUBJECT) return null;
	if (wish.isHow && wish.topic.some((word) => LEAVING.has(word.toLowerCase()))) return { command: "help", options: {} };
	const call = askedCall(wish, bank);
	return call?.command === "search" && !isFound(call.options.words ?? "", bank) ? null : call;
}
