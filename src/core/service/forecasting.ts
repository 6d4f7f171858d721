import { addDays, type LocalDate } from "../calendar/calendar.ts";
import { forecast } from "../practice/forecast.ts";
import type { PracticeInput } from "../practice/queue.ts";
import { recallShown } from "../practice/recall-map.ts";
import type { Retention } from "../practice/retention.ts";
import { type FirstAnswer, wentWell } from "../practice/statistics.ts";
import { ownNumber } from "../question/own.ts";

/** Default number of reviews a day. */
export const USUAL_REVIEWS = 5;
/** With at least this many judged first answers, the forecast uses the member's own share of right ones. */
const MIN_FIRST_ANSWERS = 10;
/** The share of right first answers to assume before that. */
const USUALLY_KNOWN = 0.5;

/** How much a member would recall of the bank and, separately, of the workspace's own questions. */
export interface MemoryOutlook extends PartOutlook {
	/** Null if the workspace has no questions of its own. */
	readonly own: PartOutlook | null;
	/** The day of the interview; null if none is ahead. */
	readonly date: LocalDate | null;
	readonly reviewsADay: number;
}

interface PartOutlook {
	/** Number of questions that can be asked. */
	readonly of: number;
	/** Expected number recalled today, without what was missed today; null before the first booking. */
	readonly recallNow: number | null;
	/** Expected number recalled on the day of the interview; null if none is ahead. */
	readonly recallThen: number | null;
}

/** The interview's date, or null from the day after it. */
export const interviewAhead = (on: LocalDate | null, today: LocalDate): LocalDate | null =>
	on !== null && on >= today ? on : null;

function knownAtFirst(first: readonly FirstAnswer[]): number {
	const verdicts = first.map(wentWell).filter((verdict) => verdict !== null);
	if (verdicts.length < MIN_FIRST_ANSWERS) return USUALLY_KNOWN;
	return verdicts.filter((verdict) => verdict).length / verdicts.length;
}

/**
 * @param retention the member's own correction of FSRS's stability
 * @param first the member's first answers, to estimate how many new questions the member already knows
 */
export function outlook(
	input: PracticeInput,
	retention: Retention,
	first: readonly FirstAnswer[],
	reviewsADay: number | null,
): MemoryOutlook {
	const { questions, memories, today } = input;
	const askable = new Map(questions.map((question) => [question.id, question]));
	const known = memories.filter(({ questionId }) => askable.has(questionId));
	const isOwn = (id: string) => ownNumber(id) !== null;
	const partOf = (isPart: (id: string) => boolean) => {
		const booked = known.filter(({ questionId, state }) => state !== null && isPart(questionId));
		const of = questions.filter(({ id }) => isPart(id)).length;
		return { memories: booked, of, unmet: of - booked.length };
	};
	const [bank, own] = [partOf((id) => !isOwn(id)), partOf(isOwn)];
	const date = interviewAhead(input.interviewOn, today);
	const pace = reviewsADay ?? USUAL_REVIEWS;
	const then =
		date === null
			? null
			: forecast({
					...bank,
					own,
					retention,
					today,
					on: date,
					reviewsADay: pace,
					newADay: 0,
					knownAtFirst: knownAtFirst(first),
					fillsWithNew: true,
				});
	const nowOf = (part: typeof bank) =>
		part.memories.length === 0
			? null
			: part.memories.reduce((sum, memory) => sum + (recallShown(memory, retention, today) ?? 0), 0);
	return {
		of: bank.of,
		recallNow: nowOf(bank),
		recallThen: then?.bank ?? null,
		own: own.of === 0 ? null : { of: own.of, recallNow: nowOf(own), recallThen: then?.own ?? null },
		date,
		reviewsADay: pace,
	};
}

/** The latest allowed date of an interview: a year ahead. */
export const latestInterview = (today: LocalDate): LocalDate => addDays(today, 365);
