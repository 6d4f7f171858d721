import type { Schedule } from "../../core/model.ts";
import type { StreakRow } from "../../core/ports.ts";
import { evaluatedStreaks, isOwnChannel, schedulesHere } from "../../core/service/boards.ts";
import { lastWeeks } from "../../core/service/weeks.ts";
import { askerOf } from "../asker.ts";
import type { Reply } from "../card.ts";
import { type StreakView, streakCard } from "../cards/streak.ts";
import { type Context, defineCommand } from "../command.ts";
import { memberMeant } from "../member-desk.ts";
import { memberOption, optional } from "../option.ts";

/** Lines of the ledger that a streak's card ends with. */
const WHY_LINES = 5;

async function viewOf(context: Context, schedule: Schedule, memberId: number, row: StreakRow): Promise<StreakView> {
	const { store } = context.services;
	const days = await lastWeeks(store, schedule, memberId, row, context.now);
	const waiting = days.some((day) => day.mark === "open");
	return {
		channel: schedule.channelName,
		current: row.current,
		longest: row.longest,
		freezes: row.freezes,
		days,
		waiting,
	};
}

export const streak = defineCommand({
	name: "streak",
	summary: "Current and longest streak, freezes, the last weeks, and why",
	audience: "member",
	slow: true,
	options: { member: optional(memberOption("Whose; yours if left out")) },
	example: "streak",
	async run(context, { member: text }): Promise<Reply> {
		const { store } = context.services;
		const member = await memberMeant(context, text);
		const own = member.id === context.member.id;
		const asker = askerOf(context);
		const all = await store.schedules.list(context.workspace.id, true);
		const here = await schedulesHere(store, asker);
		const rows = await evaluatedStreaks(store, member.id, context.now);
		const living = new Set(here.map((schedule) => schedule.id));
		const views: StreakView[] = [];
		for (const row of rows) {
			const schedule = all.find((candidate) => candidate.id === row.scheduleId);
			if (!schedule || !living.has(schedule.id)) continue;
			views.push(await viewOf(context, schedule, member.id, row));
		}
		const wanted = (scheduleId: number) => !isOwnChannel(here, asker) || living.has(scheduleId);
		const relevant = rows.filter((row) => wanted(row.scheduleId));
		const longest = Math.max(0, ...relevant.map((row) => row.longest));
		const ledger = own
			? (await store.streaks.ledgerOf(member.id, 20)).filter((entry) => wanted(entry.scheduleId)).slice(0, WHY_LINES)
			: [];
		const [best] = views;
		const shown = best ? [{ ...best, longest: Math.max(best.longest, longest) }, ...views.slice(1)] : [];
		return {
			audience: "member",
			card: streakCard(own ? null : member.name, shown, ledger),
			data: { current: best?.current ?? 0, longest, freezes: best?.freezes ?? 0 },
		};
	},
});
