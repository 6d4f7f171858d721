import type { Grade } from "../model.ts";
import { CATEGORIES, DIFFICULTIES, type Difficulty, OWN_CATEGORY, type Question } from "../question/question.ts";

/** A member's first answer to a question, as statistics count it. */
export interface FirstAnswer {
	readonly questionId: string;
	/** The verdict of a quick check; null for free text. */
	readonly correct: boolean | null;
	/** The member's own grade; null if the member gave none. */
	readonly grade: Grade | null;
}

export interface Tally {
	readonly name: string;
	readonly answered: number;
	/** Answers that can be judged: quick checks, and free text with a grade. */
	readonly judged: number;
	/** Share of judged answers that went well, 0 to 1; null when none is judged. */
	readonly share: number | null;
}

export interface Statistics {
	readonly answered: number;
	readonly categories: readonly Tally[];
	readonly difficulties: readonly Tally[];
	readonly tags: readonly Tally[];
	/** At most three weak tags, weakest first. */
	readonly weakest: readonly Tally[];
}

/** A tag can be weak only with at least this many judged first answers. */
export const MIN_ANSWERS = 4;
/** A tag is weak when a smaller share than this of its judged answers went well. */
export const WEAK_SHARE = 0.6;
const MAX_WEAK = 3;

/** Whether an answer went well: the right option, or a grade of good or easy; null when it is not judged. */
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
 * @param question looks a question up; an answer to a question that no longer exists counts only in the total
 */
export function statisticsOf(
	answers: readonly FirstAnswer[],
	question: (id: string) => Question | undefined,
): Statistics {
	const known = answers.flatMap((answer) => {
		const found = question(answer.questionId);
		return found ? [{ answer, question: found }] : [];
	});
	const tallyOf = (name: string, admits: (question: Question) => boolean) =>
		tally(
			name,
			known.filter((entry) => admits(entry.question)).map((entry) => entry.answer),
		);
	const tags = [...new Set(known.flatMap((entry) => entry.question.tags))]
		.sort()
		.map((tag) => tallyOf(tag, (entry) => entry.tags.includes(tag)));
	const weakest = tags
		.filter((tag) => tag.judged >= MIN_ANSWERS && tag.share !== null && tag.share < WEAK_SHARE)
		.sort((a, b) => (a.share ?? 0) - (b.share ?? 0) || b.judged - a.judged)
		.slice(0, MAX_WEAK);
	const hasOwn = known.some((entry) => entry.question.category === OWN_CATEGORY);
	return {
		answered: answers.length,
		categories: [...CATEGORIES, ...(hasOwn ? [OWN_CATEGORY] : [])].map((category) =>
			tallyOf(category, (entry) => entry.category === category),
		),
		difficulties: DIFFICULTIES.map((difficulty: Difficulty) =>
			tallyOf(difficulty, (entry) => entry.difficulty === difficulty),
		),
		tags,
		weakest,
	};
}
