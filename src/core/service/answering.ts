import { allDone } from "../all-done.ts";
import { enqueue } from "../daily/enqueue.ts";
import { UserError } from "../errors.ts";
import { groupBy } from "../group.ts";
import type { Answer, Grade, Occurrence } from "../model.ts";
import type { AnswerContext, AnswerRecord, OpenOccurrence } from "../ports/answers.ts";
import type { StreakRow } from "../ports/streaks.ts";
import { bookAnswer } from "../practice/booking.ts";
import type { Memory } from "../practice/memory.ts";
import type { PracticeDay } from "../practice/queue.ts";
import { isCurrent, type PracticeRun } from "../practice/run.ts";
import { isAttempt } from "../question/attempt.ts";
import { gradeAfterWrongCheck, gradeOfCheck } from "../question/grading.ts";
import { hasCheck, type OptionLetter, type Question, rightOption } from "../question/question.ts";
import { bookAttempts, evaluateStreaks } from "../streak/streaks.ts";
import { withoutNul } from "../text/without-nul.ts";
import { readPracticeDay } from "./practising.ts";
import { wouldSpoil } from "./revealing.ts";
import type { Asker, ReadServices, Transaction } from "./services.ts";

/** The longest answer, in UTF-16 code units: every platform's form can hold this much. */
export const MAX_ANSWER_LENGTH = 3000;
/** The shortest interval, in milliseconds, between updates of a post's answer count. */
export const COUNT_UPDATE_INTERVAL = 30_000;

export type Said =
	| { readonly kind: "text"; readonly text: string }
	| { readonly kind: "check"; readonly option: OptionLetter };

/** The result of recording an answer. */
export interface Recorded {
	readonly answerId: number;
	readonly correct: boolean | null;
	/** Whether it attempted an open occurrence. */
	readonly counted: boolean;
	/** Why it did not count; null if it counted. */
	readonly reason: "answered-before" | "revealed" | "not-daily" | null;
	/** When this question's window closed, if it was a daily one lately and the answer came too late for it. */
	readonly closedAt?: Date | null;
	/** The streak after the attempt; null if it did not count. */
	readonly streak: StreakRow | null;
	readonly milestones: readonly number[];
	/** The member's memory of the question after the answer; null when there is none. */
	readonly memory: Memory | null;
	/** Whether the answer updated the memory. A second one of the day does not, nor a repeat at the end of a run. */
	readonly books: boolean;
	/** Whether the member saw the hint before answering. */
	readonly hinted: boolean;
	/** The member's dates, which decide when the question comes back. */
	readonly day: PracticeDay;
	/** The open practice run, if this is its current question. */
	readonly run: PracticeRun | null;
}

function checkLength(said: Said): void {
	if (said.kind === "check") return;
	if (said.text.trim() === "")
		throw new UserError(
			"The answer is empty. Nothing was recorded.",
			"Say in your own words what you know: an honest attempt counts, right or wrong.",
			"text",
		);
	if (said.text.length > MAX_ANSWER_LENGTH)
		throw new UserError(
			`The answer has ${said.text.length} characters; the limit is ${MAX_ANSWER_LENGTH}. Nothing was recorded.`,
			"Shorten it to what you would say in an interview, and send it again.",
		);
}

/** The text would count for a daily question but is not an honest attempt. Nothing was recorded or used up. */
export class NotAnAttempt extends UserError {
	constructor(question: Question) {
		super(
			`A sentence or two, please${hasCheck(question) ? ", or a quick check" : ""}. Nothing was recorded, and you can still answer.`,
			"Any honest attempt at today's question counts, right or wrong: say in your own words what you know.",
			"text",
		);
		this.name = "NotAnAttempt";
	}
}

/**
 * Checks, before anything is recorded, that a text is an honest attempt if it would count for a daily question.
 * @throws NotAnAttempt
 */
export async function requireAttempt(
	services: ReadServices,
	asker: Asker,
	question: Question,
	text: string,
	now: Date,
): Promise<void> {
	if (!isAttempt(question, text) && (await wouldSpoil(services, asker, question, now)))
		throw new NotAnAttempt(question);
}

/** The answer to store. Only a quick check has a grade yet. */
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

/** A wrong quick check lowers the member's own grade of a free-text answer right before it. */
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

