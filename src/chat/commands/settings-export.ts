import { counted } from "../../core/text/counted.ts";
import { defineCommand } from "../command.ts";

export const settingsExport = defineCommand({
	name: "settings export",
	summary: "All rows that are kept of you, as JSON",
	options: {},
	example: "settings export",
	async run(context) {
		const rows = await context.services.store.people.exportMember(context.member.id);
		const tables = Object.values(rows).filter((table) => table.length > 0).length;
		const count = Object.values(rows).reduce((sum, table) => sum + table.length, 0);
		return {
			card: {
				tone: "good",
				title: "Your data",
				blocks: [
					{
						type: "text",
						text: `${counted(count, "row")} of ${counted(tables, "table")}: all that is kept of you in this workspace.`,
					},
				],
			},
			data: { rows: count },
			file: { name: "nlpq-my-data.json", content: JSON.stringify(rows, null, 2) },
		};
	},
});
