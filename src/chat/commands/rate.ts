import { UserError } from "../../core/errors.ts";
import type { Grade } from "../../core/model.ts";
import { GRADES } from "../../core/practice/memory.ts";
import { currentStep } from "../../core/practice/run.ts";
import { questionOf, resolveQuestion } from "../../core/question/asking.ts";
import { checklistOf, type Question } from "../../core/question/question.ts";
import { canShare } from "../../core/service/answering.ts";
import { moveRun, type RunView, readPracticeDay } from "../../core/service/practising.ts";
import { answerToRate, lastToRate, type Rated, type Rating, rateAnswer } from "../../core/service/rating.ts";
import { button, type Reply } from "../card.ts";
import { partButton, shareButton } from "../cards/answer.ts";
import {
	basisOf,
	choiceCard,
	gradeChoice,
	gradedCard,
	gradedText,
	lineText,
	type RatingOutcome,
} from "../cards/grades.ts";
import { questionData } from "../cards/question.ts";
import { type Context, defineCommand } from "../command.ts";
import { choiceOption, numberOption, optional, pointsOption, questionOption } from "../option.ts";
import { bookingData, runReply } from "../practice-replies.ts";

/** What a member types for the question answered last. */
const LAST = "last";

const POINTS = pointsOption("Numbers of key points, such as 1,3,4; 0 for none");

interface Wanted {
	readonly reference: string;
	/** Null when the member only names the question. */
	readonly rating: Rating | null;
}

/** Reads `rate hard` and `rate 1,3` as ratings of the last answer. */
function wantedOf(reference: string, points: readonly number[] | null, grade: Grade | null): Wanted {
	if (grade !== null) return { reference, rating: { grade } };
	if (points !== null) return { reference, rating: { points } };
	const word = reference.trim().toLowerCase();
	const alone = GRADES.find((each) => each === word);
	if (alone) return { reference: LAST, rating: { grade: alone } };
	if (POINTS.accepts(word)) return { reference: LAST, rating: { points: POINTS.parse(word, new Date(0)) } };
	return { reference, rating: null };
}

/** @throws UserError when there is no such question */
async function questionToRate({ services, asker, now }: Context, reference: string): Promise<Question> {
	if (reference.trim().toLowerCase() !== LAST) return resolveQuestion(services, asker, reference, now);
	const last = await lastToRate(services, asker);
	if (last !== null) return resolveQuestion(services, asker, last, now);
	throw new UserError("You have not answered a question yet.", "`/nlpq random` shows you one.");
}

/**
 * The grades to choose from, for a question without a rating in the command: this is how a grade is corrected.
 * @throws UserError when there is no answer to rate
 */
async function choiceReply(
	{ services, asker, now }: Context,
	question: Question,
	answerId: number | null,
): Promise<Reply> {
	const { store } = services;
	const answer = await answerToRate(store, asker.member.id, question.id, answerId);
	const memory = answer && (await store.practice.memory(asker.member.id, question.id));
	if (!answer || !memory)
		throw new UserError(
			"Rate it by what you had, or by one of the four grades. Nothing was changed.",
			"`/nlpq rate last 1,3` names key points; `/nlpq rate last good` is one of again, hard, good, easy.",
		);
	const day = await readPracticeDay(store, asker, now);
	return { card: choiceCard(question, answer, memory, day), data: questionData(question) };
}

function outcomeOf(
	question: Question,
	{ grade, books, capped, memory, answer, day, isOpen }: Rated,
	ticked: number | null,
): RatingOutcome {
	const had = new Set(answer.points);
	const missed = ticked === null ? [] : checklistOf(question).filter((_, index) => !had.has(index + 1));
	const { isRepeat } = answer;
	return {
		...{ grade, ticked, books, capped, memory, isRepeat, comeback: { day, isOpen } },
		missed: missed.map(lineText),
	};
}

