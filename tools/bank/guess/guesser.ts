import { OPTION_LETTERS, type OptionLetter, type Question, rightOption } from "../../../src/core/question/question.ts";
import { heldOutTrees } from "./boosted-trees.ts";
import { OPTIONS, type Table } from "./choice-model.ts";
import { CUES, measureCues } from "./cues.ts";
import { type Held, leaveOneOut } from "./logistic.ts";
import { wordsOf } from "./words.ts";

/** Penalty of squared weights. Words count for less than cues, since they are many. */
const PENALTY = 12;
const WORD_WEIGHT = 0.5;
/** A word that a smaller share of the checks uses cannot carry from one to another. */
const LEAST_CHECKS = 0.03;
/** Values nearer than this are equals. */
const TIE = 1e-9;
const FOLDS = 20;
const SEEDS = [1, 2, 3];

/** What one cue alone makes of the bank. */
export interface CueResult {
	readonly name: string;
	/** Share of checks that the option with most of it, and the one with least of it, gets right. Ties share. */
	readonly most: number;
	readonly least: number;
}

/** What the guessers say of one check. */
export interface Guess {
	readonly id: string;
	readonly right: OptionLetter;
	/** Probability that each guesser gives the right option, and its share of a hit when it chooses the likeliest. */
	readonly guessers: Readonly<Record<Guesser, { readonly chance: number; readonly hit: number }>>;
	/** Cues that speak for the right option, the strongest first. */
	readonly cues: readonly string[];
}

/** Logistic regression on cues, the same with the options' words, and boosted trees on cues. */
export const GUESSERS = ["cues", "words", "trees"] as const;
export type Guesser = (typeof GUESSERS)[number];

export interface Guessing {
	readonly guesses: readonly Guess[];
	/** Share of checks that each guesser gets right. */
	readonly accuracy: Readonly<Record<Guesser, number>>;
	/** Every cue alone, the strongest first. */
	readonly cues: readonly CueResult[];
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Each cue of each check as distances from the mean of the four options, in units of the cue's spread over the bank. */
function centred(measured: readonly (readonly (readonly number[])[])[]): number[][][] {
	const items = measured.map((cues) => cues.map((four) => four.map((value) => value - sum(four) / OPTIONS)));
	const spreads = CUES.map((_, cue) =>
		Math.sqrt(
			sum(items.flatMap((cues) => (cues[cue] ?? []).map((value) => value ** 2))) / (items.length * OPTIONS || 1),
		),
	);
	return items.map((cues) => cues.map((four, cue) => four.map((value) => value / (spreads[cue] || 1))));
}

/** Share of a hit when the option with the extreme value is chosen, and among equals one of them by chance. */
function hitShare(values: readonly number[], right: number, extreme: number): number {
	const isChosen = (value: number | undefined) => Math.abs((value ?? 0) - extreme) < TIE;
	return isChosen(values[right]) ? 1 / values.filter(isChosen).length : 0;
}

function tableOf(columns: readonly (readonly (readonly number[])[])[], right: readonly number[]): Table {
	const width = columns[0]?.length ?? 0;
	const values = new Float64Array(columns.length * OPTIONS * width);
	columns.forEach((item, index) => {
		item.forEach((column, place) => {
			column.forEach((value, option) => {
				values[(index * OPTIONS + option) * width + place] = value;
			});
		});
	});
	return { items: columns.length, width, values, right: Uint8Array.from(right) };
}

/** For each check and each word that several checks use, whether the four options hold it. */
function wordColumns(questions: readonly Question[]): number[][][] {
	const options = questions.map(({ mcq }) => mcq.options.map(({ text }) => new Set(wordsOf(text))));
	const checks = new Map<string, number>();
	for (const four of options)
		for (const word of new Set(four.flatMap((words) => [...words]))) checks.set(word, (checks.get(word) ?? 0) + 1);
	const vocabulary = [...checks]
		.filter(([, count]) => count >= LEAST_CHECKS * questions.length && count > 1)
		.map(([word]) => word);
	return options.map((four) => vocabulary.map((word) => four.map((words) => (words.has(word) ? WORD_WEIGHT : 0))));
}

/** Which cues set the right option apart from the others under the weights. */
function speakingCues(item: readonly (readonly number[])[], right: number, weights: Float64Array): string[] {
	return CUES.map(({ name }, cue) => {
		const values = item[cue] ?? [];
		const own = values[right] ?? 0;
		const rest = (sum(values) - own) / (OPTIONS - 1);
		return { name: `${own > rest ? "more" : "less"}: ${name}`, pull: (weights[cue] ?? 0) * (own - rest) };
	})
		.filter(({ pull }) => pull > 0.1)
		.sort((a, b) => b.pull - a.pull)
		.slice(0, 4)
		.map(({ name }) => name);
}

/**
 * How far somebody gets in the quick checks who knows nothing and looks for habits of their author. Each check is
 * judged by models that have not seen it.
 */
export function guessBank(questions: readonly Question[]): Guessing {
	const right = questions.map((question) => OPTION_LETTERS.indexOf(rightOption(question)));
	const measured = questions.map(measureCues);
	const items = centred(measured);
	const words = wordColumns(questions);
	const cueTable = tableOf(items, right);
	const wordTable = tableOf(
		items.map((cues, index) => [...cues, ...(words[index] ?? [])]),
		right,
	);
	const cueModel: Held = leaveOneOut(cueTable, PENALTY);
	const chances: Record<Guesser, Float64Array> = {
		cues: cueModel.probabilities,
		words: leaveOneOut(wordTable, PENALTY).probabilities,
		trees: heldOutTrees(cueTable, Math.min(FOLDS, questions.length), SEEDS),
	};
	const guesses = questions.map((question, index): Guess => {
		const at = right[index] ?? 0;
		const said = (guesser: Guesser) => {
			const four = [...chances[guesser].subarray(index * OPTIONS, (index + 1) * OPTIONS)];
			const chance = four[at] ?? 0;
			return { chance, hit: hitShare(four, at, Math.max(...four)) };
		};
		return {
			id: question.id,
			right: rightOption(question),
			guessers: { cues: said("cues"), words: said("words"), trees: said("trees") },
			cues: speakingCues(items[index] ?? [], at, cueModel.weights),
		};
	});
	const share = (guesser: Guesser) => sum(guesses.map(({ guessers }) => guessers[guesser].hit)) / (guesses.length || 1);
	return {
		guesses,
		accuracy: { cues: share("cues"), words: share("words"), trees: share("trees") },
		cues: singleCues(measured, right),
	};
}

function singleCues(measured: readonly (readonly (readonly number[])[])[], right: readonly number[]): CueResult[] {
	const share = (cue: number, extreme: (values: readonly number[]) => number) =>
		sum(
			measured.map((item, index) => {
				const values = item[cue] ?? [];
				return hitShare(values, right[index] ?? 0, extreme(values));
			}),
		) / (measured.length || 1);
	return CUES.map(({ name }, cue) => ({
		name,
		most: share(cue, (values) => Math.max(...values)),
		least: share(cue, (values) => Math.min(...values)),
	})).sort((a, b) => Math.max(b.most, b.least) - Math.max(a.most, a.least));
}
