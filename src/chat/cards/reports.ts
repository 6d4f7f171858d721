import type { Report } from "../../core/ports/reports.ts";
import type { Question } from "../../core/question/question.ts";
import { counted } from "../../core/text/counted.ts";
import { type Block, type Button, button, type Card, instant, plain, strong, type Text, titled } from "../card.ts";

/** A report with its question and its texts. */
export interface ShownReport {
	readonly report: Report;
	/** The question at the reported revision; null if it no longer exists. */
	readonly question: Question | null;
	readonly words: readonly string[];
}

const STATES: Readonly<Record<Report["state"], string>> = {
	open: "open",
	accepted: "accepted",
	declined: "declined",
	duplicate: "duplicate",
	corrected: "corrected since",
};

const titleOf = ({ report, question }: ShownReport): string => question?.title ?? report.questionId;

function decisions(id: number): Button[] {
	const options = { report: String(id) };
	return [
		button("Accept", "reports accept", options, "primary"),
		button("Decline", "reports decline", options),
		button("Duplicate", "reports duplicate", options),
	];
}

function reportBlocks(shown: ShownReport): Block[] {
	const { report, words } = shown;
	const others = report.repeats === 0 ? "" : ` · reported ${counted(report.repeats + 1, "time")}`;
	const heading: Text = [
		strong(`#${report.id} ${titleOf(shown)}`),
		` · \`${report.questionId}\`, revision ${report.revision} · `,
		instant(report.at, "UTC"),
		`${others} · ${STATES[report.state]}`,
		...(report.decidedAt === null ? [] : [" ", instant(report.decidedAt, "UTC")]),
	];
	const more = report.repeats + 1 - words.length;
	return [
		{ type: "text", text: heading },
		...words.map((text): Block => ({ type: "quote", text })),
		...(more > 0 ? [{ type: "note" as const, text: `And ${counted(more, "report")} more.` }] : []),
		...(report.reason === null ? [] : [{ type: "text" as const, text: ["Declined, because: ", plain(report.reason)] }]),
		{
			type: "actions",
			buttons: [
				...(report.state === "open" ? decisions(report.id) : []),
				button("Show the question", "show", { question: report.questionId }),
			],
		},
	];
}

/** One page of reports. @param turns buttons for other pages */
export function reportsCard(
	which: "open" | "all",
	total: number,
	page: readonly ShownReport[],
	turns: readonly Button[],
): Card {
	const none =
		which === "open"
			? "No report is waiting for a decision. Members report with the button under each answer."
			: "Nobody has reported anything yet. Members report with the button under each answer.";
	return {
		tone: "plain",
		title: which === "open" ? counted(total, "open report") : counted(total, "report"),
		blocks: [
			...(total === 0 ? [{ type: "text" as const, text: none }] : page.flatMap(reportBlocks)),
			...(turns.length > 0 ? [{ type: "actions" as const, buttons: turns }] : []),
		],
	};
}

const TITLES = { accepted: "Accepted", declined: "Declined", duplicate: "Marked as a duplicate" } as const;

/** The card after an admin's decision. */
export function decidedCard(report: Report, state: keyof typeof TITLES): Card {
	const recipients = report.repeats === 0 ? "The member who reported it gets" : "Everybody who reported it gets";
	const next =
		state === "accepted"
			? " It stays on the author's list until the question is corrected (`npm run questions -- --reports`)."
			: "";
	return {
		tone: "good",
		title: `${TITLES[state]}: report #${report.id}`,
		blocks: [
			{ type: "text", text: `${recipients} a private message about it.${next}` },
			{ type: "actions", buttons: [button("Open reports", "reports open", {}, "primary")] },
		],
	};
}

function outcomeText({ state, reason }: Report): Text {
	switch (state) {
		case "accepted":
			return "You were right: an admin has accepted your report, and it goes to the author. Thank you.";
		case "declined":
			return ["An admin has looked at it and leaves the question as it is: ", plain(reason ?? ""), " Thank you."];
		case "duplicate":
			return "Somebody had reported the same before you, and it is being looked after. Thank you.";
		default:
			return "The question has been revised since. Have another look at it. Thank you.";
	}
}

/** The outcome of a member's report. */
export function reportOutcomeCard(shown: ShownReport): Card {
	return {
		tone: shown.report.state === "declined" ? "plain" : "good",
		title: titled("Your report", titleOf(shown)),
		blocks: [
			{ type: "text", text: outcomeText(shown.report) },
			{ type: "actions", buttons: [button("Show the question", "show", { question: shown.report.questionId })] },
		],
	};
}

/** A member's report, for admins. It does not say who sent it. */
export function reportCard(
	{ id, questionId, text }: Pick<Report, "id" | "questionId" | "text">,
	question: Pick<Question, "title"> | null,
): Card {
	return {
		tone: "warning",
		title: titled("Reported", question?.title ?? questionId),
		blocks: [
			{ type: "text", text: `Report #${id}: a member says that this is wrong or outdated, because:` },
			{ type: "quote", text },
			{
				type: "actions",
				buttons: [...decisions(id), button("Show the question", "show", { question: questionId })],
			},
		],
	};
}
