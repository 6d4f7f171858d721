import { memberDeck } from "../../core/import/write.ts";
import { readPracticeInput } from "../../core/service/practising.ts";
import { counted } from "../../core/text/counted.ts";
import type { Reply } from "../card.ts";
import { type Context, defineCommand } from "../command.ts";
import { choiceOption, optional } from "../option.ts";

/** The questions that the member has met, except open daily questions, as an Anki deck. */
async function deck({ services, asker, now }: Context): Promise<Reply> {
	const { questions, memories } = await readPracticeInput(services, asker, null, now);
	const met = new Set(memories.map(({ questionId }) => questionId));
	const written = questions.filter(({ id }) => met.has(id));
	const title = counted(written.length, "question for Anki", "questions for Anki");
	if (written.length === 0)
		return {
			card: {
				tone: "plain",
				title,
				blocks: [
					{
						type: "text",
						text: "Your deck starts with the first question you answer. Today's joins it when it closes.",
					},
				],
			},
			data: { questions: 0, format: "anki" },
		};
	const text =
		"Those you have met. In Anki: File, Import. Import a later export the same way: it updates the notes and keeps Anki's own schedule.";
	return {
		card: { tone: "good", title, blocks: [{ type: "text", text }] },
		data: { questions: written.length, format: "anki" },
		file: { name: "nlpq-anki.txt", content: memberDeck(written) },
	};
}

async function rows(context: Context): Promise<Reply> {
	const tables = await context.services.store.people.exportMember(context.member.id);
	const filled = Object.values(tables).filter((table) => table.length > 0).length;
	const count = Object.values(tables).reduce((sum, table) => sum + table.length, 0);
	const text = `${counted(count, "row")} of ${counted(filled, "table")}: everything kept about you here.`;
	return {
		card: { tone: "good", title: "Your data", blocks: [{ type: "text", text }] },
		data: { rows: count },
		file: { name: "nlpq-my-data.json", content: JSON.stringify(tables, null, 2) },
	};
}

export const settingsExport = defineCommand({
	name: "settings export",
	summary: "Everything kept about you, or your deck for Anki",
	options: { format: optional(choiceOption("json if left out", ["json", "anki"])) },
	offeredAs: { download: {}, data: {}, answers: {}, anki: { format: "anki" }, deck: { format: "anki" } },
	example: "settings export",
	run: (context, { format }) => (format === "anki" ? deck(context) : rows(context)),
});
