import { localDateOf, nextInstant } from "../calendar.ts";
import { UserError } from "../errors.ts";
import type { Occurrence, Schedule } from "../model.ts";
import type { Store } from "../ports.ts";
import {
	addDailyDelivery,
	drawFor,
	OVERTAKEN,
	platformOf,
	recordSkipped,
	reserveOccurrence,
	skipWaiting,
	unplannedDates,
} from "./daily.ts";
import type { Services } from "./services.ts";

export type PostOutcome = "posted" | "replaced" | "attempted";

const noQuestion = () =>
	new UserError(
		"No question fits the filter of that schedule. Nothing was posted.",
		"Widen it: `/nlpq schedule edit <number> categories:all difficulties:all`.",
	);

/** What is posted by hand stands before what waits of its workspace. */
const FIRST_TURN = 0;

async function postNew(
	services: Services,
	store: Store,
	platform: string,
	schedule: Schedule,
	localDate: string,
	now: Date,
): Promise<PostOutcome> {
	// What has fallen due and is not yet planned is overtaken by it.
	for (const due of unplannedDates(schedule, now))
		if (due.localDate !== localDate) await recordSkipped(store, schedule, due, OVERTAKEN);
	const planned = schedule.nextRunAt;
	const next = planned !== null && planned > now ? planned : nextInstant(schedule, now);
	// The date is used with it: the instant at which it would come by itself is passed over.
	const isToday = localDateOf(next, schedule.zone) === localDate;
	const changes = { nextRunAt: isToday ? nextInstant(schedule, next) : next };
	const due = { localDate, dueAt: now };
	const reservation = { platform, turn: FIRST_TURN, changes };
	const occurrence = await reserveOccurrence(services, store, schedule, due, reservation, now);
	if (!occurrence) throw noQuestion();
	await skipWaiting(store, schedule.id, OVERTAKEN, now, occurrence);
	return "posted";
}

/** Another question for today's occurrence: shown instead of the first, or sent if none has arrived for certain. */
async function postAgain(
	services: Services,
	store: Store,
	platform: string,
	schedule: Schedule,
	today: Occurrence,
	now: Date,
): Promise<PostOutcome> {
	if (await store.occurrences.hasAttempts(today.id)) return "attempted";
	if (today.state === "due" || today.state === "sending") return "posted";
	const drawn = drawFor(services, schedule);
	if (!drawn) throw noQuestion();
	const { draw, question } = drawn;
	await store.schedules.change(schedule.id, { drawn: draw.bag.drawn, recent: draw.bag.recent });
	const changes = { questionId: question.id, questionRevision: question.revision };
	await store.answers.clearReveals(today.id);
	// Whether an unknown one arrived, the admin has seen in the channel.
	if (today.messageId === null) {
		await store.occurrences.change(today.id, { ...changes, state: "due", dueAt: now, fault: null });
		await addDailyDelivery(store, platform, { ...today, dueAt: now }, now, FIRST_TURN, `:${now.getTime()}`);
		return "posted";
	}
	// An answered count that differs from the one shown has the post edited.
	await store.occurrences.change(today.id, { ...changes, shownCount: -1 });
	await store.occurrences.requestCount(today.id, now);
	return "replaced";
}

/**
 * Posts a schedule's question of the present local date at once: a new one, again after it came to nothing, or another
 * question instead while nobody has attempted it. A used date stays used. One transaction.
 * @throws UserError when no question fits the filter
 */
export async function postToday(
	services: Services,
	scheduleId: number,
	workspaceId: number,
	now: Date,
): Promise<PostOutcome> {
	return services.store.transaction(async (store) => {
		const platform = await platformOf(store, workspaceId);
		const schedule = await store.schedules.lock(scheduleId, true);
		if (schedule?.workspaceId !== workspaceId) throw new Error(`no schedule ${scheduleId} in workspace ${workspaceId}`);
		const localDate = localDateOf(now, schedule.zone);
		const used = await store.occurrences.ofDate(scheduleId, localDate);
		const today = used && (await store.occurrences.lock(used.id));
		if (!today) return postNew(services, store, platform, schedule, localDate, now);
		return postAgain(services, store, platform, schedule, today, now);
	});
}
