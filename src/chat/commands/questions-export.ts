import { EXPORT_FORMATS, writeQuestions } from "../../core/import/write.ts";
import { ownId } from "../../core/question/own.ts";
import { counted } from "../../core/text/counted.ts";
import type { Card } from "../card.ts";
import { defineCommand } from "../command.ts";
import { choiceOption, optional } from "../option.ts";

const EXTENSIONS = { yaml: "yaml", csv: "csv", anki: "txt" } as const;

const NOTHING_TO_EXPORT: Card = {
	tone: "plain",
	title: "There is nothing to export",
	blocks: [
		{
			type: "text",
			text: "This workspace has no questions of its own that are asked. `/nlpq questions add` adds one, `/nlpq questions import` many.",
		},
	],
};

export const questionsExport = defineCommand({
	name: "questions export",
	summary: "This workspace's own questions as a file that can be imported again",
	admin: true,
	options: { format: optional(choiceOption("yaml if left out", EXPORT_FORMATS)) },
	example: "questions export csv",
	async run({ services, workspace }, { format }) {
		const questions = await services.store.own.active(workspace.id);
		const chosen = format ?? "yaml";
		if (questions.length === 0) return { card: NOTHING_TO_EXPORT, data: { questions: 0, format: chosen } };
		const written = questions.map(({ number, content }) => ({ id: ownId(number), content }));
		const content = writeQuestions(written, chosen);
		return {
			card: {
				tone: "good",
				title: counted(questions.length, "question exported", "questions exported"),
				blocks: [
					{
						type: "text",
						text: "`/nlpq questions import` takes the file again, here or in another workspace. Suggestions that wait and retired questions are not in it.",
					},
				],
			},
			data: { questions: questions.length, format: chosen },
			file: { name: `questions.${EXTENSIONS[chosen]}`, content },
		};
	},
});
