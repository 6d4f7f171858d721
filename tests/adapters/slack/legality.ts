import { expect } from "vitest";
import { mentionsIn } from "../../../packages/local-slack/mentions.ts";
import { checkContent } from "../../../packages/local-slack/schema/message.ts";
import { totalLength } from "../../../packages/local-slack/schema/texts.ts";
import { checkHome, checkModal } from "../../../packages/local-slack/schema/view.ts";
import { renderMessages, renderViewBlocks } from "../../../src/adapters/slack/outgoing/render.ts";
import { modalOf } from "../../../src/adapters/slack/outgoing/render-form.ts";
import type { RenderContext } from "../../../src/adapters/slack/outgoing/render-parts.ts";
import type { Block, Card } from "../../../src/chat/card.ts";
import * as after from "../../../src/chat/cards/answer.ts";
import { gradedCard } from "../../../src/chat/cards/grades.ts";
import { reminderCard } from "../../../src/chat/cards/notices.ts";
import * as cards from "../../../src/chat/cards/question.ts";
import { OPTION_LETTERS, type Question } from "../../../src/core/question/question.ts";
import type { Recorded } from "../../../src/core/service/answering.ts";
import { unbookedRating } from "../../support/ratings.ts";

export const context: RenderContext = { workspaceId: "T0123456789", pictures: new Map() };
const streak = {
	memberId: 1,
	scheduleId: 1,
	workspaceId: 1,
	current: 7,
	longest: 7,
	answered: 7,
	freezes: 1,
	booked: 7,
	bookedTo: 7,
	firstNumber: 1,
	latestNumber: 7,
};
const attempt: Recorded = {
	answerId: 1,
	correct: true,
	counted: true,
	reason: null,
	streak,
	milestones: [7],
	memory: null,
	books: false,
	hinted: false,
	day: { today: "2027-03-08", interviewOn: null },
	run: null,
};

/** Every card that can show a question. */
export function cardsOf(question: Question): Card[] {
	return [
		cards.questionCard(question),
		cards.dailyCard(question, 12_345, 98_765),
		cards.checkCard(question),
		cards.hintCard(question),
		after.answeredCard(question, attempt, "It *keeps* <@1> keys.\n".repeat(90), { share: true, ticked: [1] }),
		...after.PARTS.map((part) => after.partCard(question, part, { id: 7, text: "Mine.", kind: "text" })),
		...OPTION_LETTERS.map((option) => after.checkedCard(question, option, attempt)),
		cards.revealQuestionCard(question),
		after.revealedCard(question, { cost: true }),
		after.publicAnswerCard(question, 365),
		gradedCard(question, { ...unbookedRating, grade: "good", ticked: 3, missed: ["It *keeps* keys."] }, []),
		reminderCard(question.title, question.id),
	];
}

/** Puts characters that grow when escaped before every text of a card. */
export function worstCase(card: Card): Card {
	const wrap = (text: string) => `<!channel> & <@U1> ${text.replaceAll(" ", " &<> ")}`;
	const block = (one: Block): Block => {
		switch (one.type) {
			case "text":
			case "note":
				return {
					...one,
					text:
						typeof one.text === "string" ? wrap(one.text) : [{ type: "plain", text: wrap(JSON.stringify(one.text)) }],
				};
			case "heading":
				return { ...one, text: wrap(one.text) };
			case "list":
				return { ...one, items: one.items.map((item) => (typeof item === "string" ? wrap(item) : item)) };
			case "quote":
			case "preformatted":
				return { ...one, text: wrap(one.text) };
			case "checklist":
				return { ...one, items: one.items.map(wrap) };
			case "facts":
				return {
					...one,
					facts: one.facts.map((fact) => ({
						...fact,
						value: typeof fact.value === "string" ? wrap(fact.value) : fact.value,
					})),
				};
			case "typed":
				return { ...one, fields: one.fields.map((field) => ({ ...field, text: wrap(field.text) })) };
			case "picture":
			case "actions":
				return one;
		}
	};
	return { ...card, title: wrap(card.title), blocks: card.blocks.map(block) };
}

/** Checks a card as a message, a modal and a Home. @returns the length of its longest message, in UTF-16 units */
export function expectLegal(card: Card): number {
	const contents = renderMessages(card, context);
	for (const content of contents) {
		expect(checkContent(content)).toMatchObject({ ok: true, advice: [] });
		expect(mentionsIn(content)).toEqual([]);
	}
	expect(checkModal(modalOf(renderViewBlocks([card], context)))).toMatchObject({ ok: true });
	expect(checkHome({ type: "home", blocks: renderViewBlocks([card, card], context) })).toMatchObject({ ok: true });
	return Math.max(...contents.map((content) => totalLength(content.blocks)));
}
