import type { Posting } from "../core/daily/posting.ts";
import type { Reply } from "./card.ts";
import { postedCard, postFate } from "./cards/posting.ts";
import type { Context } from "./command.ts";
import type { Destination } from "./platform.ts";
import { checkSignal } from "./schedule-argument.ts";

/** The URL of a schedule's message; null when the platform has no URLs or does not answer. */
export async function linkOf({ platform, workspace }: Context, channelId: string, messageId: string | null) {
	if (messageId === null || !platform.linkTo) return null;
	const to: Destination = { type: "channel", workspaceId: workspace.externalId, channelId };
	return platform.linkTo(to, messageId, checkSignal()).catch(() => null);
}

/** The outcome of a manual post, as known now; null when the schedule is gone. */
export async function fateReply(
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
