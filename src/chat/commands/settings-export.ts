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

/** What members know of their rows, by table. */
const CONTENTS: readonly (readonly [string, (count: number) => string])[] = [
	["answers", (count) => counted(count, "answer")],
	["memories", (count) => `what you recall of ${counted(count, "question")}`],
	["streaks", (count) => (count === 1 ? "your streak" : "your streaks")],
	["practice_runs", (count) => counted(count, "practice run")],
	["away_dates", (count) => counted(count, "away date")],
	["own_questions", (count) => counted(count, "own question")],
	["reports", (count) => counted(count, "report")],
];

/** What an export contains, in a member's words. */
function contentsText(tables: Readonly<Record<string, readonly unknown[]>>): string {
	const known = CONTENTS.flatMap(([name, words]) => {
		const count = tables[name]?.length ?? 0;
		return count === 0 ? [] : [words(count)];
	});
	const named = new Set(["members", ...CONTENTS.map(([name]) => name)]);
	const hasMore = Object.entries(tables).some(([name, table]) => !named.has(name) && table.length > 0);
	const parts = [
		"your name and settings",
		...known,
		...(hasMore ? ["smaller records, such as which questions you were shown"] : []),
	];
	return parts.length === 1 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}

async function rows(context: Context): Promise<Reply> {
	const tables = await context.services.store.people.exportMember(context.member.id);
	const count = Object.values(tables).reduce((sum, table) => sum + table.length, 0);
	const text = `Everything kept about you here: ${contentsText(tables)}.`;
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
