import { OPTION_LETTERS, type Question } from "../../../src/core/question/question.ts";
import { contentWords, shared, wordsOf } from "./words.ts";

/** The quick check as somebody without any knowledge sees it: its texts, split into words. */
interface Item {
	readonly options: readonly Option[];
	readonly stem: ReadonlySet<string>;
	readonly title: ReadonlySet<string>;
	readonly hint: ReadonlySet<string>;
	readonly prompt: ReadonlySet<string>;
}

interface Option {
	readonly text: string;
	readonly words: readonly string[];
	readonly content: ReadonlySet<string>;
}

/** Something that shows in an option without understanding it. */
export interface Cue {
	readonly name: string;
	measure(option: Option, item: Item, position: number): number;
}

/** Reasons and purposes. In an option, `to` before a word nearly always states a purpose. */
const REASON =
	/\b(because|since|so that|so (?:it|they|the|each|no)|(?<!\b(?:same|such|(?:as|so) \w+) )as (?:it|they|the|each|this)|therefore|thus|hence)\b/gi;
const PURPOSE = /\b(to|in order to) [a-z]{2,}/g;
/** Whether an option argues for itself. */
export const givesReason = (text: string): boolean => new RegExp(REASON.source, "i").test(text);

const COUNTED: readonly (readonly [name: string, pattern: RegExp])[] = [
	["reasons", REASON],
	["because, since", /\b(because|since)\b/gi],
	["so, so that", /\bso\b/gi],
	["as", /\bas\b/gi],
	["to with a verb", PURPOSE],
	["relative clauses", /\b(which|that|who|whose|where|when)\b/gi],
	["conditions", /\b(if|unless|until|once|while|whenever)\b/gi],
	["absolutes", /\b(always|never|only|all|none|every|each|any|impossible|guarantee[sd]?|must|entirely|completely)\b/gi],
	[
		"hedges",
		/\b(may|might|can|could|often|usually|mostly|mainly|about|roughly|likely|some|tends?|typically|partly)\b/gi,
	],
	["negations", /\b(not|no|never|none|nor|neither|cannot|without|nothing|hardly|lacks?)\b|n't\b/gi],
	[
		"comparatives",
		/\b(more|less|fewer|better|worse|than|[a-z]{3,}(?:er|est) than|higher|lower|larger|smaller|longer|shorter|faster|slower)\b/gi,
	],
	["commands and plans", /\b(should|needs?|will|would)\b/gi],
	["contrasts", /\b(but|although|though|yet|however|instead|rather|whereas|despite|still)\b/gi],
	["and, or", /\b(and|or)\b/gi],
	["pronouns", /\b(it|its|they|them|their|this|these|those|both)\b/gi],
	["articles", /\b(a|an|the)\b/gi],
	["prepositions", /\b(of|in|on|at|by|for|from|with|into|over|under|per|across)\b/gi],
	["forms in -ing", /\b[a-z]{3,}ing\b/gi],
	["adverbs in -ly", /\b[a-z]{3,}ly\b/gi],
	["nouns in -ion, -ity, -ment", /\b[a-z]{3,}(?:ion|ity|ment|ness)s?\b/gi],
	["numbers", /\d+(?:[.,]\d+)*/g],
	[
		"units",
		/%|\b(?:percent|[KMGT]i?B|ms|s|GPUs?|tokens?|bits?|bytes?|points?|times|x|steps?|layers?|seconds?|minutes?)\b/g,
	],
	["capitals", /[A-Z]/g],
	["names in capitals", /\b[A-Z][A-Za-z]*[A-Z][A-Za-z]*\b/g],
	["commas", /,/g],
	["colons", /:/g],
	["semicolons", /;/g],
	["parentheses", /\(/g],
	["quotes", /["“”]|(?<!\w)'|'(?!\w)/g],
	["code marks", /`/g],
	["hyphens", /\w-\w/g],
	["signs of arithmetic", /[=+*/^<>]| - /g],
	["sentences", /[.!?](?:\s|$)/g],
];

/** Where an option's content words may also occur; each cue is the share that does. */
const SOURCES = ["stem", "title", "hint", "prompt"] as const;

const shareOf = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
const others = (option: Option, item: Item) => item.options.filter((other) => other !== option);

/** How many of an option's content words occur in at least `least` of the other three. */
function alsoIn(option: Option, item: Item, least: number): number {
	const otherTexts = others(option, item);
	return [...option.content].filter((word) => otherTexts.filter(({ content }) => content.has(word)).length >= least)
		.length;
}

function likeness(option: Option, other: Option): number {
	const both = shared(option.content, other.content);
	return shareOf(both, option.content.size + other.content.size - both);
}

const SHAPE: readonly Cue[] = [
	{ name: "length", measure: ({ text }) => text.length },
	{ name: "words", measure: ({ words }) => words.length },
	{ name: "letters a word", measure: ({ words }) => shareOf(words.join("").length, words.length) },
	{ name: "longest word", measure: ({ words }) => Math.max(0, ...words.map((word) => word.length)) },
	{ name: "first word's length", measure: ({ words }) => words[0]?.length ?? 0 },
	{
		name: "distance from the mean length",
		measure: ({ text }, item) =>
			Math.abs(text.length - item.options.reduce((sum, option) => sum + option.text.length, 0) / item.options.length),
	},
];

const OVERLAP: readonly Cue[] = [
	...SOURCES.flatMap((source): Cue[] => [
		{ name: `words of the ${source}`, measure: (option, item) => shared(option.content, item[source]) },
		{
			name: `share of words of the ${source}`,
			measure: (option, item) => shareOf(shared(option.content, item[source]), option.content.size),
		},
		{
			name: `words of the ${source} in this option alone`,
			measure: (option, item) =>
				[...option.content].filter(
					(word) => item[source].has(word) && !others(option, item).some(({ content }) => content.has(word)),
				).length,
		},
	]),
	{ name: "words in another option too", measure: (option, item) => alsoIn(option, item, 1) },
	{ name: "words in all options", measure: (option, item) => alsoIn(option, item, 3) },
	{
		name: "words in this option alone",
		measure: (option, item) => option.content.size - alsoIn(option, item, 1),
	},
	{
		name: "share of words in another option too",
		measure: (option, item) => shareOf(alsoIn(option, item, 1), option.content.size),
	},
	{
		name: "likeness to the other options",
		measure: (option, item) => others(option, item).reduce((sum, other) => sum + likeness(option, other), 0),
	},
	{
		name: "likeness to the nearest option",
		measure: (option, item) => Math.max(...others(option, item).map((other) => likeness(option, other))),
	},
	{
		name: "first word as in another option",
		measure: (option, item) => others(option, item).filter(({ words }) => words[0] === option.words[0]).length,
	},
	{
		name: "last word as in another option",
		measure: (option, item) => others(option, item).filter(({ words }) => words.at(-1) === option.words.at(-1)).length,
	},
];

/** Every cue; each is measured on each option. */
export const CUES: readonly Cue[] = [
	...SHAPE,
	...COUNTED.map(([name, pattern]): Cue => ({ name, measure: ({ text }) => (text.match(pattern) ?? []).length })),
	...OVERLAP,
	...OPTION_LETTERS.map(
		(letter, index): Cue => ({
			name: `stands at ${letter}`,
			measure: (_option, _item, position) => Number(position === index),
		}),
	),
];

/** What every cue measures on a quick check's four options: a list of cues with four numbers each. */
export function measureCues(question: Question): number[][] {
	const item: Item = {
		options: question.mcq.options.map(({ text }) => ({ text, words: wordsOf(text), content: contentWords(text) })),
		stem: contentWords(question.mcq.stem),
		title: contentWords(question.title),
		hint: contentWords(question.hint),
		prompt: contentWords(`${question.prompt} ${question.exhibit ?? ""}`),
	};
	return CUES.map((cue) => item.options.map((option, position) => cue.measure(option, item, position)));
}
