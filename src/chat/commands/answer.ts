import { UserError } from "../../core/errors.ts";
import type { OpenOccurrence } from "../../core/ports/answers.ts";
import { questionOf, resolveQuestion } from "../../core/question/asking.ts";
import { isAttempt } from "../../core/question/attempt.ts";
import { hasCheck, type Question } from "../../core/question/question.ts";
import {
	MAX_ANSWER_LENGTH,
	NotAnAttempt,
	type Recorded,
	readRecordedAnswer,
	recordAnswer,
	requireAttempt,
} from "../../core/service/answering.ts";
import { isSpoilable } from "../../core/service/revealing.ts";
import { button, type Reply } from "../card.ts";
import { answeredCard } from "../cards/answer.ts";
import { type AnswerStanding, answerForm, questionData } from "../cards/question.ts";
import { defineCommand } from "../command.ts";
import { questionOption, textOption } from "../option.ts";
import { bookingData, withPractice } from "../practice-replies.ts";
import { Refusal } from "../refused-command.ts";
import { questionBefore } from "../text-argument.ts";

const answeredReply = (
	question: Question,
	recorded: Recorded,
	text: string,
	ticked: readonly number[] | null = null,
): Reply => ({
	card: withPractice(answeredCard(question, recorded, text, { share: recorded.counted, ticked }), question, recorded),
	data: {
		...questionData(question),
		counted: recorded.counted,
		streak: recorded.streak?.current ?? null,
		...bookingData(question, recorded),
	},
});

function standingOf(open: readonly OpenOccurrence[]): AnswerStanding {
	if (isSpoilable(open)) return "counts";
	if (open.length === 0) return "not-open";
	return open.some(({ attempted }) => attempted) ? "attempted" : "revealed";
}

export const answer = defineCommand({
	name: "answer",
	summary: "Answer a question in your own words",
	textOnly: true,
	showsAnswer: true,
	options: {
		question: questionOption("Its id, today or last"),
		text: textOption("Your answer", MAX_ANSWER_LENGTH, "answer"),
	},
	example: "answer today Attention weighs every token against every other.",
	form: {
		missing: "text",
		check: {
			isNeeded: (bank, { question: id, text }) => {
				const question = id === undefined ? undefined : bank.get(id);
				return text !== undefined && (!question || !isAttempt(question, text));
			},
			async look({ services, asker, now }, { question, text }) {
				const meant = await resolveQuestion(services, asker, question ?? "", now);
				await requireAttempt(services, asker, meant, text ?? "", now);
			},
		},
		async open(context, options) {
			const { services, asker, now } = context;
			const question = await resolveQuestion(services, asker, options.question ?? "today", now);
			const open = await services.store.answers.openOccurrences(asker.workspace.id, asker.member.id, question.id, now);
			return answerForm(question, standingOf(open));
		},
	},
	async run(context, options) {
		const { services, asker, now } = context;
		const question = await questionBefore(context, "answer", options);
		const answer = { kind: "text", text: options.text } as const;
		const recorded = await recordAnswer(services, asker, question, answer, now).catch((error: unknown) => {
			if (!(error instanceof UserError) || error.field !== "text") throw error;
			// A text that is no attempt comes back with a button of its own.
			const form =
				error instanceof NotAnAttempt ? [] : [button("Answer", "answer", { question: question.id }, "primary")];
			const check = hasCheck(question) ? [button("Quick check", "check", { question: question.id })] : [];
			throw new Refusal(error, [...form, ...check]);
		});
		context.daily.wake();
		return answeredReply(question, recorded, options.text);
	},
	async again(context, answerId) {
		const stored =
			answerId === null ? null : await readRecordedAnswer(context.services, context.asker, answerId, context.now);
		const question =
			stored &&
			(await questionOf(context.services, context.workspace.id, stored.answer.questionId, stored.answer.revision));
		return question && answeredReply(question, stored.recorded, stored.answer.text ?? "", stored.answer.points);
	},
});
