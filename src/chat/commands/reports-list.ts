import { questionAt } from "../../core/question/workspace-bank.ts";
import { button, type Reply } from "../card.ts";
import { reportsCard, type ShownReport } from "../cards/reports.ts";
import { type Context, defineCommand } from "../command.ts";
import { numberOption, optional } from "../option.ts";

/** Reports per page. Each has its own row of buttons, and Discord allows five rows. */
const PAGE = 3;
/** The most texts to show for one report. More would only repeat it. */
const MAX_WORDS = 3;

async function page(context: Context, which: "open" | "all", number: number): Promise<Reply> {
	const { reports } = context.services.store;
	const { id } = context.workspace;
	const total = await reports.count(id, which);
	const from = (number - 1) * PAGE;
	const found = await reports.list(id, which, from, PAGE);
	const shown = await Promise.all(
		found.map(
			async (report): Promise<ShownReport> => ({
				report,
				question: await questionAt(context.services, id, report.questionId, report.revision),
				words: await reports.words(id, report.id, MAX_WORDS),
			}),
		),
	);
	const turn = (label: string, to: number) => button(label, `reports ${which}`, { page: String(to) });
	const turns = [
		...(from > 0 ? [turn("Newer", number - 1)] : []),
		...(from + PAGE < total ? [turn("Older", number + 1)] : []),
		which === "open" ? button("All reports", "reports all") : button("Open ones", "reports open"),
	];
	const data = found.map((report) => ({
		report: report.id,
		question: report.questionId,
		revision: report.revision,
		state: report.state,
		reports: report.repeats + 1,
		at: report.at.toISOString(),
	}));
	return { card: reportsCard(which, total, shown, turns), data: { total, reports: data } };
}

const options = { page: optional(numberOption("Page, three reports each", 1, 100_000)) };

export const reportsOpen = defineCommand({
	name: "reports open",
	summary: "Reports that wait for a decision",
	admin: true,
	groupDefault: true,
	replacesCard: true,
	options,
	example: "reports open",
	run: (context, values) => page(context, "open", values.page ?? 1),
});

export const reportsAll = defineCommand({
	name: "reports all",
	summary: "All reports and what became of them",
	admin: true,
	replacesCard: true,
	options,
	example: "reports all",
	run: (context, values) => page(context, "all", values.page ?? 1),
});
