import { ownId } from "../../core/question/own.ts";
import { button } from "../card.ts";
import { noneWaiting, waitingCard } from "../cards/own.ts";
import { defineCommand } from "../command.ts";
import { numberOption, optional } from "../option.ts";

export const questionsWaiting = defineCommand({
	name: "questions waiting",
	summary: "Suggestions of members that wait for a decision",
	admin: true,
	replacesCard: true,
	options: { page: optional(numberOption("Which one; 1 is the oldest", 1, 1_000)) },
	example: "questions waiting",
	async run({ services, workspace }, { page }) {
		const { own } = services.store;
		const total = await own.count(workspace.id, "waiting");
		const number = Math.min(page ?? 1, Math.max(1, total));
		const [question] = await own.list(workspace.id, "waiting", number - 1, 1);
		if (!question) return { card: noneWaiting, data: { total: 0 } };
		const turn = (label: string, to: number) => button(label, "questions waiting", { page: String(to) });
		const turns = [
			...(number > 1 ? [turn("Back", number - 1)] : []),
			...(number < total ? [turn("Next", number + 1)] : []),
		];
		return {
			card: waitingCard(question, ` (${number} of ${total})`, turns),
			data: { total, question: ownId(question.number), title: question.content.title },
		};
	},
});
