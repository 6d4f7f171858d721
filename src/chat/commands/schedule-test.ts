import { eligibleCount, remedyForNone, upcoming } from "../../core/daily/schedules.ts";
import { counted } from "../../core/text/counted.ts";
import { button } from "../card.ts";
import { findingsBlock, scheduleWords, smallFilterNote, upcomingBlock } from "../cards/schedule.ts";
import { defineCommand } from "../command.ts";
import { checkSignal, scheduleMeant, scheduleOption } from "../schedule-argument.ts";

export const scheduleTest = defineCommand({
	name: "schedule test",
	summary: "The next five posting times, and whether a post would work",
	admin: true,
	options: { schedule: scheduleOption() },
	example: "schedule test 1",
	async run(context, { schedule: number }) {
		const schedule = await scheduleMeant(context, number);
		const findings = await context.platform.check(
			context.workspace.externalId,
			schedule.channelId,
			checkSignal(),
			schedule,
		);
		const size = await eligibleCount(context.services, schedule.workspaceId, schedule);
		const ready = size > 0 && findings.every((finding) => finding.ok);
		const options = { schedule: String(schedule.number) };
		const isPaused = schedule.state === "paused";
		const first = isPaused
			? button("Resume", "schedule resume", options, ready ? "primary" : "secondary")
			: button("Post one now", "schedule post", options);
		const edit = button("Edit", "schedule edit", options, ready ? "secondary" : "primary");
		const all = button("All schedules", "schedule list");
		const none = `It has no question to ask. ${remedyForNone(context.services, schedule)}`;
		return {
			card: {
				tone: ready ? "good" : "warning",
				title: ready ? `Schedule #${schedule.number} is ready` : `Schedule #${schedule.number} lacks something`,
				blocks: [
					{ type: "text", text: scheduleWords(schedule) },
					findingsBlock(findings),
					{ type: "text", text: size === 0 ? none : `It has ${counted(size, "question")} to ask.` },
					...(size === 0 ? [] : smallFilterNote(size, schedule)),
					{ type: "heading", text: "The next five" },
					upcomingBlock(schedule, await upcoming(context.services, schedule, context.now)),
					{ type: "actions", buttons: ready ? [first, edit, all] : [edit, first, all] },
				],
			},
			data: { schedule: schedule.number, ready, findings: findings.map(({ name, ok }) => ({ name, ok })) },
		};
	},
});
