/** Chooses and orders the questions of a practice run. Pure. */
import type { LocalDate } from "../calendar/calendar.ts";
import { CATEGORIES, DIFFICULTIES, type Question, TAGS } from "../question/question.ts";
import { daysBetween, gainOf, type Memory, urgencyOf } from "./memory.ts";
import { type RunStep, stepFor } from "./run.ts";

export const PRACTICE_FOCUSES = ["due", "missed", "weak", "new"] as const;
/** All names that `/nlpq practice` accepts. */
export const FOCUSES: readonly string[] = [...PRACTICE_FOCUSES, ...CATEGORIES, ...DIFFICULTIES, ...TAGS];

/** The dates that decide when a question comes back. */
export interface PracticeDay {
	/** The member's local date. */
	readonly today: LocalDate;
	/** The interview's local date, which caps due dates; null if there is none. */
	readonly interviewOn: LocalDate | null;
}

/** The questions available to a member, and what the member knows. */
export interface PracticeInput extends PracticeDay {
	/** Questions that may be asked now: all but open daily questions. */
	readonly questions: readonly Question[];
	/** Open daily questions: practice offers them from the day after, once their windows have closed. */
	readonly openDaily?: readonly Question[];
	readonly memories: readonly Memory[];
	/** Tags in which the member is weak. */
	readonly weakTags: readonly string[];
}

/** A question with the member's memory of it. */
interface Known {
	readonly question: Question;
	readonly memory: Memory;
}

/** Whether a question changed after the member last saw it. */
export const isChanged = (question: Question, memory: Pick<Memory, "revision">): boolean =>
	question.revision > memory.revision;

/**
 * The date on which practice offers a question again, never a past one: today if it changed since the member saw it, and
 * no later than a coming interview. Every date that a member reads is this one. What a member answers on the day of the
 * interview does not come back on that day.
 */
export function returnDate(
	question: Question,
	memory: Pick<Memory, "revision" | "state" | "untickedOn" | "dueOn">,
	{ today, interviewOn }: PracticeDay,
): LocalDate {
	if (isChanged(question, memory)) return today;
	const { state, untickedOn, dueOn } = memory;
	const isAnsweredOn = (date: LocalDate) => state?.on === date || untickedOn === date;
	const isCapped = interviewOn !== null && interviewOn >= today && dueOn > interviewOn && !isAnsweredOn(interviewOn);
	const date = isCapped ? interviewOn : dueOn;
	return date > today ? date : today;
}

/** The lower, the earlier: answers whose key points are not ticked yet come first, then the most urgent reviews. */
function rankOf({ memory }: Known, today: LocalDate): number {
	if (memory.untickedOn !== null) return Number.NEGATIVE_INFINITY;
	const { state } = memory;
	if (state === null) return Number.MIN_SAFE_INTEGER;
	const elapsed = daysBetween(state.on, today);
	return -urgencyOf(gainOf(state, elapsed), elapsed);
}

/** Sorted by rank, then by id, so that the order is fixed. Computes each rank once. */
function byNeed(known: readonly Known[], today: LocalDate): Known[] {
	return known
		.map((each) => ({ each, rank: rankOf(each, today) }))
		.sort((one, other) => {
			if (one.rank !== other.rank) return one.rank < other.rank ? -1 : 1;
			return one.each.question.id < other.each.question.id ? -1 : 1;
		})
		.map(({ each }) => each);
}

/** Reorders questions so that neighbours come from different categories where possible. @param last category before */
function mixed<Item extends { readonly question: Question }>(items: readonly Item[], last: string | null): Item[] {
	const remaining = [...items];
	const order: Item[] = [];
	for (let category = last; remaining.length > 0; ) {
		const other = remaining.findIndex(({ question }) => question.category !== category);
		const [item] = remaining.splice(Math.max(0, other), 1);
		if (!item) break;
		order.push(item);
		category = item.question.category;
	}
	return order;
}

const difficultyRank = ({ difficulty }: Question) => DIFFICULTIES.indexOf(difficulty);

/** The questions that a run is chosen from. */
class Pool {
	readonly #input: PracticeInput;
	readonly known: readonly Known[];
	readonly unknown: readonly Question[];

	constructor(input: PracticeInput, admits: (question: Question) => boolean) {
		this.#input = input;
		const memories = new Map(input.memories.map((memory) => [memory.questionId, memory]));
		const known: Known[] = [];
		const unknown: Question[] = [];
		for (const question of input.questions) {
			if (!admits(question)) continue;
			const memory = memories.get(question.id);
			if (memory) known.push({ question, memory });
			else unknown.push(question);
		}
		this.known = known;
		this.unknown = unknown;
	}

