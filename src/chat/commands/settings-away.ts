import { localDateOf } from "../../core/calendar/calendar.ts";
import { datesText, dateText } from "../../core/calendar/date-words.ts";
import { UserError } from "../../core/errors.ts";
import { AWAY_A_YEAR, overfullYears, pastDates, standingAwayDates } from "../../core/streak/away.ts";
import { button, type Reply } from "../card.ts";
import { type Context, defineCommand } from "../command.ts";
import { flagOption, optional } from "../option.ts";
import { datesOption } from "../time-options.ts";

function standingReply({ now }: Pick<Context, "now">, standing: readonly string[], said: string): Reply {
	const text = datesText(standing, now.toISOString().slice(0, 10));
	return {
		card: {
			tone: "good",
			title: standing.length === 0 ? "No away dates" : `Away dates: ${standing.length}`,
			blocks: [
				{ type: "text", text: said },
				...(standing.length > 0 ? [{ type: "text" as const, text }] : []),
				{ type: "actions", buttons: [button("All settings", "settings show")] },
			],
		},
		data: { away: standing },
	};
}

export const settingsAway = defineCommand({
	name: "settings away",
	summary: "Dates on which a miss is excused; 30 a calendar year",
	options: {
		dates: datesOption("Such as 2027-12-24..2027-12-31, tomorrow or next week, or several joined by commas"),
		cancel: optional(flagOption("yes takes the dates back")),
	},
	offeredAs: { holiday: {}, holidays: {}, vacation: {}, travelling: {}, traveling: {} },
	example: "settings away 2027-12-24..2027-12-31",
	async run(context, { dates: said, cancel }) {
		const { member, workspace, now } = context;
		const schedules = await context.services.store.schedules.list(workspace.id);
		// A date that is past in one zone may still be ahead in another.
		const zones = schedules.length > 0 ? schedules.map(({ zone }) => zone) : ["UTC"];
		const [today = ""] = zones.map((zone) => localDateOf(now, zone)).sort();
		const dates = said(today);
		const [past] = cancel ? [] : pastDates(dates, today);
		if (past)
			throw new UserError(
				`${dateText(past, today)} is over: being away can excuse only what is still to come. Nothing was changed.`,
				`Name dates from ${dateText(today, today)} on. An admin can excuse a miss of the past with \`/nlpq schedule repair\`.`,
			);
		const standing = await context.services.transaction(async ({ store: { people } }) => {
			await people.lockMember(member.id);
			const away = await people.awayDates(member.id);
			if (cancel) await people.withdrawAwayDates(member.id, dates, now);
			else {
				const [full] = overfullYears(away, dates);
				if (full)
					throw new UserError(
						`With these, ${full.year} would have ${full.dates} away dates; ${AWAY_A_YEAR} a year can excuse a miss. Nothing was changed.`,
						"Name fewer, or take some back with `cancel:yes` before they begin.",
					);
				const known = new Set(standingAwayDates(away));
				await people.addAwayDates(
					workspace.id,
					member.id,
					dates.filter((date) => !known.has(date)),
					now,
				);
			}
			return standingAwayDates(await people.awayDates(member.id));
		});
		return standingReply(
			context,
			standing,
			cancel
				? "Taken back. What they have excused already stays excused."
				: "A miss on these dates is excused; an answer on them still counts. They hold for questions that come from now on.",
		);
	},
	async again(context) {
		const { services, member } = context;
		const standing = standingAwayDates(await services.store.people.awayDates(member.id));
		return standingReply(context, standing, "Your away dates, as they are now.");
	},
});
