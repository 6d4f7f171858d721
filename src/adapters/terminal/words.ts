import type { Call } from "../../chat/card.ts";
import type { Command } from "../../chat/command.ts";
import { readCommand } from "../../chat/grammar.ts";
import { callHinted, callWished } from "../../chat/plain-requests.ts";
import { UserError } from "../../core/errors.ts";
import type { Bank } from "../../core/question/bank.ts";
import { ownNumber } from "../../core/question/own.ts";
import { editDistance } from "../../core/text/edit-distance.ts";
import type { Action } from "./actions.ts";
import { firstWords, inSentence, settingNamed, withFirstWord, withGroup } from "./near-commands.ts";
import { type Pick, pickedBy } from "./picks.ts";

/** What was on the screen when a line was begun. It gives numbers, letters and `today` their meaning. */
export interface Seen {
	readonly actions: readonly Action[];
	/** Actions of an earlier card that words still pick, without numbers. */
	readonly standing?: readonly Action[];
	/** Id of the question that `today` meant; null if none was shown. */
	readonly today: string | null;
	/** Id of the question on the screen. */
	readonly question: string | null;
}

/** What words can name. */
export interface Vocabulary {
	readonly commands: readonly Command[];
	readonly bank: Bank;
}

export type Intent =
	| { readonly type: "call"; readonly call: Call }
	/** A call that was read from a wish in plain words. */
	| { readonly type: "wish"; readonly call: Call }
	| Pick
	/** Resume the text that was kept. */
	| { readonly type: "resume" }
	/** The same, or the grade of that name. */
	| { readonly type: "again" }
	/** Open what was folded. */
	| { readonly type: "open" }
	| { readonly type: "leave" }
	/** The first word of an answer may also be a question's id, so ask. */
	| {
			readonly type: "which";
			readonly command: string;
			readonly named: string;
			readonly rest: string;
			readonly shown: string;
	  }
	/** The meaning is not known, so ask. */
	| { readonly type: "unknown"; readonly text: string };

const LEAVING = ["quit", "exit", "q", "bye", ":q", "\\q"];
export const isLeaving = (text: string): boolean =>
	LEAVING.includes(
		text
			.trim()
			.toLowerCase()
			.replace(/[!?.]+$/, "")
			.replace(/ (?:please|now)$/, ""),
	);

/** The options of a call's command. */
const optionsOf = (call: Call, commands: readonly Command[]): Command["options"] =>
	commands.find(({ name }) => name === call.command)?.options ?? {};

/** A command that names no question means the one on the screen. */
function aboutShown(call: Call, { commands }: Vocabulary, seen: Seen): Call {
	const needs = optionsOf(call, commands).question;
	if (!needs?.required || needs.kind !== "question" || call.options.question !== undefined) return call;
	return seen.question === null ? call : { ...call, options: { ...call.options, question: seen.question } };
}

/** `today` means the question that it meant when the line was begun. */
function asSeen(call: Call, seen: Seen, today: string | null): Call {
	const questionId = call.options.question?.trim().toLowerCase() === "today" ? seen.today : null;
	return questionId === null || questionId === today
		? call
		: { ...call, options: { ...call.options, question: questionId } };
}

/** Whether a text names a question: `today`, `last`, an id, a title. */
function namesQuestion(text: string, bank: Bank): boolean {
	const wanted = text.trim().toLowerCase();
	if (wanted === "today" || wanted === "last" || ownNumber(wanted) !== null || bank.get(wanted)) return true;
	return bank.all().some(({ title }) => title.toLowerCase() === wanted);
}

/** Whether a word is nearly an id, so that it was meant as one. */
const nearlyNames = (word: string, bank: Bank): boolean =>
	word.length >= 5 &&
	bank.all().some(({ id }) => Math.abs(id.length - word.length) <= 2 && editDistance(word, id) <= 2);