	*#steps(known: readonly Known[]): Generator<RunStep> {
		for (const { question, memory } of byNeed(known, this.#input.today))
			yield stepFor(question.id, memory.grade === "again" ? "missed" : "due");
	}

	#missed(): Known[] {
		return this.known.filter(({ memory }) => memory.grade === "again");
	}

	get missedCount(): number {
		return this.#missed().length;
	}

	due(): Iterable<RunStep> {
		const { today } = this.#input;
		return this.#steps(
			this.known.filter(({ question, memory }) => returnDate(question, memory, this.#input) === today),
		);
	}

	missed(): Iterable<RunStep> {
		return this.#steps(this.#missed());
	}

	/** Known questions, due or not. */
	all(): Iterable<RunStep> {
		return this.#steps(this.known);
	}

	/** Prerequisites of missed questions that the member has not met. */
	prerequisites(): RunStep[] {
		const unknown = new Set(this.unknown.map(({ id }) => id));
		return byNeed(this.#missed(), this.#input.today).flatMap(({ question }) =>
			question.needs.filter((need) => unknown.has(need)).map((need) => stepFor(need, "prerequisite", question.id)),
		);
	}

	/** New questions whose `needs` are met, basic first; with `others`, then those whose `needs` are not met. */
	fresh({ others }: { others: boolean }): RunStep[] {
		const met = new Set(
			this.#input.memories
				.filter(({ grade }) => grade !== null && grade !== "again")
				.map(({ questionId }) => questionId),
		);
		const ready = this.unknown.filter(({ needs }) => needs.every((need) => met.has(need)));
		const later = others ? this.unknown.filter((question) => !ready.includes(question)) : [];
		return [ready, later].flatMap((part) => {
			const sorted = part.toSorted((one, other) => difficultyRank(one) - difficultyRank(other));
			const levels = DIFFICULTIES.map((level) => sorted.filter(({ difficulty }) => difficulty === level));
			return levels.flatMap((level) =>
				mixed(
					level.map((question) => ({ question })),
					null,
				).map(({ question }) => stepFor(question.id, "new")),
			);
		});
	}
}

function admits(focus: string | null, weakTags: readonly string[]): (question: Question) => boolean {
	if (focus === null || focus === "due" || focus === "missed" || focus === "new") return () => true;
	if (focus === "weak") return ({ tags }) => tags.some((tag) => weakTags.includes(tag));
	return ({ category, difficulty, tags }) => [category, difficulty, ...tags].some((name) => name === focus);
}

/** The parts of a focus in the order in which practice prefers them. */
function* parts(pool: Pool, focus: string | null): Generator<Iterable<RunStep>> {
	if (focus === "missed") return yield pool.missed();
	if (focus === "new") return yield pool.fresh({ others: true });
	yield pool.due();
	if (focus === "due") return;
	yield pool.prerequisites();
	yield pool.fresh({ others: focus !== null });
	if (focus !== null) yield pool.all();
}

/** All questions of a focus, each once, the preferred first. Computes only the parts that are asked for. */
export function* candidates(input: PracticeInput, focus: string | null): Generator<RunStep> {
	const chosen = new Set<string>();
	for (const part of parts(new Pool(input, admits(focus, input.weakTags)), focus))
		for (const step of part) {
			if (chosen.has(step.questionId)) continue;
			chosen.add(step.questionId);
			yield step;
		}
}

/** The steps of a run: the first `count` candidates, with neighbours from different categories where possible. */
export function planRun(input: PracticeInput, focus: string | null, count: number): RunStep[] {
	const chosen: { readonly step: RunStep; readonly question: Question }[] = [];
	for (const step of candidates(input, focus)) {
		if (chosen.length === count) break;
		const question = input.questions.find(({ id }) => id === step.questionId);
		if (question) chosen.push({ step, question });
	}
	return mixed(chosen, null).map(({ step }) => step);
}

/** How many questions there are to practise. */
export interface PracticeCounts {
	readonly due: number;
	readonly missed: number;
	readonly new: number;
	/** The first date on which a question is due: today if one is. Null when the member knows no question. */
	readonly next: LocalDate | null;
}

export function countsOf(input: PracticeInput): PracticeCounts {
	const pool = new Pool(input, () => true);
	const dates = pool.known.map(({ question, memory }) => returnDate(question, memory, input));
	const openDates = new Pool({ ...input, questions: input.openDaily ?? [] }, () => true).known
		.map(({ question, memory }) => returnDate(question, memory, input))
		.filter((date) => date > input.today);
	return {
		due: dates.filter((date) => date === input.today).length,
		missed: pool.missedCount,
		new: pool.unknown.length,
		next: [...dates, ...openDates].sort()[0] ?? null,
	};
}
