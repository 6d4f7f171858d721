import type { Board } from "../../core/ports/boards.ts";
import type { BoardPage, Period } from "../../core/streak/boards.ts";
import { participationShare, type RankedRow } from "../../core/streak/leaderboard.ts";
import { counted } from "../../core/text/counted.ts";
import { type Block, button, type Card, type Inline, plain, strong } from "../card.ts";

const TITLES: Readonly<Record<Board, string>> = {
	current: "Current streaks",
	longest: "Longest streaks",
	answered: "Daily questions answered",
	accuracy: "Accuracy of quick checks",
};
const PERIODS: Readonly<Record<Period, string>> = {
	week: "this week",
	month: "this month",
	season: "this season",
	all: "since the beginning",
};

/** A board's value with its unit. */
export function boardValue(board: Board, value: number): string {
	switch (board) {
		case "accuracy":
			return `${Math.round(100 * value)}%`;
		case "answered":
			return counted(value, "question");
		case "current":
		case "longest":
			return `${value} in a row`;
	}
}

/** The rank is text, not a list marker: a client that renumbers lists would break shared ranks. */
function line(board: Board, row: RankedRow): Inline[] {
	return [strong(`#${row.rank}`), "  ", plain(row.name), `: ${boardValue(board, row.value)}`];
}

const OWN_WORDS: Readonly<Record<Board, string>> = {
	current: "Your streak",
	longest: "Your longest streak",
	answered: "You answered",
	accuracy: "Your quick checks",
};

export interface BoardChoice {
	readonly board: Board;
	readonly period: Period;
	readonly scope: "here" | "workspace";
	/** From 0. */
	readonly page: number;
}

function turn(label: string, choice: BoardChoice, changes: Partial<BoardChoice>) {
	const next = { ...choice, ...changes };
	return button(label, "leaderboard", {
		board: next.board,
		period: next.period,
		scope: next.scope,
		page: String(next.page + 1),
	});
}

const isCounted = (board: Board): boolean => board === "answered" || board === "accuracy";

/** The period that a board goes by when another one is asked for: streaks have no weeks. */
export function periodOf(board: Board, period: Period): Period {
	return isCounted(board) || (board === "current" && period === "season") ? period : "all";
}

/** Says so when a board does not go by the period that was asked for. */
function otherPeriod({ board, period }: BoardChoice, asked: Period): Block[] {
	if (asked === period) return [];
	const text =
		board === "current"
			? `The board of streaks has no ${asked}, so these are today's. \`period:season\` ranks the longest run of the quarter.`
			: "Longest streaks have no period: they count from the beginning.";
	return [{ type: "note", text }];
}

const FOR_ACCURACY = "You need ten quick checks of daily questions to appear here.";

function nobodyHere({ board, page }: BoardChoice, { pages }: BoardPage): string {
	if (pages) return `There is no page ${page + 1}. The last one is ${pages}.`;
	return board === "accuracy"
		? "Nobody has ten quick checks of daily questions yet."
		: "Nobody is on this board yet: `/nlpq today` gets you there.";
}

/** The board's channel or workspace, and how many of the active members have answered today. */
function whereText(where: Inline, { participation }: BoardPage): Inline[] {
	const share = participation ? participationShare(participation.today, participation.active) : null;
	if (!participation || share === null) return ["In ", where, "."];
	return ["In ", where, `: ${participation.today} of ${participation.active} answered today, ${share}%.`];
}

/**
 * One page of a board, ten rows, with the team's participation above it. It never lists who has not answered.
 * @param where the channel, or the workspace
 * @param asked the period that was asked for
 */
export function leaderboardCard(where: Inline, choice: BoardChoice, asked: Period, page: BoardPage): Card {
	const { board, period } = choice;
	const blocks: Block[] = [{ type: "text", text: whereText(where, page) }, ...otherPeriod(choice, asked)];
	blocks.push({
		type: "text",
		text:
			page.rows.length > 0
				? page.rows.flatMap((row, index) => [...(index > 0 ? ["\n"] : []), ...line(board, row)])
				: nobodyHere(choice, page),
	});
	const buttons = [
		...(choice.page > 0 ? [turn("Back", choice, { page: Math.max(0, (page.pages ?? choice.page) - 1) })] : []),
		...(page.more ? [turn("More", choice, { page: choice.page + 1 })] : []),
		...(["current", "longest", "answered"] as const)
			.filter((other) => other !== board)
			.map((other) => turn(TITLES[other], choice, { board: other, period: periodOf(other, period), page: 0 })),
	];
	blocks.push({ type: "actions", buttons });
	const isRun = board === "current" && period === "season";
	const title = isRun ? "Longest runs" : TITLES[board];
	return { tone: "plain", title: `${title}${isCounted(board) || isRun ? ` ${PERIODS[period]}` : ""}`, blocks };
}

/** The asker's own place, shown privately. */
export function ownRankCard(board: Board, own: BoardPage["own"], hidden: boolean): Card {
	if (!own)
		return {
			tone: "plain",
			title: "You are not on this board yet",
			blocks: [
				{ type: "text", text: board === "accuracy" ? FOR_ACCURACY : "Today's question gets you there: `/nlpq today`." },
			],
		};
	const note = hidden ? " Others do not see you there; `/nlpq settings leaderboard yes` changes that." : "";
	return {
		tone: "plain",
		title: `Your rank: ${own.rank}`,
		blocks: [{ type: "text", text: `${OWN_WORDS[board]}: ${boardValue(board, own.value)}.${note}` }],
	};
}
