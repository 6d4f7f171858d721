import { UserError } from "../../core/errors.ts";
import { decideReport } from "../../core/question/reports.ts";
import type { Reply } from "../card.ts";
import { decidedCard } from "../cards/reports.ts";
import { type Context, defineCommand } from "../command.ts";
import { numberOption, textOption } from "../option.ts";

const MAX_REASON_LENGTH = 500;

type State = "accepted" | "declined" | "duplicate";

const reportNumber = () => numberOption("Its number, as in reports", 1, 999_999_999);

async function decide(context: Context, id: number, state: State, reason: string | null): Promise<Reply> {
	const report = await decideReport(context.services, context.asker, id, state, reason, context.now);
	context.daily.wake();
	return { card: decidedCard(report, state), data: { report: id, state } };
}

/** Rebuilds the reply to a decision from the report. */
const again = (state: State) => async (context: Context, id: number | null) => {
	const report = id === null ? null : await context.services.store.reports.get(context.workspace.id, id);
	return report && { card: decidedCard(report, state) };
};

export const reportsAccept = defineCommand({
	name: "reports accept",
	summary: "Agree with a report: the question is to be corrected",
	admin: true,
	textOnly: true,
	replacesCard: true,
	options: { report: reportNumber() },
	example: "reports accept 3",
	run: (context, { report }) => decide(context, report, "accepted", null),
	again: again("accepted"),
});

export const reportsDuplicate = defineCommand({
	name: "reports duplicate",
	summary: "Close a report that says the same as another one",
	admin: true,
	textOnly: true,
	replacesCard: true,
	options: { report: reportNumber() },
	example: "reports duplicate 3",
	run: (context, { report }) => decide(context, report, "duplicate", null),
	again: again("duplicate"),
});

export const reportsDecline = defineCommand({
	name: "reports decline",
	summary: "Close a report and tell the member why the question stays as it is",
	admin: true,
	textOnly: true,
	replacesCard: true,
	options: {
		report: reportNumber(),
		reason: textOption("Why the question stays as it is; the member reads it", MAX_REASON_LENGTH, "reason"),
	},
	example: "reports decline 3 The figure is per layer, as the prompt says.",
	form: {
		missing: "reason",
		async open(_context, { report }) {
			return {
				title: `Decline report #${report ?? ""}`,
				call: { command: "reports decline", options: { report: String(report ?? "") } },
				fields: [
					{
						type: "text",
						name: "reason",
						label: "Why does the question stay as it is?",
						hint: "The member who reported it reads this.",
						long: true,
						required: true,
						longest: MAX_REASON_LENGTH,
					},
				],
				submit: "Decline",
			};
		},
	},
	run(context, { report, reason }) {
		const why = reason.trim();
		if (why === "" || why.length > MAX_REASON_LENGTH)
			throw new UserError(
				`A reason has 1 to ${MAX_REASON_LENGTH} characters, here ${why.length}. Nothing was changed.`,
				"Say in a sentence or two why the question stays as it is.",
			);
		return decide(context, report, "declined", why);
	},
	again: again("declined"),
});
