import { type LocalDate, localDateOf } from "../calendar/calendar.ts";
import { enqueue } from "../daily/enqueue.ts";
import { UserError } from "../errors.ts";
import { groupBy } from "../group.ts";
import type { Answer, Grade, Occurrence } from "../model.ts";
import type { AnswerContext, AnswerRecord, OpenOccurrence } from "../ports/answers.ts";
import type { StreakRow } from "../ports/streaks.ts";
import { bookAnswer } from "../practice/booking.ts";
import type { Memory } from "../practice/memory.ts";
import { isPresent, type PracticeRun } from "../practice/run.ts";
import { isAttempt } from "../question/attempt.ts";
import { gradeAfterWrongCheck, gradeOfCheck } from "../question/grading.ts";
import { type OptionLetter, type Question, rightOption } from "../question/question.ts";
import { bookAttempts, evaluateStreaks } from "../streak/streaks.ts";
import { withoutNul } from "../text/without-nul.ts";
import { wouldSpoil } from "./revealing.ts";
import type { Asker, ReadServices, Services } from "./services.ts";

/** Longest answer in characters that is kept: what the forms of every platform can hold. */
export const LONGEST_ANSWER = 3000;
/** A post's answered count is updated at most once in this many milliseconds. */
export const COUNT_EVERY = 30_000;

export type Said =
	| { readonly kind: "text"; readonly text: string }
	| { readonly kind: "check"; readonly option: OptionLetter };

/** What became of an answer. */
export interface Recorded {
	readonly answerId: number;
	readonly correct: boolean | null;
	/** Whether it was an attempt at an open occurrence. */
	readonly counted: boolean;
	/** Why it was not, where a daily question is open. */
	readonly reason: "answered-before" | "revealed" | "not-daily" | null;
	/** The streak that the attempt belongs to, after it. */
	readonly streak: StreakRow | null;
	readonly milestones: readonly number[];
	/** The member's memory of the question after it; null when there is none. */
	readonly memory: Memory | null;
	/** Whether the memory booked this answer: not for a later one of the day, or the repeat at the end of a run. */
	readonly books: boolean;
	/** Whether a hint was taken before it. */
	readonly hinted: boolean;
	/** The answer's local date. */
	readonly localDate: LocalDate;
	/** The open practice run, where it stands at this question. */
	readonly run: PracticeRun | null;
}

function checkLength(said: Said): void {
	if (said.kind === "check") return;
	if (said.text.trim() === "")
		throw new UserError(
			"The answer is empty. Nothing was recorded.",
			"Write at least a word: an honest attempt counts, right or wrong.",
		);
	if (said.text.length > LONGEST_ANSWER)
		throw new UserError(
			`The answer has ${said.text.length} characters; at most ${LONGEST_ANSWER} are kept. Nothing was recorded.`,
			"Shorten it to what you would say in an interview, and send it again.",
		);
}

/** A text that would count as an attempt, and is none. Nothing was recorded or used up. */
export class NotAnAttempt extends UserError {
	constructor() {
		super(
			"A sentence or two, please, or a quick check. Nothing was recorded or used up.",
			"Today's question counts any honest attempt, right or wrong: say in your own words what you know.",
			"text",
		);
		this.name = "NotAnAttempt";
	}
}

/**
 * Refuses what would count as an attempt and is none: for a look before the answer is recorded.
 * @throws NotAnAttempt
 */
export async function requireAttempt(
	services: ReadServices,
	asker: Asker,
	question: Question,
	text: string,
	now: Date,
): Promise<void> {
	if (!isAttempt(question, text) && (await wouldSpoil(services, asker, question, now))) throw new NotAnAttempt();
}

/** The answer to be kept, with the grade that a quick check gives it. */
function answerOf(
	asker: Asker,
	question: Question,
	said: Said,
	context: AnswerContext,
	at: Date,
): AnswerRecord["answer"] {
	const { latest, hintedAt } = context;
	const hinted = hintedAt !== null && (latest === null || hintedAt >= latest.at);
	const correct = said.kind === "check" ? said.option === rightOption(question) : null;
	return {
		workspaceId: asker.workspace.id,
		memberId: asker.member.id,
		questionId: question.id,
		revision: question.revision,
		at,
		kind: said.kind,
		text: said.kind === "text" ? withoutNul(said.text) : null,
		option: said.kind === "check" ? said.option : null,
		correct,
		hinted,
		grade: correct === null ? null : gradeOfCheck(correct),
	};
}

/** A wrong quick check lowers the grade that the member gave the answer before it. */
function regradedBy(
	correct: boolean | null,
	{ latest }: AnswerContext,
): { readonly answerId: number; readonly grade: Grade } | null {
	if (correct !== false || latest?.kind !== "text" || latest.grade === null) return null;
	return { answerId: latest.id, grade: gradeAfterWrongCheck(latest.grade) };
}

function reasonOf(open: readonly OpenOccurrence[]): Recorded["reason"] {
	if (open.length === 0) return "not-daily";
	return open.some((entry) => entry.attempted) ? "answered-before" : "revealed";
}

