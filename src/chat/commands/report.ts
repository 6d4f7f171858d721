import { UserError } from "../../core/errors.ts";
import { resolveQuestion } from "../../core/question/asking.ts";
import type { Card } from "../card.ts";
import { questionData } from "../cards/question.ts";
import { defineCommand } from "../command.ts";
import { questionOption, textOption } from "../option.ts";

const LONGEST_REPORT = 1000;

const REPORTED: Card = {
	tone: "good",
	title: "Thank you: reported",
	blocks: [
		{
			type: "text",
			text: "The admins here and the operator see it. If an option is corrected, those who chose what is right count as right.",
		},
	],
};

export const report = defineCommand({
	name: "report",
	summary: "Say that a question or its answer is wrong or outdated, and why",
	options: {
		question: questionOption("Its id, today or last"),
		text: textOption("What is wrong or outdated, and why"),
	},
	example: "report kv-cache The figure is per layer, not in all.",
	form: {
		missing: "text",
		async open(context, options) {
			const question = await resolveQuestion(context.services, context.asker, options.question ?? "last", context.now);
			return {
				title: "Report a mistake",
				call: { command: "report", options: { question: question.id } },
				fields: [
					{
						type: "text",
						name: "text",
						label: "This is wrong or outdated, because …",
						hint: question.title,
						long: true,
						required: true,
						longest: LONGEST_REPORT,
					},
				],
				submit: "Send",
			};
		},
	},
	async run(context, { question: reference, text }) {
		const question = await resolveQuestion(context.services, context.asker, reference, context.now);
		if (text.trim() === "" || text.length > LONGEST_REPORT)
			throw new UserError(
				`A report has 1 to ${LONGEST_REPORT} characters, here ${text.length}. Nothing was sent.`,
				"Say in a few sentences what is wrong, and how you know.",
			);
		const id = await context.services.transaction(async (tx) => {
			const number = await tx.store.bank.addReport(
				context.workspace.id,
				context.member.id,
				question.id,
				question.revision,
				text.replaceAll("\u0000", ""),
				context.now,
			);
			await tx.store.deliveries.add({
				workspaceId: context.workspace.id,
				platform: context.workspace.platform,
				kind: "report",
				key: `report:${number}`,
				occurrenceId: null,
				memberId: null,
				facts: { report: number },
				turn: 0,
				dueAt: context.now,
				expiresAt: new Date(context.now.getTime() + 24 * 60 * 60 * 1000),
			});
			return number;
		});
		context.daily.wake();
		return { card: REPORTED, data: { ...questionData(question), report: id } };
	},
	async again() {
		return { card: REPORTED };
	},
});
