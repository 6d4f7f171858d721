import type { Occurrence } from "../../core/model.ts";
import { recordSeen, todaysQuestion } from "../../core/question/asking.ts";
import { type Block, button, type Text } from "../card.ts";
import { openUntil, questionCard, questionData } from "../cards/question.ts";
import { defineCommand } from "../command.ts";

/** Says whether the member can still answer the question for the streak. */
function statusText({ deliveredAt }: Occurrence, attempted: boolean, revealed: boolean): Text {
	if (attempted) return "You have already answered this one, and it counted. Anything more is practice.";
	if (revealed) return "You have seen the answer. Anything you say now is practice.";
	return deliveredAt ? ["Open until at least ", openUntil(deliveredAt), "."] : "It is open.";
}

export const today = defineCommand({
	name: "today",
	summary: "The newest open daily question",
	wishedAs: ["today's", "todays", "daily", "day"],
	showsToday: true,
	options: {},
	example: "today",
	async run(context) {
		const { occurrence, question } = await todaysQuestion(context.services, context.asker, context.now);
		const { services, asker, member, workspace, now } = context;
		const open = await services.store.answers.openOccurrences(workspace.id, member.id, question.id, now);
		const isOpen = open.some((entry) => !entry.attempted && !entry.revealed);
		await recordSeen(services, asker, question, now, isOpen ? "asked" : "shown");
		const mine = open.find((entry) => entry.occurrence.id === occurrence.id);
		const attempted = mine?.attempted ?? false;
		const compare = attempted ? [button("My answer", "compare", { question: question.id })] : [];
		const card = questionCard(question, compare);
		const note: Block = { type: "note", text: statusText(occurrence, attempted, mine?.revealed ?? false) };
		return {
			card: {
				...card,
				title: `Today's question #${occurrence.number}: ${question.title}`,
				blocks: [...card.blocks.slice(0, -1), note, ...card.blocks.slice(-1)],
			},
			data: { ...questionData(question), number: occurrence.number, answered: attempted },
		};
	},
});