/** A command with a question and a free text, such as `answer`, whose first word is not a question's. */
function withoutQuestion(words: string, call: Call, { commands, bank }: Vocabulary, seen: Seen): Intent | null {
	const command = commands.find(({ name }) => name === call.command);
	const { question: named = "", text } = call.options;
	if (command?.options.text?.kind !== "text" || command.options.question === undefined || text === undefined)
		return null;
	const whole = words.slice(command.name.length).trim();
	if (!whole.startsWith(named)) return null;
	const shown = seen.question ?? seen.today ?? "today";
	// A sentence that goes on in lower case may have begun with the id, as in "perplexity is …".
	if (bank.get(named.toLowerCase()) && /^\p{Ll}/u.test(text) && seen.question !== null)
		return { type: "which", command: command.name, named, rest: text, shown };
	if (namesQuestion(named, bank) || nearlyNames(named.toLowerCase(), bank)) return null;
	return { type: "call", call: { command: command.name, options: { question: shown, text: whole } } };
}

/** Whether a call names a question that there is not. */
function namesNothing(call: Call, { commands, bank }: Vocabulary): boolean {
	const { question } = call.options;
	const option = optionsOf(call, commands).question;
	return question !== undefined && option?.kind === "question" && !namesQuestion(question, bank);
}

/** Whether any words can be an option's value. */
const isFreeText = (option: Command["options"][string] | undefined): boolean =>
	option?.kind === "text" || option?.kind === "words";

/** Whether a line is a command with all it needs and no free text, so that it is hardly prose. */
export function isWholeCommand(line: string, vocabulary: Vocabulary): boolean {
	const { commands } = vocabulary;
	const whole = withGroup(line, commands) ?? line;
	if (!/\s/.test(whole) || whole.includes("\n")) return false;
	try {
		const call = readCommand(whole, commands);
		const options = optionsOf(call, commands);
		const isFree = Object.keys(call.options).some((name) => isFreeText(options[name]));
		return !isFree && !namesNothing(call, vocabulary);
	} catch {
		return false;
	}
}

/** The call that a line means whose first word is misspelt; null unless all its other words fit, as those of prose do not. */
export function callMisspelt(line: string, vocabulary: Vocabulary): Call | null {
	const { commands } = vocabulary;
	const corrected = withFirstWord(line, commands);
	if (corrected === null) return null;
	try {
		const call = readCommand(corrected, commands);
		const options = optionsOf(call, commands);
		const hasText = Object.keys(call.options).some((name) => options[name]?.kind === "text");
		const isProse = hasText && call.options.question === undefined;
		return isProse || namesNothing(call, vocabulary) ? null : call;
	} catch (error) {
		if (error instanceof UserError) return null;
		throw error;
	}
}

/** What a line asks for in plain words; null where it is rather a misspelt command with all its options. */
export function wishOf(words: string, vocabulary: Vocabulary): Call | null {
	const { commands, bank } = vocabulary;
	// Any other sentence with a date may be about a setting, which nothing changes without being asked.
	if (inSentence(words, commands) !== null) return null;
	const wished = callWished(words, commands, bank);
	const meant = wished && callMisspelt(words, vocabulary);
	if (!meant || meant.command === wished.command) return wished;
	const options = optionsOf(meant, commands);
	const isOpen = Object.keys(meant.options).some(
		(name) => isFreeText(options[name]) || options[name]?.kind === "member",
	);
	return isOpen ? wished : null;
}

const PRONOUNS = new Set("for it me now of one please question that the this".split(" "));

/** `skip this one` is `skip`. */
function withoutPronoun(call: Call, { commands }: Vocabulary): Call {
	const { question, ...options } = call.options;
	const option = optionsOf(call, commands).question;
	if (question === undefined || option?.kind !== "question" || options.text !== undefined) return call;
	const words = question
		.toLowerCase()
		.replace(/[.!?]+$/, "")
		.split(/\s+/);
	return words.every((word) => PRONOUNS.has(word)) ? { ...call, options } : call;
}

/** A line with more words than this is hardly a wish. */
const MAX_WISH_WORDS = 5;
/** A line with fewer words is hardly a paragraph. */
const MIN_PARAGRAPH_WORDS = 3;

const wordCount = (text: string): number => text.trim().split(/\s+/).length;