/** Congratulates in the question's thread, if the member chose public milestones. */
async function announceMilestone(
	tx: Transaction,
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

/** Books attempts in each of their schedules. @returns the best of these streaks, and all new milestones */
async function bookAll(
	tx: Transaction,
	asker: Asker,
	attempts: readonly Occurrence[],
	context: AnswerContext,
	at: Date,
): Promise<Pick<Recorded, "streak" | "milestones">> {
	let streak: StreakRow | null = null;
	const milestones: number[] = [];
	for (const [scheduleId, attempted] of groupBy(attempts, (occurrence) => occurrence.scheduleId)) {
		const before = context.streaks.find((entry) => entry.row.scheduleId === scheduleId) ?? null;
		const booked = await bookAttempts(tx, asker.member.id, attempted, before, at);
		const [newest] = attempted;
		if (!booked || !newest) continue;
		for (const value of booked.milestones) await announceMilestone(tx, asker, newest, value, at);
		milestones.push(...booked.milestones);
		if (streak === null || booked.row.current > streak.current) streak = booked.row;
	}
	return { streak, milestones };
}

/**
 * Records an answer. It counts for every open occurrence of the question that the member has neither attempted nor
 * revealed; if there is none, it is practice. Acknowledge the answer only after this returns.
 * @param at the instant of receipt
 * @throws UserError when the text is empty, too long, or would count but is not an attempt; nothing is recorded then
 */
export async function recordAnswer(
	services: ReadServices,
	asker: Asker,
	question: Question,
	said: Said,
	at: Date,
): Promise<Recorded> {
	checkLength(said);
	const recorded = await services.transaction(
		async (tx) => {
			const { people, answers } = tx.store;
			const { id: memberId } = asker.member;
			// Statements run in the order sent: the lock is held before the context is read, without a second round trip.
			const [id, , context] = await allDone(
				answers.reserveId(),
				people.lockMember(memberId),
				answers.contextFor(asker.workspace.id, memberId, question.id, at),
			);
			const answer = answerOf(asker, question, said, context, at);
			const attempts = context.open.flatMap((entry) => (entry.attempted || entry.revealed ? [] : [entry.occurrence]));
			if (attempts.length > 0 && said.kind === "text" && !isAttempt(question, said.text))
				throw new NotAnAttempt(question);
			const key = { workspaceId: asker.workspace.id, memberId, questionId: question.id };
			const lowered = regradedBy(answer.correct, context);
			const { practice, regraded } = bookAnswer(key, question, answer.grade, context, lowered, at);
			const countFrom = new Date(at.getTime() + COUNT_UPDATE_INTERVAL);
			tx.withCommit(answers.record({ id, answer, attempts, countFrom, regraded, practice }));
			const { streak, milestones } = await bookAll(tx, asker, attempts, context, at);
			const counted = attempts.length > 0;
			const reason = counted ? null : reasonOf(context.open);
			const { memory, books, run, localDate } = practice;
			const day = { today: localDate, interviewOn: asker.member.interviewOn };
			const { correct, hinted } = answer;
			return { answerId: id, correct, counted, reason, streak, milestones, memory, books, hinted, day, run };
		},
		// From the answer's row, a reply that was lost can be composed again.
		({ answerId }) => answerId,
	);
	return { ...recorded, closedAt: await closedAt(services, asker, question.id, recorded, at) };
}

/** When the window closed for which an answer came too late. Practice in a run is not about a daily question. */
async function closedAt(
	{ store }: ReadServices,
	asker: Asker,
	questionId: string,
	{ reason, run }: Pick<Recorded, "reason" | "run">,
	at: Date,
): Promise<Date | null> {
	if (reason !== "not-daily" || run !== null) return null;
	// The answer is saved by now: without this line its card is still true.
	return store.occurrences.closedLately(asker.workspace.id, questionId, at).catch(() => null);
}

/** Whether a member can post an answer into its question's thread: free text that counted, once. */
export async function canShare({ store }: ReadServices, { id, text, sharedAt }: Answer): Promise<boolean> {
	return text !== null && sharedAt === null && (await store.answers.occurrenceOf(id)) !== null;
}

/** The result of an answer that is already recorded, read from its row; null when the row is gone. Omits milestones. */
export async function readRecordedAnswer(
	services: ReadServices,
	asker: Asker,
	answerId: number,
	now: Date,
): Promise<{ readonly answer: Answer; readonly recorded: Recorded } | null> {
	const { store } = services;
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
	const run = isCurrent(openRun, answer.questionId) ? openRun : null;
	const memory = await store.practice.memory(member.id, answer.questionId);
	const books = memory?.answerId === answerId;
	const day = await readPracticeDay(store, asker, now);
	const practice = { memory, books, hinted, day, run };
	const counted = occurrence !== null;
	const closed = await closedAt(services, asker, answer.questionId, { reason, run }, answer.at);
	const booked = { answerId, correct, counted, reason, closedAt: closed, streak, milestones: [] };
	return { answer, recorded: { ...booked, ...practice } };
}
