import { OPTION_LETTERS, type OptionLetter, type Question, rightOption } from "../../../src/core/question/question.ts";
import { heldOutTrees } from "./boosted-trees.ts";
import { OPTIONS, type Table } from "./choice-model.ts";
import { CUES, measureCues } from "./cues.ts";
import { type Held, leaveOneOut } from "./logistic.ts";
import { wordsOf } from "./words.ts";

/** The penalty of squared weights. Words weigh less than cues, since there are many. */
const PENALTY = 12;
const WORD_WEIGHT = 0.5;
/** A word used by a smaller share of checks cannot carry over from one to another. */
const MIN_CHECKS = 0.03;
/** Values closer than this are equal. */
const TIE = 1e-9;
const FOLDS = 20;
const SEEDS = [1, 2, 3];

/** What a single cue achieves on the bank. */
export interface CueResult {
	readonly name: string;
	/**
	 * The share of checks that the option with the most of it, and the one with the least of it, gets right. Ties
	 * share.
	 */
	readonly most: number;
	readonly least: number;
}

/** What the guessers say about one check. */
export interface Guess {
	readonly id: string;
	readonly right: OptionLetter;
	/** The probability that each guesser gives the right option, and whether its choice is right; ties get a share. */
	readonly guessers: Readonly<Record<Guesser, { readonly chance: number; readonly hit: number }>>;
	/** Cues that point to the right option, strongest first. */
	readonly cues: readonly string[];
}

/** Logistic regression on cues, the same with the options' words, and boosted trees on cues. */
export const GUESSERS = ["cues", "words", "trees"] as const;
export type Guesser = (typeof GUESSERS)[number];

export interface Guessing {
	readonly guesses: readonly Guess[];
	/** The share of checks that each guesser gets right. */
	readonly accuracy: Readonly<Record<Guesser, number>>;
	/** Every single cue, strongest first. */
	readonly cues: readonly CueResult[];
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Each check's cues as distances from the mean of its four options, in units of the cue's spread over the bank. */
function centred(measured: readonly (readonly (readonly number[])[])[]): number[][][] {
	const items = measured.map((cues) => cues.map((four) => four.map((value) => value - sum(four) / OPTIONS)));
	const spreads = CUES.map((_, cue) =>
		Math.sqrt(
			sum(items.flatMap((cues) => (cues[cue] ?? []).map((value) => value ** 2))) / (items.length * OPTIONS || 1),
		),
	);
	return items.map((cues) => cues.map((four, cue) => four.map((value) => value / (spreads[cue] || 1))));
}

/** Whether the option with the extreme value is right, as a share if several have that value. */
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

/** For each check and each word that several checks use: which of the four options contain it. */
function wordColumns(questions: readonly Question[]): number[][][] {
	const options = questions.map(({ mcq }) => mcq.options.map(({ text }) => new Set(wordsOf(text))));
	const checks = new Map<string, number>();
	for (const four of options)
		for (const word of new Set(four.flatMap((words) => [...words]))) checks.set(word, (checks.get(word) ?? 0) + 1);
	const vocabulary = [...checks]
		.filter(([, count]) => count >= MIN_CHECKS * questions.length && count > 1)
		.map(([word]) => word);
	return options.map((four) => vocabulary.map((word) => four.map((words) => (words.has(word) ? WORD_WEIGHT : 0))));
}

/** The cues that, under these weights, set the right option apart from the others. */
function speakingCues(item: readonly (readonly number[])[], right: number, weights: Float64Array): string[] {
	return CUES.map(({ name }, cue) => {
		const values = item[cue] ?? [];
		const rightValue = values[right] ?? 0;
		const otherMean = (sum(values) - rightValue) / (OPTIONS - 1);
		return {
			name: `${rightValue > otherMean ? "more" : "less"}: ${name}`,
			pull: (weights[cue] ?? 0) * (rightValue - otherMean),
		};
	})
		.filter(({ pull }) => pull > 0.1)
		.sort((a, b) => b.pull - a.pull)
		.slice(0, 4)
		.map(({ name }) => name);
}

/**
 * How well somebody does in the quick checks who knows nothing and relies on the author's habits. Each check is guessed
 * by models that have not seen it.
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
		const guessOf = (guesser: Guesser) => {
			const four = [...chances[guesser].subarray(index * OPTIONS, (index + 1) * OPTIONS)];
			const chance = four[at] ?? 0;
			return { chance, hit: hitShare(four, at, Math.max(...four)) };
		};
		return {
			id: question.id,
			right: rightOption(question),
			guessers: { cues: guessOf("cues"), words: guessOf("words"), trees: guessOf("trees") },
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
