import { localDateOf } from "../../core/calendar/calendar.ts";
import { AnsweredToday, postToday } from "../../core/daily/posting.ts";
import { UserError } from "../../core/errors.ts";
import type { Schedule } from "../../core/model.ts";
import { button } from "../card.ts";
import { stayedReply } from "../cards/posting.ts";
import { type Context, defineCommand } from "../command.ts";
import { fateReply, linkOf } from "../posting-replies.ts";
import { Refusal } from "../refused-command.ts";
import { scheduleMeant, scheduleOption } from "../schedule-argument.ts";

/** Id of the message with today's question if somebody has deleted it on the platform; otherwise null. */
async function goneMessage(context: Context, schedule: Schedule): Promise<string | null> {
	const date = localDateOf(context.now, schedule.zone);
	const today = await context.services.store.occurrences.ofDate(schedule.id, date);
	if (!today?.messageId) return null;
	return (await linkOf(context, today.channelId, today.messageId)) === "gone" ? today.messageId : null;
}

export const schedulePost = defineCommand({
	name: "schedule post",
	summary: "Post today's question now, or replace it while nobody has answered",
	admin: true,
	options: { schedule: scheduleOption() },
	example: "schedule post 1",
	async run(context, { schedule: number }) {
		const schedule = await scheduleMeant(context, number);
		const deletedMessage = await goneMessage(context, schedule);
		const posting = await postToday(context.services, schedule, context.now, deletedMessage).catch((error: unknown) => {
			if (error instanceof AnsweredToday) return error;
			if (!(error instanceof UserError) || schedule.state !== "paused") throw error;
			const options = { schedule: String(schedule.number) };
			throw new Refusal(error, [
				button("Resume", "schedule resume", options, "primary"),
				button("Choose another channel", "schedule edit", options),
			]);
		});
		if (posting instanceof AnsweredToday) return stayedReply(posting, schedule);
		await context.daily.deliverSoon();
		const reply = await fateReply(context, schedule.id, posting);
		if (!reply) throw new Error("a schedule was deleted while it was posted");
		return reply;
	},
	async again(context, occurrenceId) {
		const occurrence = occurrenceId === null ? null : await context.services.store.occurrences.get(occurrenceId);
		if (occurrence?.workspaceId !== context.workspace.id) return null;
		return fateReply(context, occurrence.scheduleId, { outcome: "posted", occurrenceId: occurrence.id });
	},
});
