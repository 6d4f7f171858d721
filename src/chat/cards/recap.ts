import { addDays } from "../../core/calendar/calendar.ts";
import { dateText } from "../../core/calendar/date-words.ts";
import type { Recap } from "../../core/daily/recap.ts";
import { counted } from "../../core/text/counted.ts";
import { type Block, button, type Card, type Inline, plain, type Text } from "../card.ts";

const names = (all: readonly string[]): Inline[] =>
	all.flatMap((name, index) => [...(index === 0 ? [] : [index === all.length - 1 ? " and " : ", "]), plain(name)]);

/** One sentence that compares the week with the one before. */
function participation({ participants, participantsBefore }: Recap["week"]): string {
	const now = participants === 0 ? "Nobody answered" : `${counted(participants, "member")} answered`;
	return `${now} a daily question; ${participantsBefore === 0 ? "nobody" : participantsBefore} did the week before.`;
}

/** The weekly post: who kept going, and what was hard. Never says who missed. @param hardest title of that question */
export function recapCard({ week, streaks, isSmall }: Recap, monday: string, hardest: string | null): Card {
	const lines: Text[] = [];
	if (!isSmall) {
		if (streaks.length > 0)
			lines.push([
				"Longest streaks: ",
				...streaks.flatMap(({ name, value }, index): Inline[] => [
					index === 0 ? "" : ", ",
					plain(name),
					` (${counted(value, "day")} in a row)`,
				]),
			]);
		if (week.more.length > 0)
			lines.push([...names(week.more), ` answered on ${week.moreDays} more days than the week before.`]);
		if (week.first.length > 0) lines.push(["First attempt: ", ...names(week.first), ". Welcome!"]);
		if (week.hardest && hardest !== null)
			lines.push([
				"Hardest: ",
				plain(hardest),
				` (${week.hardest.wrong} of ${week.hardest.checks} quick checks were wrong)`,
			]);
	}
	const sunday = addDays(monday, 6);
	const list: Block[] = lines.length > 0 ? [{ type: "list", marker: "bullet", items: lines }] : [];
	return {
		tone: "plain",
		title: `The week from ${dateText(monday, sunday)} to ${dateText(sunday, sunday)}`,
		blocks: [
			{ type: "text", text: participation(week) },
			...list,
			{ type: "actions", buttons: [button("Leaderboard", "leaderboard"), button("My streak", "streak")] },
		],
	};
}