export const isParagraph = (text: string): boolean => wordCount(text) >= MIN_PARAGRAPH_WORDS;

/** Whether a line may be the next paragraph of a text that was sent. */
export function isProse(text: string, intent: Intent): boolean {
	if (intent.type === "unknown" || intent.type === "which") return isParagraph(text);
	if (intent.type === "wish") return wordCount(text) > MAX_WISH_WORDS;
	return intent.type === "call" && "text" in intent.call.options && !text.trim().startsWith("/");
}

const POLITE = /^(?:please|pls)\s+|[\s,]+(?:please|pls|thanks|thank you)[.!]*$/gi;

/** A line that begins with a command's name. */
function readCommandLine(words: string, vocabulary: Vocabulary, seen: Seen): Intent {
	const { commands, bank } = vocabulary;
	const plain = words.replace(POLITE, "");
	const wish = () => callWished(words, commands, bank);
	let call: Call;
	try {
		call = readCommand(words, commands);
		const isFree = Object.values(optionsOf(call, commands)).some(isFreeText);
		if (plain !== words && plain !== "" && !isFree) call = readCommand(plain, commands);
	} catch (error) {
		const wished = error instanceof UserError ? wish() : null;
		if (wished) return { type: "wish", call: wished };
		// "Stop reminding me" is about another command than `stop`.
		const hinted = isParagraph(words) ? callHinted(words, commands) : null;
		if (hinted && hinted.command !== words.split(/\s/)[0]?.toLowerCase()) return { type: "unknown", text: words };
		if (plain === words || plain === "") throw error;
		call = readCommand(plain, commands);
	}
	call = withoutPronoun(call, vocabulary);
	const other = withoutQuestion(words, call, vocabulary, seen);
	if (other) return other;
	const about = call.command === "help" ? call.options.command?.toLowerCase() : undefined;
	const isNoHelp = about !== undefined && !commands.some(({ name, group }) => name === about || group === about);
	if (!isNoHelp && !namesNothing(call, vocabulary)) return { type: "call", call };
	const wished = wish();
	if (wished) return { type: "wish", call: wished };
	const option = optionsOf(call, commands).question;
	// An optional question goes on from where one is: a word that is none would be passed over.
	return option && !option.required ? { type: "unknown", text: words } : { type: "call", call };
}

/**
 * Reads a line: a command with or without `/nlpq`, the number or word of an action, the letter of an option, a wish. Any
 * other text is never taken for an answer.
 * @param seen what was on the screen when the line was begun
 * @param today the question that `today` means now
 */
export function readLine(text: string, vocabulary: Vocabulary, seen: Seen, today: string | null): Intent {
	const slash = /^\/(?:nlpq(?:\s+|$))?([\s\S]*)$/i.exec(text)?.[1];
	const words = (slash ?? text).trim();
	const plain = words.toLowerCase();
	if (isLeaving(plain)) return { type: "leave" };
	if (plain === "?") return { type: "call", call: { command: "help", options: {} } };
	if (plain === "answer again") return { type: "resume" };
	if (plain === "again") return { type: "again" };
	if (plain === "open") return { type: "open" };
	const first = plain.split(/\s/)[0] ?? "";
	const isCommand = firstWords(vocabulary.commands).has(first);
	const picked = slash === undefined ? pickedBy(words, seen, isCommand) : null;
	if (picked) return picked;
	const isPlain = slash === undefined && !words.includes("\n");
	if (isPlain && !isCommand) {
		const setting = settingNamed(words, vocabulary.commands);
		if (setting) return { type: "wish", call: setting };
		const wished = wishOf(words, vocabulary);
		return wished ? { type: "wish", call: aboutShown(wished, vocabulary, seen) } : { type: "unknown", text };
	}
	if (!isCommand && slash === undefined) return { type: "unknown", text };
	const read = readCommandLine(words, vocabulary, seen);
	if (read.type !== "call" && read.type !== "wish") return read;
	return { ...read, call: asSeen(aboutShown(read.call, vocabulary, seen), seen, today) };
}
