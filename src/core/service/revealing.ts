import type { LocalDate } from "../calendar/calendar.ts";
import type { Answer } from "../model.ts";
import type { OpenOccurrence } from "../ports/answers.ts";
import { afterReveal, localDateAt, type Memory } from "../practice/memory.ts";
import { afterOutcome, isCurrent, type PracticeRun } from "../practice/run.ts";
import type { Question } from "../question/question.ts";
import type { Asker, ReadServices, Services } from "./services.ts";

/** Whether an answer would count for one of a question's open occurrences, and seeing it would spoil that. */
export const isSpoilable = (open: readonly OpenOccurrence[]): boolean =>
	open.some(({ attempted, revealed }) => !attempted && !revealed);

/** Whether seeing the answer would spoil an open occurrence of the question for the member. */
export async function wouldSpoil(
	services: ReadServices,
	asker: Asker,
	question: Question,
	now: Date,
): Promise<boolean> {
	const open = await services.store.answers.openOccurrences(asker.workspace.id, asker.member.id, question.id, now);
	return isSpoilable(open);
}

/** The result of a reveal. */
export interface Revealed {
	/** Whether it cost the member an open daily question. */
	readonly cost: boolean;
	/** The memory, if the reveal booked `again`. */
	readonly memory: Memory | null;
	/** The interview's local date, which caps when the question comes back. */
	readonly interviewOn: LocalDate | null;
	/** The open practice run, if this is its current question. */
	readonly run: PracticeRun | null;
	/** The answer that the member gave before, unless the question was asked again since. */
	readonly answer: Answer | null;
}

/** Books `again` for a question that was asked, unless the member answered it that day. @returns null if nothing was booked */
async function bookReveal(
	tx: Services,
	asker: Asker,
	question: Question,
	spoils: boolean,
	now: Date,
): Promise<{ readonly id: number; readonly memory: Memory } | null> {
	const { answers, practice } = tx.store;
	const { workspace, member } = asker;
	const context = await answers.contextFor(workspace.id, member.id, question.id, now);
	const run = context.run && isCurrent(context.run, question.id) ? context.run : null;
	if (run) await practice.saveRun(afterOutcome(run, question.id, "revealed", "again"));
	const localDate = localDateAt(now, context.dates.zone, context.dates.latest);
	if (!(spoils || context.askedAt) || context.latest?.localDate === localDate) return null;
	const key = { workspaceId: workspace.id, memberId: member.id, questionId: question.id };
	const { memory, books } = afterReveal(key, context.memory, { revision: question.revision, localDate });
	if (!books || !memory) return null;
	await practice.saveMemories([memory]);
	const id = await practice.addPracticeReveal({ ...key, revision: question.revision, at: now, localDate });
	return { id, memory };
}

/**
 * Records that a member saw the answer. Open occurrences that the member has not attempted no longer count, and a
 * question that was asked books `again`. The effect id is the first such occurrence, or else the negated reveal id.
 */
export async function recordReveal(
	services: ReadServices,
	asker: Asker,
	question: Question,
	now: Date,
): Promise<Revealed> {
	const { interviewOn } = asker.member;
	const { store } = services;
	const { id: memberId } = asker.member;
	const [askedAt, latest] = await Promise.all([
		store.practice.askedAt(memberId, question.id),
		store.answers.latestAnswer(memberId, question.id),
	]);
	const answer = askedAt === null ? latest : null;
	const inRun = async () => {
		const run = await store.practice.openRun(memberId);
		return isCurrent(run, question.id) ? run : null;
	};
	if (askedAt === null && !(await wouldSpoil(services, asker, question, now)))
		return { cost: false, memory: null, interviewOn, run: await inRun(), answer };
	const { spoiled, booked } = await services.transaction(
		async (tx) => {
			const { people, answers } = tx.store;
			await people.lockMember(asker.member.id);
			const open = await answers.openOccurrences(asker.workspace.id, asker.member.id, question.id, now);
			const spoiled = open.filter((entry) => isSpoilable([entry]));
			const booked = await bookReveal(tx, asker, question, spoiled.length > 0, now);
			const dates = await tx.store.practice.dates(asker.workspace.id, asker.member.id);
			const localDate = localDateAt(now, dates.zone, dates.latest);
			for (const { occurrence } of spoiled) await answers.addReveal(asker.member.id, occurrence, now, localDate);
			return { spoiled, booked };
		},
		({ spoiled: [first], booked }) => first?.occurrence.id ?? -(booked?.id ?? 0),
	);
	const memory = booked?.memory ?? null;
	return { cost: spoiled.length > 0, memory, interviewOn, run: await inRun(), answer };
}
