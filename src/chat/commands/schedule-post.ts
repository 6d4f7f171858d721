import { localDateOf } from "../../core/calendar/calendar.ts";
import { type Posting, postToday } from "../../core/daily/posting.ts";
import type { Schedule } from "../../core/model.ts";
import type { Reply } from "../card.ts";
import { postedCard, postFate } from "../cards/posting.ts";
import { type Context, defineCommand } from "../command.ts";
import type { Destination } from "../platform.ts";
import { checkSignal, scheduleMeant, scheduleOption } from "../schedule-argument.ts";

/** Where a message of a schedule stands; null when the platform has no addresses, or does not answer. */
async function linkOf({ platform, workspace }: Context, channelId: string, messageId: string | null) {
	if (messageId === null || !platform.linkTo) return null;
	const to: Destination = { type: "channel", workspaceId: workspace.externalId, channelId };
	return platform.linkTo(to, messageId, checkSignal()).catch(() => null);
}

/** What became of a post, as it is known now. */
async function fateReply(
	context: Context,
	scheduleId: number,
	{ outcome, occurrenceId }: Posting,
): Promise<Reply | null> {
	const { schedules, occurrences } = context.services.store;
	const occurrence = await occurrences.get(occurrenceId);
	const schedule = await schedules.get(context.workspace.id, scheduleId);
	if (!schedule) return null;
	const fate = postFate(outcome, occurrence);
	const isThere = occurrence && (fate === "posted" || fate === "replaced");
	const link = isThere ? await linkOf(context, occurrence.channelId, occurrence.messageId) : null;
	const shown = link === "gone" ? null : link;
	return {
		card: postedCard(fate, schedule, occurrence, shown),
		data: { schedule: schedule.number, outcome: fate, link: shown },
	};
}

/** The message of today's question, if somebody has deleted it on the platform. */
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
		const gone = await goneMessage(context, schedule);
		const posting = await postToday(context.services, schedule, context.now, gone);
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
