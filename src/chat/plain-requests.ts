/** Reads plain wishes as calls: "something on transformers", "show my streak", "how do I set my interview date". */

import { PRACTICE_FOCUSES } from "../core/practice/queue.ts";
import type { Bank } from "../core/question/bank.ts";
import { CATEGORIES, TAGS } from "../core/question/question.ts";
import { readWish, type Wish } from "../core/question/wish.ts";
import type { Call } from "./card.ts";
import type { Command } from "./command.ts";
import { focusNamed } from "./focus-option.ts";

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
	[/^when\b.*\bquestion\W*$/i, "today"],
	[/^(?:(?:please|let'?s|can we|i want to) )?(?:begin|do|run|start|practi[cs]e)\b.*\binterview\W*$/i, "practice"],
];
const LEAVING = new Set(["close", "exit", "leave", "quit"]);
/** Words of titles that are no subject. */
const SMALL_WORDS = new Set(
	"at be but by have no not off or out own so than then too two up use was with yes".split(" "),
);
/** Words that say nothing about which command is meant. */
const EMPTY_WORDS = new Set("a am an as for i in it my of on open question the to your".split(" "));
/** Words that say nothing about it in a question, as in "how long is my streak so far". */
const FILLING_WORDS = new Set(
	`all already and any are at be been best by can could current daily day did do does every everything far feel get got had has have
	here how is just lately like long many me mine month more most much need next now or past previous questions really recent so
	some still that there these they this those today until was week well were what when where which who will with yesterday
	you`.split(/\s+/),
);

const isFocus = (word: string): boolean => {
	const focus = focusNamed(word);
	return [...CATEGORIES, ...TAGS].some((one) => one === focus);
};

/** A topic that is a category or tag as a whole, as in "system design". */
function focusOf({ topic }: Wish): string | null {
	const said = topic.join(" ");
	return isFocus(said) ? (focusNamed(said) ?? null) : null;
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
function commandMeant(
	{ topic, isAsked }: Pick<Wish, "topic" | "isAsked">,
	commands: readonly Command[],
): Command | null {
	const telling = topic.map((word) => word.toLowerCase()).filter((word) => !EMPTY_WORDS.has(word));
	const words = telling.length > 1 ? telling.filter((word) => word !== "today") : telling;
	return (
		fitting(words, commands) ??
		(isAsked
			? fitting(
					words.filter((word) => !FILLING_WORDS.has(word)),
					commands,
				)
			: null)
	);
}

function fitting(words: readonly string[], commands: readonly Command[]): Command | null {
	if (words.length === 0 || words.length > MAX_SUBJECT) return null;
	return onlyFitting(words, commands, (word) => word) ?? onlyFitting(words.map(singular), commands, singular);
}

/** Phrases that occur in some words, and the words outside them. */
function phrasesIn(words: readonly string[], phrases: readonly string[]) {
	let rest = ` ${words.join("  ")} `;
	const found = [...phrases]
		.sort((one, other) => other.length - one.length)
		.filter((phrase) => {
			const without = rest.replaceAll(` ${phrase.replaceAll(" ", "  ")} `, "");
			const occurs = without !== rest;
			rest = without;
			return occurs;
		});
	return { found, rest: rest.split(" ").filter((word) => word !== "") };
}

function onlyFitting(
	words: readonly string[],
	commands: readonly Command[],
	form: (word: string) => string,
): Command | null {
	const found = commands.filter((command) => {
		const others = [...command.name.split(" "), ...Object.keys(command.options)].map(form);
		const own = phrasesIn(words, namesOf(command).map(form));
		return own.found.length > 0 && own.rest.every((word) => others.includes(word));
	});
	const named = found.filter(({ name }) => words.includes(form(name.split(" ").at(-1) ?? "")));
	const [only, ...others] = named.length > 0 ? named : found;
	return only && others.length === 0 ? only : null;
}

/** A command's name, without its group, and other words for it. */
const namesOf = ({ name, group, wishedAs, offeredAs }: Command): string[] => [
	...name.split(" ").slice(group === null ? 0 : 1),
	...(wishedAs ?? []),
	...Object.keys(offeredAs),
];

/** The call that a text seems to be about, to offer it. It may change something, such as "delete my data". */
export function callHinted(text: string, commands: readonly Command[]): Call | null {
	const words = text.toLowerCase().match(/[\p{L}\p{N}'’-]+/gu) ?? [];
	const { topic } = readWish(text, isFocus);
	const command = [words, topic]
		.map((each) => commandMeant({ topic: each, isAsked: true }, commands))
		.find((each) => each !== null);
	if (!command) return null;
	const { found } = phrasesIn(words, Object.keys(command.offeredAs));
	return { command: command.name, options: Object.assign({}, ...found.reverse().map((one) => command.offeredAs[one])) };
}

/** `due`, `missed`, `weak` or `new`, in other words too, as in "what did I get wrong". */
function ownFocus({ topic }: Wish): string | null {
	const words = topic.map((word) => word.toLowerCase());
	const telling = words.filter((word) => !EMPTY_WORDS.has(word) && !FILLING_WORDS.has(word));
	const named = [words, telling].map((each) => focusNamed(each.join(" ")));
	return PRACTICE_FOCUSES.find((focus) => named.includes(focus)) ?? null;
}

function askedCall(wish: Wish, bank: Bank): Call | null {
	const { topic, difficulty, count } = wish;
	const focus = focusOf(wish);
	const level = difficulty === null ? {} : { difficulty };
	if (count !== null && (topic.length === 0 || focus !== null)) {
		const about = focus ?? difficulty;
		return { command: "practice", options: { ...(about === null ? {} : { focus: about }), count: String(count) } };
	}
	if (topic.length === 0) {
		// "How does this work" asks for no question to answer.
		if (wish.isQuestion && difficulty === null) return { command: "help", options: {} };
		return wish.isPractice ? { command: "practice", options: {} } : { command: "random", options: level };
	}
	const category = CATEGORIES.find((one) => one === focus);
	const isRun = wish.isPractice || (wish.isTest && difficulty === null && (category !== undefined || wish.isOne));
	if (isRun && focus !== null) return { command: "practice", options: { focus } };
	if (wish.isOne && category !== undefined) return { command: "random", options: { category, ...level } };
	const words = topic.join(" ");
	// A level at which only other subjects are found is left out.
	const best = bank.search(words).slice(0, BEST);
	const fits = best.some((question) => question.difficulty === difficulty);
	return { command: "search", options: { words, ...(fits ? level : {}) } };
}

/** A wish that names a command, as a call that changes nothing. */
function namedCall(wish: Wish, commands: readonly Command[]): Call | null {
	const command = commandMeant(wish, wish.isHow ? commands : commands.filter(({ wishedAs }) => wishedAs !== null));
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
	if (wish.isPractice && ["next", "today", "now"].includes(wish.topic.join(" ")))
		return { command: "practice", options: {} };
	const phrase = PHRASES.find(([pattern]) => pattern.test(text.trim()));
	if (phrase) return { command: phrase[1], options: {} };
	const named = namedCall(wish, commands);
	if (named) return named;
	const own = wish.isAsked ? ownFocus(wish) : null;
	if (own) return { command: "practice", options: { focus: own } };
	const isBareSubject = wish.topic.length > 0 && wish.topic.length <= MAX_SUBJECT && saysSubject(wish, commands, bank);
	if (!wish.isAsked && !(isBareSubject && text.trim().split(/\s+/).length <= MAX_SUBJECT)) return null;
	if (wish.topic.length > 2 * MAX_SUBJECT) return null;
	if (wish.isHow && wish.topic.some((word) => LEAVING.has(word.toLowerCase()))) return { command: "help", options: {} };
	if (wish.topic.length > 0 && wish.topic.every((word) => FILLING_WORDS.has(word.toLowerCase())))
		return wish.isAsked && wish.isQuestion ? { command: "help", options: {} } : null;
	const call = askedCall(wish, bank);
	return call?.command === "search" && !isFound(call.options.words ?? "", bank) ? null : call;
}
