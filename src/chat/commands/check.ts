import { allDone } from "../../core/all-done.ts";
import { UserError } from "../../core/errors.ts";
import { isCurrent, placeText } from "../../core/practice/run.ts";
import { questionOf, recordSeen, resolveQuestion } from "../../core/question/asking.ts";
import { hasCheck, OPTION_LETTERS, type OptionLetter, type Question } from "../../core/question/question.ts";
import { type Recorded, readRecordedAnswer, recordAnswer } from "../../core/service/answering.ts";
import { wouldSpoil } from "../../core/service/revealing.ts";
import type { Reply } from "../card.ts";
import { checkedCard } from "../cards/answer.ts";
import { checkCard, questionData } from "../cards/question.ts";
import { defineCommand } from "../command.ts";
import { letterOption, optional, questionOption } from "../option.ts";
import { bookingData, withPractice } from "../practice-replies.ts";

/** @throws UserError for a workspace's own question without options */
function requireCheck(question: Question): void {
	if (!hasCheck(question))
		throw new UserError(
			"This question has no quick check. Nothing was recorded.",
			`Answer it in words: \`/nlpq answer ${question.id} <your answer>\`.`,
		);
}

const checkedReply = (question: Question, option: OptionLetter, recorded: Recorded): Reply => ({
	card: withPractice(checkedCard(question, option, recorded), question, recorded),
	data: {
		...questionData(question),
		correct: recorded.correct,
		counted: recorded.counted,
		streak: recorded.streak?.current ?? null,
		...bookingData(question, recorded),
	},
});

export const check = defineCommand({
	name: "check",
	summary: "A quick check: one of four options",
	wishedAs: ["quick"],
	textOnly: true,
	label: "Quick check",
	showsAnswer: true,
	options: {
		question: questionOption("Its id, today or last"),
		option: optional(letterOption("A, B, C or D; the options are shown without it")),
	},
	example: "check today B",
	async run(context, { question: reference, option }) {
		const { services, asker, now } = context;
		const question = await resolveQuestion(services, asker, reference, now);
		requireCheck(question);
		if (option === null) {
			await recordSeen(services, asker, question, now, "options");
			const [run, counts] = await allDone(
				services.store.practice.openRun(asker.member.id),
				wouldSpoil(services, asker, question, now),
			);
			// In a run, the place says that it is practice.
			const place = run && isCurrent(run, question.id) ? placeText(run) : null;
			const card = checkCard(question, counts || place !== null);
			const blocks = place === null ? [] : [{ type: "note" as const, text: `Practice, ${place.toLowerCase()}` }];
			return { card: { ...card, blocks: [...blocks, ...card.blocks] }, data: questionData(question) };
		}
		const recorded = await recordAnswer(services, asker, question, { kind: "check", option }, now);
		context.daily.wake();
		return checkedReply(question, option, recorded);
	},
	async again(context, answerId) {
		const stored =
			answerId === null ? null : await readRecordedAnswer(context.services, context.asker, answerId, context.now);
		const question =
			stored &&
			(await questionOf(context.services, context.workspace.id, stored.answer.questionId, stored.answer.revision));
		const option = OPTION_LETTERS.find((letter) => letter === stored?.answer.option);
		return question && option ? checkedReply(question, option, stored.recorded) : null;
	},
});
