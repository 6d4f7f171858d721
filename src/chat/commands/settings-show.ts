import { datesText, weekdayText } from "../../core/calendar/date-words.ts";
import type { Member } from "../../core/model.ts";
import { standingAwayDates } from "../../core/streak/away.ts";
import { counted } from "../../core/text/counted.ts";
import { type Button, button } from "../card.ts";
import { defineCommand } from "../command.ts";

const buttonsOf = ({ hidden, reminderHours }: Member): Button[] => [
	button(hidden ? "Show me on leaderboards" : "Hide me", "settings leaderboard", { visible: hidden ? "yes" : "no" }),
	button(reminderHours === null ? "Remind me 3 hours before" : "No reminders", "settings reminders", {
		hours: reminderHours === null ? "3" : "0",
	}),
	button("Export my data", "settings export"),
	button("Forget me", "settings forget", {}, "danger"),
];

export const settingsShow = defineCommand({
	name: "settings show",
	summary: "Away dates, leaderboard, reminders, milestones, your data",
	wishedAs: ["settings", "preferences"],
	groupDefault: true,
	options: {},
	example: "settings",
	async run(context) {
		const { member } = context;
		const away = standingAwayDates(await context.services.store.people.awayDates(member.id));
		const today = context.now.toISOString().slice(0, 10);
		const ahead = away.filter((date) => date >= today);
		const reminder =
			member.reminderHours === null ? "none" : `${counted(member.reminderHours, "hour")} before a window closes`;
		const isAhead = member.interviewOn !== null && member.interviewOn >= today;
		const interview = isAhead
			? `${weekdayText(member.interviewOn ?? today, today)}, ${member.reviewsADay} reviews a day`
			: "no date set";
		return {
			card: {
				tone: "plain",
				title: "Your settings",
				blocks: [
					{
						type: "facts",
						facts: [
							{ name: "Away", value: ahead.length === 0 ? "no dates ahead" : datesText(ahead, today) },
							{ name: "Leaderboard", value: member.hidden ? "hidden from others" : "visible" },
							{ name: "Reminders", value: reminder },
							{ name: "Interview", value: interview },
							{
								name: "Milestones",
								value: member.milestonesPublic ? "congratulated in the thread" : "congratulated privately",
							},
						],
					},
					...(isAhead
						? []
						: [{ type: "note" as const, text: "`/nlpq settings interview thursday` sets the date you prepare for." }]),
					{
						type: "note",
						text: "`/nlpq settings away 2027-12-24..2027-12-31` excuses those dates; set them before the question comes.",
					},
					{
						type: "actions",
						buttons: buttonsOf(member),
					},
				],
			},
			data: {
				away: ahead,
				hidden: member.hidden,
				reminderHours: member.reminderHours,
				interviewOn: isAhead ? member.interviewOn : null,
				milestonesPublic: member.milestonesPublic,
			},
		};
	},
});
