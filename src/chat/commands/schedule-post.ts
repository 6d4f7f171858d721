import { UserError } from "../../core/errors.ts";
import { defineCommand } from "../command.ts";
import { scheduleMeant, scheduleOption } from "../schedule-desk.ts";

export const schedulePost = defineCommand({
	name: "schedule post",
	summary: "Post today's question now, or replace it while nobody has answered",
	audience: "member",
	admin: true,
	slow: true,
	options: { schedule: scheduleOption() },
	example: "schedule post 1",
	async run(context, { schedule: number }) {
		const schedule = await scheduleMeant(context, number);
		if (schedule.state !== "active")
			throw new UserError(
				"That schedule is paused. Nothing was posted.",
				`\`/nlpq schedule resume ${schedule.id}\` first.`,
			);
		const outcome = await context.daily.postNow(schedule.id, context.workspace.id, context.now);
		if (outcome === "attempted")
			throw new UserError(
				"Somebody has answered today's question already, so it stays.",
				"Tomorrow brings another; `/nlpq random` gives one at any time.",
			);
		const said =
			outcome === "posted"
				? "Today's question is on its way. The date is used with it: the scheduled time brings the next one tomorrow."
				: "Today's question was replaced by another. Its number and its window stay.";
		return {
			audience: "member",
			card: {
				tone: "good",
				title: outcome === "posted" ? "Posted" : "Replaced",
				blocks: [{ type: "text", text: said }],
			},
			data: { schedule: schedule.id, outcome },
		};
	},
});
