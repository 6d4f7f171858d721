import { UserError } from "../../core/errors.ts";
import { resolveQuestion } from "../../core/question/asking.ts";
import { fileReport } from "../../core/question/reports.ts";
import { button, type Card, strong } from "../card.ts";
import { questionData } from "../cards/question.ts";
import { defineCommand } from "../command.ts";
import { questionOption, textOption } from "../option.ts";
import { questionBefore } from "../text-argument.ts";

const MAX_REPORT_LENGTH = 1000;

const reportedCard = (question: string | null): Card => ({
	tone: "good",
	title: "Thank you for the report",
	blocks: [
		{
			type: "text",
			text: "The admins here and the operator read it, and you are told what became of it. If an option is corrected, those who chose what is right count as right.",
		},
		{
			type: "actions",
			buttons: [
				...(question === null ? [] : [button("Back to the answer", "compare", { question })]),
				button("Next question", "random"),
			],
		},
	],
});

export const report = defineCommand({
	name: "report",
	summary: "Say that a question or its answer is wrong or outdated, and why",
	options: {
		question: questionOption("Its id, today or last"),
		text: textOption("What is wrong or outdated, and why", MAX_REPORT_LENGTH, "report"),
	},
	offeredAs: { wrong: {}, incorrect: {}, outdated: {}, mistake: {}, answer: {} },
	example: "report kv-cache The figure is per layer, not in all.",
	form: {
		missing: "text",
		async open(context, options) {
			const question = await resolveQuestion(context.services, context.asker, options.question ?? "last", context.now);
			return {
				title: "Report a mistake",
				intro: [{ type: "text", text: [strong(question.title)] }],
				call: { command: "report", options: { question: question.id } },
				fields: [
					{
						type: "text",
						name: "text",
						label: "This is wrong or outdated, because …",
						hint: "The admins here and the operator read it.",
						long: true,
						required: true,
						longest: MAX_REPORT_LENGTH,
					},
				],
				submit: "Send",
			};
		},
	},
	async run(context, { question: named, text }) {
		const question = await questionBefore(context, "report", { question: named, text });
		if (text.trim() === "")
			throw new UserError(
				"The report is empty. Nothing was sent.",
				"Say in a few sentences what is wrong, and how you know.",
			);
		if (text.length > MAX_REPORT_LENGTH)
			throw new UserError(
				`A report has at most ${MAX_REPORT_LENGTH} characters, here ${text.length}. Nothing was sent.`,
				"Say in a few sentences what is wrong, and how you know.",
			);
		const id = await fileReport(context.services, context.asker, question, text, context.now);
		context.daily.wake();
		return { card: reportedCard(question.id), data: { ...questionData(question), report: id } };
	},
	async again() {
		return { card: reportedCard(null) };
	},
});
