import type { Schedule } from "../../core/model.ts";
import type { LedgerEntry } from "../../core/ports/streaks.ts";
import { evaluatedStreaks, isOwnChannel, ofChannel } from "../../core/streak/boards.ts";
import type { Evaluated } from "../../core/streak/streaks.ts";
import { lastWeeks } from "../../core/streak/weeks.ts";
import type { Reply } from "../card.ts";
import { type StreakView, streakCard } from "../cards/streak.ts";
import { type Context, defineCommand } from "../command.ts";
import { memberNamed } from "../member-argument.ts";
import { memberOption, optional } from "../option.ts";

/** Ledger lines at the end of a streak card. */
const MAX_EVENTS = 5;
/** Ledger lines of all schedules to read, among which to find them. */
const LEDGER_READ = 50;

async function viewOf(context: Context, schedule: Schedule, memberId: number, streak: Evaluated): Promise<StreakView> {
	const { store } = context.services;
	const days = await lastWeeks(store, schedule, memberId, streak, context.now);
	const waiting = days.some((day) => day.mark === "open");
	const { row } = streak;
	return {
		channel: { type: "channel", id: schedule.channelId, name: schedule.channelName },
		current: row.current,
		longest: row.longest,
		freezes: row.freezes,
		days,
		waiting,
	};
}

/** The latest events of the member's streaks, newest first. Includes events that the next booking will add. */
function lastEvents(streaks: readonly Evaluated[], booked: readonly LedgerEntry[]): LedgerEntry[] {
	const scheduleIds = new Set(streaks.map(({ row }) => row.scheduleId));
	const pending = streaks.flatMap((evaluated) => evaluated.ledger).toReversed();
	return [...pending, ...booked.filter((entry) => scheduleIds.has(entry.scheduleId))]
		.sort((a, b) => b.localDate.localeCompare(a.localDate))
		.slice(0, MAX_EVENTS);
}

export const streak = defineCommand({
	name: "streak",
	summary: "Current and longest streak, freezes, the last weeks, and how it was counted",
	wishedAs: ["freeze", "freezes"],
	options: { member: optional(memberOption("Whose; yours if left out")) },
	example: "streak",
	async run(context, { member: text }): Promise<Reply> {
		const { store } = context.services;
		const member = await memberNamed(context, text);
		const own = member.id === context.member.id;
		const { asker } = context;
		const [all, streaks, booked] = await Promise.all([
			store.schedules.list(context.workspace.id),
			evaluatedStreaks(store, member.id, context.now),
			own ? store.streaks.ledgerOf(member.id, LEDGER_READ) : [],
		]);
		const here = ofChannel(all, asker);
		const living = new Map(here.map((schedule) => [schedule.id, schedule]));
		const views = await Promise.all(
			streaks.flatMap((evaluated) => {
				const schedule = living.get(evaluated.row.scheduleId);
				return schedule ? [viewOf(context, schedule, member.id, evaluated)] : [];
			}),
		);
		const relevant = streaks.filter(({ row }) => !isOwnChannel(here, asker) || living.has(row.scheduleId));
		const longest = Math.max(0, ...relevant.map(({ row }) => row.longest));
		const ledger = own ? lastEvents(relevant, booked) : [];
		const [best] = views;
		const shown = best ? [{ ...best, longest: Math.max(best.longest, longest) }, ...views.slice(1)] : [];
		return {
			card: streakCard(own ? null : member.name, shown, ledger),
			data: { current: best?.current ?? 0, longest, freezes: best?.freezes ?? 0 },
		};
	},
});
