import { allDone } from "../all-done.ts";
import { UserError } from "../errors.ts";
import type { Answer, Grade } from "../model.ts";
import { eventOf } from "../practice/booking.ts";
import { afterRating, type Memory } from "../practice/memory.ts";
import type { PracticeDay } from "../practice/queue.ts";
import { afterGrade, afterOutcome } from "../practice/run.ts";
import { cappedGrade, gradeFromPoints, missesEssential } from "../question/grading.ts";
import { checklistName, checklistOf, type Question } from "../question/question.ts";
import { readPracticeDay } from "./practising.ts";
import type { Asker, ReadServices, Services } from "./services.ts";

/** How a member rates an answer: by ticked lines (numbers from 1), or by one of the four grades. */
export type Rating = { readonly points: readonly number[] } | { readonly grade: Grade };

export interface Rated {
	readonly answer: Answer;
	readonly grade: Grade;
	/** Whether a cap lowered the grade. */
	readonly capped: boolean;
	/** Whether the memory books it. It does not book an older answer, a second answer of the same day, or a repeat. */
	readonly books: boolean;
	/** The memory after the rating; null when there is none. */
	readonly memory: Memory | null;
	/** The member's dates, which decide when the question comes back. */
	readonly day: PracticeDay;
	/** Whether it is an open daily question, which practice offers only after its window has closed. */
	readonly isOpen: boolean;
}

function checkPoints(question: Question, points: readonly number[]): void {
	const most = checklistOf(question).length;
	if (most === 0)
		throw new UserError(
			"This question has no key points to tick. Nothing was changed.",
			`Say how well you knew it: \`/nlpq rate ${question.id} good\` is one of again, hard, good, easy.`,
		);
	if (points.every((point) => point >= 1 && point <= most)) return;
	throw new UserError(
		`The ${checklistName(question)} are numbered from 1 to ${most} here. Nothing was changed.`,
		`Write the numbers of those that you had, such as \`/nlpq rate ${question.id} 1,3\`; 0 for none.`,
	);
}

/** The grade of a rating, before (`wanted`) and after (`grade`) the caps. */
function gradeOf(question: Question, answer: Answer, rating: Rating): { wanted: Grade; grade: Grade } {
	const points = "points" in rating ? rating.points : answer.points;
	const chosen = "points" in rating ? gradeFromPoints(question, rating.points) : rating.grade;
	const missedEssential = points !== null && missesEssential(question, points);
	const grade = cappedGrade(chosen, { hinted: answer.hinted, missedEssential, wrongCheck: answer.correct === false });
	return { wanted: chosen, grade };
}

/** Records the grade in the member's open run. @param waited whether the answer was free text without a grade */
async function gradeRun(
	tx: Services,
	memberId: number,
	questionId: string,
	grade: Grade,
	waited: boolean,
): Promise<void> {
	const run = await tx.store.practice.openRun(memberId);
	const ticked = run && waited ? afterOutcome(run, questionId, "answered", grade) : run;
	const graded = ticked && afterGrade(ticked, questionId, grade);
	if (graded && graded !== run) await tx.store.practice.saveRun(graded);
}

/**
 * The question that `rate last` means: the one on the screen if its answer waits for ticks, or else the one that the
 * member answered or rated last. Null before the first answer.
 */
export async function lastToRate({ store }: ReadServices, { member }: Asker): Promise<string | null> {
	const shownId = (await store.people.member(member.id))?.lastQuestionId ?? null;
	const shown = shownId === null ? null : await store.answers.latestAnswer(member.id, shownId);
	if (shown?.kind === "text" && shown.grade === null) return shown.questionId;
	const [newest] = await store.answers.history(member.id, 0, 1);
	const run = await store.practice.latestRun(member.id);
	const acted = run?.steps.slice(0, run.position + 1) ?? [];
	const step = acted.findLast(({ outcome }) => outcome === "answered");
	if (!newest || !run || !step) return newest?.answer.questionId ?? null;
	const { questionId, at } = newest.answer;
	const isOfRun = acted.some((other) => other.questionId === questionId) && at <= (run.endedAt ?? at);
	// A step may have been the ticks of an answer from before the run.
	return isOfRun || at < run.startedAt ? step.questionId : questionId;
}

/** The named answer if it is the member's to this question; otherwise the latest one. */
export async function answerToRate(
	{ answers }: Pick<ReadServices["store"], "answers">,
	memberId: number,
	questionId: string,
	answerId: number | null,
): Promise<Answer | null> {
	const named = answerId === null ? null : await answers.answer(memberId, answerId);
	return named?.questionId === questionId ? named : answers.latestAnswer(memberId, questionId);
}

/**
 * Grades an answer of the member's to a question, and books the grade if the memory depends on that answer.
 * @param answerId null for the latest
 * @throws UserError when there is no answer, or no line with a given number
 */
export async function rateAnswer(
	services: ReadServices,
	asker: Asker,
	question: Question,
	rating: Rating,
	now: Date,
	answerId: number | null = null,
): Promise<Rated> {
	if ("points" in rating) checkPoints(question, rating.points);
	const { member, workspace } = asker;
	return services.transaction(
		async (tx) => {
			const { people, answers, practice } = tx.store;
			await people.lockMember(member.id);
			const answer = await answerToRate(tx.store, member.id, question.id, answerId);
			if (!answer)
				throw new UserError(
					"You have not answered this question yet.",
					`\`/nlpq answer ${question.id} <your answer>\` first; then tick what you had.`,
				);
			const { wanted, grade } = gradeOf(question, answer, rating);
			const points = "points" in rating ? [...new Set(rating.points)].sort((a, b) => a - b) : answer.points;
			const key = { workspaceId: workspace.id, memberId: member.id, questionId: question.id };
			const [before, day, open] = await allDone(
				practice.memory(member.id, question.id),
				readPracticeDay(tx.store, asker, now),
				answers.openOccurrences(workspace.id, member.id, question.id, now),
			);
			const event = eventOf(answer);
			const { memory, books } = event ? afterRating(key, before, event, grade) : { memory: before, books: false };
			await answers.setGrade(answer.id, points, grade, books);
			if (books && memory) await practice.saveMemories([memory]);
			const isLatest = (await answers.latestAnswer(member.id, question.id))?.id === answer.id;
			const waited = answer.kind === "text" && answer.grade === null;
			if (isLatest) await gradeRun(tx, member.id, question.id, grade, waited);
			const rated = { answer: { ...answer, grade, points }, grade, capped: wanted !== grade };
			return { ...rated, books, memory, day, isOpen: open.length > 0 };
		},
		({ answer }) => answer.id,
	);
}