/** @param share whether the member can share the answer */
function ratedReply(
	question: Question,
	rated: Rated,
	ticked: number | null,
	{ inRun, share }: { readonly inRun: boolean; readonly share: boolean },
): Reply {
	const { answer, books, memory, grade, day } = rated;
	const more = inRun
		? [
				...gradeChoice(question, basisOf(memory, { books, isUngraded: false }), answer, day).buttons,
				button("Next", "next", { question: question.id }, "primary"),
				partButton(question, answer, "strong"),
				button("Stop", "stop"),
			]
		: [
				button("Next question", "random", {}, "primary"),
				partButton(question, answer, "strong"),
				...(share ? [shareButton(question, answer.id)] : []),
				button("Practise", "practice"),
				button("Back", "compare", { question: question.id, answer: String(answer.id) }),
			];
	return {
		card: gradedCard(question, outcomeOf(question, rated, ticked), more),
		data: { ...questionData(question), ...bookingData(question, rated), grade, ticked },
	};
}

/** Rates an answer. A grade pressed for the run's current question also moves the run on. */
async function rateAndGoOn(
	{ services, asker, now }: Context,
	question: Question,
	rating: Rating,
	answerId: number | null,
): Promise<{ readonly rated: Rated; readonly view: RunView | null; readonly inRun: boolean }> {
	return services.transaction(
		async (tx) => {
			const rated = await rateAnswer(tx, asker, question, rating, now, answerId);
			const run = await tx.store.practice.openRun(asker.member.id);
			const inRun = run !== null && currentStep(run)?.questionId === question.id;
			const view = inRun && "grade" in rating ? await moveRun(tx, asker, "next", question.id, now) : null;
			return { rated, view, inRun };
		},
		({ rated }) => rated.answer.id,
	);
}

export const rate = defineCommand({
	name: "rate",
	summary: "Tick the key points that your answer had, or grade it",
	textOnly: true,
	replacesCard: "points",
	options: {
		question: questionOption("Its id, today, or last: the one you answered last"),
		points: optional(POINTS),
		grade: optional(choiceOption("Or how well you knew it", GRADES)),
		answer: optional(numberOption("Which of your answers; the latest if left out", 1, 999_999_999)),
	},
	example: "rate today 1,3,4",
	async run(context, { question: named, points, grade, answer: answerId }) {
		const { reference, rating } = wantedOf(named, points, grade);
		const question = await questionToRate(context, reference);
		if (rating === null) return choiceReply(context, question, answerId);
		const { rated, view, inRun } = await rateAndGoOn(context, question, rating, answerId);
		const ticked = "points" in rating ? new Set(rating.points).size : null;
		if (!view)
			return ratedReply(question, rated, ticked, { inRun, share: await canShare(context.services, rated.answer) });
		// The card below it is the next question's.
		const line = `Noted for "${question.title}". ${gradedText(question, outcomeOf(question, rated, ticked))}`;
		const reply = runReply(context, view, line, [
			button("Change grade", "rate", { question: question.id, answer: String(rated.answer.id) }),
		]);
		return { ...reply, data: { ...reply.data, ...bookingData(question, rated), grade: rated.grade } };
	},
	async again({ services, workspace, member, asker, now }, answerId) {
		const answer = answerId === null ? null : await services.store.answers.answer(member.id, answerId);
		const question = answer && (await questionOf(services, workspace.id, answer.questionId, answer.revision));
		if (!question || !answer.grade) return null;
		const memory = await services.store.practice.memory(member.id, answer.questionId);
		const books = memory?.answerId === answer.id;
		const run = await services.store.practice.openRun(member.id);
		const inRun = run !== null && currentStep(run)?.questionId === question.id;
		const day = await readPracticeDay(services.store, asker, now);
		const open = await services.store.answers.openOccurrences(workspace.id, member.id, question.id, now);
		const rated = { answer, grade: answer.grade, capped: false, books, memory, day, isOpen: open.length > 0 };
		return ratedReply(question, rated, answer.points?.length ?? null, {
			inRun,
			share: await canShare(services, answer),
		});
	},
});
