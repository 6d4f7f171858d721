import { CATEGORIES, DIFFICULTIES, OPTION_LETTERS, type Question } from "../../src/core/question/question.ts";
import { type Guessing, guessBank } from "./guess/guesser.ts";
import { itemFaults } from "./item-faults.ts";
import { rightPositions } from "./lint.ts";
import { LENGTH_RANKS, rankShares } from "./options.ts";

/** A figure of the whole bank that may only get better until it reaches its goal. */
export interface Bar {
	readonly name: string;
	readonly better: "more" | "less";
	readonly goal: number;
	/** How far chance moves the figure when new questions are as good as the others. */
	readonly slack: number;
	readonly now: number;
}

const round = (value: number) => Math.round(value * 1000) / 1000;
const share = (part: number, whole: number) => (whole === 0 ? 0 : round(part / whole));

/** The share of questions whose difficulty can be guessed from the category. */
function difficultyByCategory(questions: readonly Question[]): number {
	const named = CATEGORIES.map((category) => {
		const own = questions.filter((question) => question.category === category);
		return Math.max(...DIFFICULTIES.map((level) => own.filter(({ difficulty }) => difficulty === level).length));
	});
	return share(
		named.reduce((sum, count) => sum + count, 0),
		questions.length,
	);
}

/** How often the right option is the shortest, second, third or longest, as shares of the bank. */
export function lengthRanks(questions: readonly Question[]): number[] {
	const shares = questions.map(rankShares);
	return LENGTH_RANKS.map((_, rank) =>
		share(
			shares.reduce((sum, four) => sum + (four[rank] ?? 0), 0),
			questions.length,
		),
	);
}

/** Every bar with the bank's current figure. */
export function barsOf(questions: readonly Question[], guessing: Guessing = guessBank(questions)): Bar[] {
	const least = (name: string, goal: number, now: number, slack = 0): Bar => ({
		name,
		better: "more",
		goal,
		slack,
		now,
	});
	const most = (name: string, goal: number, now: number, slack = 0): Bar => ({
		name,
		better: "less",
		goal,
		slack,
		now,
	});
	const ranks = lengthRanks(questions);
	const letters = Object.values(rightPositions(questions)).map((count) => share(count, questions.length));
	const faults = questions.flatMap(itemFaults);
	const faulty = (kind: (typeof faults)[number]["kind"]) => faults.filter((fault) => fault.kind === kind).length;
	const { accuracy, cues } = guessing;
	const strongest = Math.max(0, ...cues.map(({ most, least }) => Math.max(most, least)));
	return [
		least("questions", 200, questions.length),
		least("basic", 40, questions.filter(({ difficulty }) => difficulty === "basic").length),
		...CATEGORIES.map((category) =>
			least(
				`basic in ${category}`,
				4,
				questions.filter((question) => question.category === category && question.difficulty === "basic").length,
			),
		),
		least("with an exhibit", 15, questions.filter(({ exhibit }) => exhibit !== undefined).length),
		most("kind concept", 70, questions.filter(({ kind }) => kind === "concept").length),
		most("difficulties named by category", 0.65, difficultyByCategory(questions), 0.02),
		most("guessed by cues", 0.35, round(accuracy.cues), 0.03),
		most("guessed by cues and words", 0.35, round(accuracy.words), 0.03),
		most("guessed by trees", 0.35, round(accuracy.trees), 0.03),
		most("guessed by one cue", 0.36, round(strongest), 0.02),
		most("right at the likeliest length", 0.35, Math.max(...ranks), 0.02),
		least("right at the rarest length", 0.15, Math.min(...ranks), 0.02),
		most(`right at the likeliest of ${OPTION_LETTERS.join("")}`, 0.3, Math.max(...letters)),
		least(`right at the rarest of ${OPTION_LETTERS.join("")}`, 0.2, Math.min(...letters)),
		most("right option too short or long", 0, faulty("ratio")),
		most("reasons in some options alone", 0, faulty("reasons")),
		most("basic answers too short or long", 0, faulty("basic answer")),
	];
}
