import { localDateOf } from "../calendar/calendar.ts";
import { UserError } from "../errors.ts";
import type { Occurrence } from "../model.ts";
import type { HeldSchedule } from "../ports/schedules.ts";
import type { ReadServices, Services } from "../service/services.ts";
import { holdSchedule, nextFreeInstant, type ScheduleKey } from "./change-schedule.ts";
import {
	addDailyDelivery,
	drawFor,
	OVERTAKEN,
	platformOf,
	recordSkipped,
	reserveOccurrence,
	skipWaiting,
	unplannedDates,
} from "./occurrences.ts";

export type PostOutcome = "posted" | "replaced";

const noQuestion = () =>
	new UserError(
		"No question fits the filter of that schedule. Nothing was posted.",
		"Widen it: `/nlpq schedule edit <number> categories:all difficulties:all`.",
	);

const paused = (id: number) =>
	new UserError("That schedule is paused. Nothing was posted.", `\`/nlpq schedule resume ${id}\` first.`);

const attempted = () =>
	new UserError(
		"Somebody has answered today's question already, so it stays.",
		"Tomorrow brings another; `/nlpq random` gives one at any time.",
	);

/** What is posted by hand stands before what waits of its workspace. */
const FIRST_TURN = 0;

async function postNew(
	tx: Services,
	held: HeldSchedule,
	platform: string,
	localDate: string,
	now: Date,
): Promise<PostOutcome> {
	// What has fallen due and is not yet planned is overtaken by it.
	for (const due of unplannedDates(held.row, now))
		if (due.localDate !== localDate) await recordSkipped(tx, held.row, due, OVERTAKEN);
	const due = { localDate, dueAt: now };
	const reservation = { platform, turn: FIRST_TURN, changes: {} };
	const occurrence = await reserveOccurrence(tx, held, due, reservation, now);
	if (!occurrence) throw noQuestion();
	// The date is used now, so the instant at which it would come by itself is passed over. What is planned stays planned
	// where the clock was set back.
	const { nextRunAt } = held.row;
	const after = nextRunAt !== null && nextRunAt > now ? new Date(nextRunAt.getTime() - 1) : now;
	await held.change({ nextRunAt: await nextFreeInstant(tx, held.row, after) });
	await skipWaiting(tx, held, OVERTAKEN, now, occurrence);
	return "posted";
}

/** Another question for today's occurrence: shown instead of the first, or sent if none has arrived for certain. */
async function postAgain(
	tx: Services,
	held: HeldSchedule,
	platform: string,
	today: Occurrence,
	now: Date,
): Promise<PostOutcome> {
	const { occurrences, answers } = tx.store;
	if (await occurrences.hasAttempts(today.id)) throw attempted();
	if (today.state === "due" || today.state === "sending") return "posted";
	const drawn = drawFor(tx, held.row);
	if (!drawn) throw noQuestion();
	const { draw, question } = drawn;
	await held.change({ drawn: draw.bag.drawn, recent: draw.bag.recent });
	const changes = { questionId: question.id, questionRevision: question.revision };
	await answers.clearReveals(today.id);
	// Whether an unknown one arrived, the admin has seen in the channel.
	if (today.messageId === null) {
		await occurrences.change(today.id, { ...changes, state: "due", dueAt: now, fault: null });
		await addDailyDelivery(tx, platform, { ...today, dueAt: now }, now, FIRST_TURN, `:${now.getTime()}`);
		return "posted";
	}
	// An answered count that differs from the one shown has the post edited.
	await occurrences.change(today.id, { ...changes, shownCount: -1 });
	await occurrences.requestCount(today.id, now);
	return "replaced";
}

/**
 * Posts a schedule's question of the present local date at once: a new one, again after it came to nothing, or another
 * question instead while nobody has attempted it. A used date stays used. One transaction.
 * @throws UserError when it is paused, no question fits the filter, or somebody has attempted today's
 */
export function postToday(services: ReadServices, key: ScheduleKey, now: Date): Promise<PostOutcome> {
	return services.transaction(async (tx) => {
		const { occurrences } = tx.store;
		const platform = await platformOf(tx, key.workspaceId);
		const held = await holdSchedule(tx, key);
		if (held.row.state !== "active") throw paused(key.id);
		const localDate = localDateOf(now, held.row.zone);
		const used = await occurrences.ofDate(key.id, localDate);
		const today = used && (await occurrences.lock(used.id));
		return today ? postAgain(tx, held, platform, today, now) : postNew(tx, held, platform, localDate, now);
	});
}