/** Congratulates in the question's thread, for members who chose to have it seen. */
async function announceMilestone(
	tx: Services,
	asker: Asker,
	occurrence: Occurrence,
	value: number,
	now: Date,
): Promise<void> {
	if (!asker.member.milestonesPublic) return;
	const { workspace, member } = asker;
	const { id: occurrenceId, scheduleId } = occurrence;
	const milestone = { workspaceId: workspace.id, memberId: member.id, scheduleId, value, occurrenceId };
	await enqueue(tx, workspace.platform, { kind: "milestone", ...milestone }, now);
}

/** Books attempts in each of their schedules; the best streak of them, and all milestones. */
async function bookAll(
	tx: Services,
	asker: Asker,
	attempts: readonly Occurrence[],
	context: AnswerContext,
	at: Date,
): Promise<Pick<Recorded, "streak" | "milestones">> {
	let streak: StreakRow | null = null;
	const milestones: number[] = [];
	for (const [scheduleId, attempted] of groupBy(attempts, (occurrence) => occurrence.scheduleId)) {
		const before = context.streaks.find((entry) => entry.row.scheduleId === scheduleId) ?? null;
		const booked = await bookAttempts(tx.store, asker.member.id, attempted, before, at);
		const [newest] = attempted;
		if (!booked || !newest) continue;
		for (const value of booked.milestones) await announceMilestone(tx, asker, newest, value, at);
		milestones.push(...booked.milestones);
		if (streak === null || booked.row.current > streak.current) streak = booked.row;
	}
	return { streak, milestones };
}

/**
 * Both results, once both have ended, also where one fails: a transaction that ended at the first failure would leave
 * the other part's next statement to be done outside of it.
 */
async function bothDone<First, Second>(first: Promise<First>, second: Promise<Second>): Promise<[First, Second]> {
	await Promise.allSettled([first, second]);
	return Promise.all([first, second]);
}

/**
 * Records what a member said: an attempt at every open occurrence of the question that the member has neither
 * attempted nor revealed, practice otherwise. Acknowledge only after it has returned.
 * @param at the instant of receipt
 * @throws UserError when the text is empty or too long, or no attempt where it would count; nothing is recorded then
 */
export async function recordAnswer(
	services: ReadServices,
	asker: Asker,
	question: Question,
	said: Said,
	at: Date,
): Promise<Recorded> {
	checkLength(said);
	return services.transaction(
		async (tx) => {
			const { people, answers } = tx.store;
			const { id: memberId } = asker.member;
			// A transaction runs statements in the order they were sent, so both go out at once.
			const [, context] = await bothDone(
				people.lockMember(memberId),
				answers.contextFor(asker.workspace.id, memberId, question.id, at),
			);
			const answer = answerOf(asker, question, said, context, at);
			const attempts = context.open.flatMap((entry) => (entry.attempted || entry.revealed ? [] : [entry.occurrence]));
			if (attempts.length > 0 && said.kind === "text" && !isAttempt(question, said.text)) throw new NotAnAttempt();
			const key = { workspaceId: asker.workspace.id, memberId, questionId: question.id };
			const lowered = regradedBy(answer.correct, context);
			const { practice, regraded } = bookAnswer(key, question, answer.grade, context, lowered, at);
			const countFrom = new Date(at.getTime() + COUNT_EVERY);
			const [answerId, { streak, milestones }] = await bothDone(
				answers.record({ answer, attempts, countFrom, regraded, practice }),
				bookAll(tx, asker, attempts, context, at),
			);
			const counted = attempts.length > 0;
			const reason = counted ? null : reasonOf(context.open);
			const { memory, books, run, localDate } = practice;
			const { correct, hinted } = answer;
			return { answerId, correct, counted, reason, streak, milestones, memory, books, hinted, localDate, run };
		},
		({ answerId }) => answerId,
	);
}

/** What became of a member's answer, read from its row; null when that is gone. Its milestones were announced already. */
export async function recordedAnswer(
	{ store }: ReadServices,
	asker: Asker,
	answerId: number,
	now: Date,
): Promise<{ readonly answer: Answer; readonly recorded: Recorded } | null> {
	const { workspace, member } = asker;
	const answer = await store.answers.answer(member.id, answerId);
	if (!answer) return null;
	const occurrence = await store.answers.occurrenceOf(answerId);
	const row = occurrence && (await store.streaks.get(member.id, occurrence.scheduleId));
	const [evaluated] = row ? await evaluateStreaks(store, [row], now) : [];
	const open = occurrence
		? []
		: await store.answers.openOccurrences(workspace.id, member.id, answer.questionId, answer.at);
	const reason = occurrence ? null : reasonOf(open);
	const streak = evaluated?.row ?? null;
	const { correct, hinted } = answer;
	const openRun = await store.practice.openRun(member.id);
	const run = isPresent(openRun, answer.questionId) ? openRun : null;
	const memory = await store.practice.memory(member.id, answer.questionId);
	const books = memory?.answerId === answerId;
	const localDate = answer.localDate ?? localDateOf(answer.at, "UTC");
	const practice = { memory, books, hinted, localDate, run };
	const counted = occurrence !== null;
	return { answer, recorded: { answerId, correct, counted, reason, streak, milestones: [], ...practice } };
}
