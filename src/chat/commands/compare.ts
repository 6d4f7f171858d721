import type { Answer } from "../../core/model.ts";
import { isCurrent } from "../../core/practice/run.ts";
import { questionOf, resolveQuestion } from "../../core/question/asking.ts";
import { OPTION_LETTERS, type Question } from "../../core/question/question.ts";
import { canShare, readRecordedAnswer } from "../../core/service/answering.ts";
import { wouldSpoil } from "../../core/service/revealing.ts";
import type { Card } from "../card.ts";
import { answeredCard, checkedCard, PARTS, type Part, partCard, revealedCard } from "../cards/answer.ts";
import { questionData, revealFirstCard, revealQuestionCard } from "../cards/question.ts";
import { type Context, defineCommand } from "../command.ts";
import { choiceOption, flagOption, fromForm, numberOption, optional, questionOption } from "../option.ts";
import { withNext, withPractice } from "../practice-replies.ts";

/** Rebuilds the card that followed an answer. */
async function afterAnswer({ services, asker, now }: Context, question: Question, answer: Answer): Promise<Card> {
	const stored = await readRecordedAnswer(services, asker, answer.id, now);
	if (!stored) return revealedCard(question, { cost: false });
	const { recorded } = stored;
	const option = OPTION_LETTERS.find((letter) => letter === answer.option);
	const shown = { share: recorded.counted && answer.sharedAt === null, ticked: answer.points };
	const card = option
		? checkedCard(question, option, recorded)
		: answeredCard(question, recorded, answer.text ?? "", shown);
	return withPractice(card, question, recorded);
}

/** One part, with the button that goes on: in a run to its next question. */
async function partOf({ services, member }: Context, question: Question, part: Part, own: Answer | null) {
	const card = partCard(question, part, own, own !== null && (await canShare(services, own)));
	return isCurrent(await services.store.practice.openRun(member.id), question.id) ? withNext(card, question) : card;
}

export const compare = defineCommand({
	name: "compare",
	label: "Strong answer",
	summary: "Your answer next to a strong one, with traps, follow-ups and references",
	textOnly: true,
	showsAnswer: true,
	replacesCard: true,
	options: {
		question: questionOption("Its id, today or last"),
		part: optional(choiceOption("What to look at; your answer if left out", PARTS)),
		answer: optional(numberOption("Which of your answers; the latest if left out", 1, 999_999_999)),
		seen: optional(fromForm(flagOption("Whether the answer was shown before"))),
	},
	example: "compare last strong",
	async run(context, { question: reference, part, answer: id, seen }) {
		const { services, asker, now, member } = context;
		const { answers } = services.store;
		const current = await resolveQuestion(services, asker, reference, now);
		// An old card must not reveal the answer if its question is open as a daily question now.
		if (await wouldSpoil(services, asker, current, now))
			return { card: revealQuestionCard(current), data: { ...questionData(current), revealed: false } };
		const named = id === null ? null : await answers.answer(member.id, id);
		const answer = named?.questionId === current.id ? named : await answers.latestAnswer(member.id, current.id);
		const isAskedAgain = id === null && (await services.store.practice.askedAt(member.id, current.id)) !== null;
		if ((!answer || isAskedAgain) && !seen)
			return { card: revealFirstCard(current), data: { ...questionData(current), revealed: false } };
		// The revision that the member answered.
		const question =
			(answer && (await questionOf(services, context.workspace.id, current.id, answer.revision))) ?? current;
		const data = { ...questionData(question), part };
		if (part !== null) return { card: await partOf(context, question, part, answer), data };
		return {
			card: answer ? await afterAnswer(context, question, answer) : revealedCard(question, { cost: false }),
			data,
		};
	},
});
