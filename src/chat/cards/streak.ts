import { dateText } from "../../core/calendar/date-words.ts";
import type { LedgerEntry } from "../../core/ports/streaks.ts";
import { nextMilestone } from "../../core/streak/streak.ts";
import type { WeekDay } from "../../core/streak/weeks.ts";
import { counted } from "../../core/text/counted.ts";
import { type Block, button, type Card, type ChannelInline, type Picture, type Text } from "../card.ts";
import { alternativeText } from "../picture-text.ts";

/** One schedule's data on a streak card. */
export interface StreakView {
	readonly channel: ChannelInline;
	readonly current: number;
	readonly longest: number;
	readonly freezes: number;
	readonly days: readonly WeekDay[];
	/** Whether today's question is open and the member has not answered it. */
	readonly waiting: boolean;
}

const DAY_NAMES = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

function dayName(localDate: string, today: string): string {
	const date = new Date(`${localDate}T00:00:00Z`);
	return `${DAY_NAMES[date.getUTCDay()]} ${dateText(localDate, today)}`;
}

const runText = (length: number) => (length === 0 ? "0" : `${length} in a row`);

const freezesText = (freezes: number) => `${counted(freezes, "freeze")} held`;

/** One line of the ledger in words. */
function ledgerLine(entry: LedgerEntry, today: string): string {
	const day = dayName(entry.localDate, today);
	switch (entry.kind) {
		case "freeze-earned":
			return `${day}: ${entry.current} in a row, a freeze was earned (${freezesText(entry.freezes)}).`;
		case "freeze-used":
			return `${day}: missed, a freeze was used (${entry.freezes} left).`;
		case "missed":
			return `${day}: missed, and no freeze was held, so the streak went back to 0.`;
		case "away":
			return `${day}: you were away, which excuses it.`;
		case "repaired":
			return `${day}: an admin excused the miss.`;
	}
}

function nextStep(view: StreakView): string {
	const milestone = nextMilestone(view.current);
	const ahead =
		milestone === null
			? "You have passed every milestone."
			: `${counted(milestone - view.current, "more answer")} to the next milestone, ${milestone}.`;
	return view.waiting ? `${ahead} Today's question is open: \`/nlpq today\`.` : ahead;
}

const why: Text =
	"Your streak counts daily questions you answered in a row. A day without a question never breaks it, and neither does today's until it closes.";

/** Whether a day was missed since the oldest line of the ledger that has no line: the streak was 0 already. */
function hasUnlistedMiss({ days }: StreakView, ledger: readonly LedgerEntry[]): boolean {
	const dates = ledger.map(({ localDate }) => localDate).sort();
	const [oldest] = dates;
	if (oldest === undefined) return false;
	return days.some(({ mark, date }) => mark === "missed" && date > oldest && !dates.includes(date));
}

/** A member's streaks, best first. For the member's own, also the ledger that explains them. */
export function streakCard(name: string | null, views: readonly StreakView[], ledger: readonly LedgerEntry[]): Card {
	const [best] = views;
	const whose = name === null ? "Your streak" : `Streak of ${name}`;
	if (!best && name !== null)
		return {
			tone: "plain",
			title: `${whose}: 0`,
			blocks: [{ type: "text", text: "It starts with a first answer to a question of the day." }],
		};
	if (!best)
		return {
			tone: "plain",
			title: `${whose}: 0`,
			blocks: [
				{
					type: "text",
					text: "It starts with your first answer to a question of the day. Any honest attempt counts, right or wrong.",
				},
				{ type: "actions", buttons: [button("Today's question", "today", {}, "primary")] },
			],
		};
	const picture: Picture = {
		type: "heat-map",
		title: "The last 12 weeks",
		days: best.days,
	};
	const today = best.days.at(-1)?.date ?? "";
	const others = views.slice(1).map((view): Text => [view.channel, `: ${view.current} now, ${view.longest} at best`]);
	const blocks: Block[] = [
		{ type: "text", text: ["In ", best.channel, "."] },
		{
			type: "facts",
			facts: [
				{ name: "Longest", value: runText(best.longest) },
				{ name: "Freezes", value: `${best.freezes} held` },
			],
		},
		{ type: "picture", picture, alternative: alternativeText(picture) },
		{ type: "text", text: nextStep(best) },
	];
	if (others.length > 0) blocks.push({ type: "list", marker: "bullet", items: others });
	if (name === null) {
		blocks.push({ type: "heading", text: "Why" });
		blocks.push(
			ledger.length > 0
				? { type: "list", marker: "bullet", items: ledger.map((entry) => ledgerLine(entry, today)) }
				: { type: "text", text: "No miss so far, and no freeze used." },
		);
		if (hasUnlistedMiss(best, ledger))
			blocks.push({ type: "note", text: "A miss is not listed here if the streak was 0 already: it changed nothing." });
		blocks.push({ type: "note", text: why });
	}
	blocks.push({ type: "actions", buttons: [button("Leaderboard", "leaderboard"), button("My statistics", "stats")] });
	return { tone: "plain", title: `${whose}: ${runText(best.current)}`, blocks };
}
