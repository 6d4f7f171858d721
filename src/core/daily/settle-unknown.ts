import { dateText } from "../calendar/date-words.ts";
import { UserError } from "../errors.ts";
import type { Occurrence } from "../model.ts";
import type { LockedSchedule } from "../ports/schedules.ts";
import type { ReadServices, Services } from "../service/services.ts";
import { lockSchedule, type ScheduleKey } from "./change-schedule.ts";
import { closeEarlier } from "./deliveries.ts";
import { MAX_LATENESS } from "./enqueue.ts";
import { addDailyDelivery, platformOf } from "./occurrences.ts";

/** What an admin found in the channel: the question is `there`, or it is missing and the bot should `post` it now. */
export const SIGHTS = ["there", "post"] as const;
export type Sight = (typeof SIGHTS)[number];

/** An admin asked for it, so it goes ahead of the workspace's waiting deliveries. */
const FIRST_RANK = 0;

const LIST = "`/nlpq schedule list` shows how each schedule is doing.";

const nothingUnknown = (date: string) =>
	new UserError(`The question of ${dateText(date, date)} is settled already. Nothing was changed.`, LIST);

function tooLate(date: string): UserError {
	return new UserError(
		`It is too late for the question of ${dateText(date, date)}. Nothing was changed.`,
		"Answers to it still count, and nobody gets a miss for it. The next question comes as planned.",
	);
}

/** The question arrived: from now on it counts like any other. */
async function markThere(tx: Services, locked: LockedSchedule, occurrence: Occurrence, now: Date): Promise<void> {
	// While unknown, a closed window was a miss for nobody; that must not change later.
	if (occurrence.closesAt !== null && occurrence.closesAt <= now) throw tooLate(occurrence.localDate);
	await tx.store.occurrences.change(occurrence.id, { state: "delivered", fault: null });
	if (locked.row.state === "active") await locked.change({ lastFault: null });
	await closeEarlier(tx, await platformOf(tx, occurrence.workspaceId), occurrence);
}

/** The question did not arrive: sends it again with its existing number. */
async function postAfterAll(tx: Services, locked: LockedSchedule, occurrence: Occurrence, now: Date): Promise<void> {
	const { id, localDate, number, dueAt, workspaceId } = occurrence;
	const isOvertaken = number === null || number < locked.row.lastNumber;
	if (isOvertaken || now.getTime() - dueAt.getTime() > MAX_LATENESS) throw tooLate(localDate);
	if (locked.row.state !== "active")
		throw new UserError(
			`Schedule #${locked.row.number} is paused. Nothing was posted.`,
			`Resume it first: \`/nlpq schedule resume ${locked.row.number}\`.`,
		);
	await tx.store.occurrences.change(id, { state: "due", dueAt: now, fault: null });
	await locked.change({ lastFault: null });
	const again = { ...occurrence, dueAt: now };
	await addDailyDelivery(tx, await platformOf(tx, workspaceId), again, now, FIRST_RANK, `:${now.getTime()}`);
}

/**
 * Settles a daily question with an unknown outcome, from what an admin found in the channel. If two admins settle it at
 * once, the second gets a UserError. One transaction.
 * @returns the occurrence's id
 * @throws UserError when its outcome is no longer unknown, or it is too late
 */
export function settleUnknown(
	services: ReadServices,
	key: ScheduleKey,
	localDate: string,
	sight: Sight,
	now: Date,
): Promise<number> {
	return services.transaction(
		async (tx) => {
			const { occurrences } = tx.store;
			const locked = await lockSchedule(tx, key);
			const found = await occurrences.ofDate(key.id, localDate);
			const occurrence = found && (await occurrences.lock(found.id));
			if (occurrence?.state !== "unknown") throw nothingUnknown(localDate);
			if (sight === "there") await markThere(tx, locked, occurrence, now);
			else await postAfterAll(tx, locked, occurrence, now);
			return occurrence.id;
		},
		(id) => id,
	);
}
