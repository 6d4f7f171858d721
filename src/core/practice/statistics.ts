import type { Grade } from "../model.ts";
import { CATEGORIES, DIFFICULTIES, type Difficulty, OWN_CATEGORY, type Question } from "../question/question.ts";

/** A member's first answer to a question, as statistics count it. */
export interface FirstAnswer {
	readonly questionId: string;
	/** The verdict of a quick check; null for free text. */
	readonly correct: boolean | null;
	/** The member's own grade, where one was given. */
	readonly grade: Grade | null;
}

export interface Tally {
	readonly name: string;
	readonly answered: number;
	/** Answers that can be judged: quick checks, and free text with a grade. */
	readonly judged: number;
	/** Share of the judged ones that went well, 0 to 1; null without any. */
	readonly share: number | null;
}

export interface Statistics {
	readonly answered: number;
	readonly categories: readonly Tally[];
	readonly difficulties: readonly Tally[];
	readonly tags: readonly Tally[];
	/** Tags with enough judged answers and too few good ones, weakest first. */
	readonly weakest: readonly Tally[];
}

/** A topic is weak when at least this many first answers were judged … */
export const ENOUGH = 4;
/** … and fewer than this share of them went well. */
export const WEAK_SHARE = 0.6;
const MOST_WEAK = 3;

/** Whether an answer went well: the right option, or a grade of good or easy; null when nobody judged it. */
export function wentWell(answer: FirstAnswer): boolean | null {
	if (answer.correct !== null) return answer.correct;
	return answer.grade === null ? null : answer.grade === "good" || answer.grade === "easy";
}

function tally(name: string, answers: readonly FirstAnswer[]): Tally {
	const verdicts = answers.map(wentWell).filter((verdict) => verdict !== null);
	const well = verdicts.filter((verdict) => verdict).length;
	return {
		name,
		answered: answers.length,
		judged: verdicts.length,
		share: verdicts.length === 0 ? null : well / verdicts.length,
	};
}

/**
 * Statistics of a member's first answers.
 * @param question looks a question up; retired ones that are gone count in the total alone
 */
export function statisticsOf(
	answers: readonly FirstAnswer[],
	question: (id: string) => Question | undefined,
): Statistics {
	const known = answers.flatMap((answer) => {
		const found = question(answer.questionId);
		return found ? [{ answer, question: found }] : [];
	});
	const by = (name: string, admits: (question: Question) => boolean) =>
		tally(
			name,
			known.filter((entry) => admits(entry.question)).map((entry) => entry.answer),
		);
	const tags = [...new Set(known.flatMap((entry) => entry.question.tags))]
		.sort()
		.map((tag) => by(tag, (entry) => entry.tags.includes(tag)));
	const weakest = tags
		.filter((tag) => tag.judged >= ENOUGH && tag.share !== null && tag.share < WEAK_SHARE)
		.sort((a, b) => (a.share ?? 0) - (b.share ?? 0) || b.judged - a.judged)
		.slice(0, MOST_WEAK);
	const hasOwn = known.some((entry) => entry.question.category === OWN_CATEGORY);
	return {
		answered: answers.length,
		categories: [...CATEGORIES, ...(hasOwn ? [OWN_CATEGORY] : [])].map((category) =>
			by(category, (entry) => entry.category === category),
		),
		difficulties: DIFFICULTIES.map((difficulty: Difficulty) =>
			by(difficulty, (entry) => entry.difficulty === difficulty),
		),
		tags,
		weakest,
	};
}
