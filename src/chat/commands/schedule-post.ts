import { postToday } from "../../core/daily/posting.ts";
import { defineCommand } from "../command.ts";
import { scheduleMeant, scheduleOption } from "../schedule-argument.ts";

export const schedulePost = defineCommand({
	name: "schedule post",
	summary: "Post today's question now, or replace it while nobody has answered",
	admin: true,
	slow: true,
	options: { schedule: scheduleOption() },
	example: "schedule post 1",
	async run(context, { schedule: number }) {
		const schedule = await scheduleMeant(context, number);
		const outcome = await postToday(context.services, schedule, context.now);
		await context.daily.deliverSoon();
		const said =
			outcome === "posted"
				? "Today's question is on its way. The date is used with it: the scheduled time brings the next one tomorrow."
				: "Today's question was replaced by another. Its number and its window stay.";
		return {
			card: {
				tone: "good",
				title: outcome === "posted" ? "Posted" : "Replaced",
				blocks: [{ type: "text", text: said }],
			},
			data: { schedule: schedule.id, outcome },
		};
	},
});
