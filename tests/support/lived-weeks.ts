/** Histories of members over weeks, written into the tables directly; recounted-weeks.ts counts the same by hand. */
import * as schema from "../../drizzle/schema.ts";
import { EVERY_DAY } from "../../src/core/calendar/weekdays.ts";
import { refold } from "../../src/core/streak/streaks.ts";
import type { Dice } from "./dice.ts";
import type { TestDatabase } from "./embedded.ts";

export const HOUR = 3_600_000;
const FIRST_DAY = Date.parse("2027-03-01T09:00:00Z");
const BATCH = 1_500;

/** The days begin on a Monday; a quarter ends within them. */
export const DAYS = 84;
export const instantOfDay = (day: number): Date => new Date(FIRST_DAY + day * 24 * HOUR);
/** Two hours after the last question came, which is open and has answers. */
export const NOW = new Date(instantOfDay(DAYS - 1).getTime() + 2 * HOUR);
export const dateOfDay = (day: number): string => instantOfDay(day).toISOString().slice(0, 10);

export interface LivedDay {
	readonly day: number;
	readonly number: number;
	readonly state: "delivered" | "unknown";
}

export interface LivedMember {
	readonly id: number;
	readonly name: string;
	readonly hidden: boolean;
	/** By schedule and day: whether the check was right; null for an answer in words. */
	readonly checkResults: ReadonlyMap<string, boolean | null>;
	/** By schedule and day: misses that an admin has excused. */
	readonly excused: ReadonlySet<string>;
}

export interface LivedWorkspace {
	readonly workspaceId: number;
	readonly schedules: readonly { readonly id: number; readonly days: readonly LivedDay[] }[];
	readonly members: readonly LivedMember[];
}

export const placeOf = (scheduleId: number, day: number): string => `${scheduleId} ${day}`;

async function insertAll<Row extends object>(rows: readonly Row[], insert: (batch: Row[]) => Promise<unknown>) {
	for (let from = 0; from < rows.length; from += BATCH) await insert(rows.slice(from, from + BATCH));
}

/** The days on which a question came. Sometimes one was skipped, or nobody knows whether it arrived. */
function someDays(dice: Dice): LivedDay[] {
	const days: LivedDay[] = [];
	for (let day = 0; day < DAYS; day += 1)
		if (!dice.chance(0.05))
			days.push({ day, number: days.length + 1, state: dice.chance(0.05) ? "unknown" : "delivered" });
	return days;
}

/** What a member did from the day of joining; the dice decide how diligent and how good the member is. */
function someLife(dice: Dice, schedules: LivedWorkspace["schedules"]): Pick<LivedMember, "checkResults" | "excused"> {
	const checkResults = new Map<string, boolean | null>();
	const excused = new Set<string>();
	for (const { id, days } of schedules) {
		const joined = dice.between(0, DAYS - 1);
		const [diligence, skill] = [0.2 + dice.next() * 0.75, dice.next()];
		for (const { day } of days.filter((each) => each.day >= joined)) {
			if (dice.chance(diligence)) checkResults.set(placeOf(id, day), dice.chance(0.2) ? null : dice.chance(skill));
			// An admin excuses a miss, and there is none while the question is open.
			else if (dice.chance(0.3) && closingDay(days, day) !== null) excused.add(placeOf(id, day));
		}
	}
	return { checkResults, excused };
}

/** A workspace with two schedules whose members live through twelve weeks. */
export async function liveWeeks(
	{ db, store }: TestDatabase,
	dice: Dice,
	name: string,
	people: number,
): Promise<LivedWorkspace> {
	const workspace = await store.people.ensureWorkspace("terminal", name, name, instantOfDay(0));
	const workspaceId = workspace.id;
	const schedules: { id: number; days: LivedDay[] }[] = [];
	for (const channelId of ["one", "two"]) {
		const daily = { localTime: "09:00", zone: "UTC", weekdays: EVERY_DAY, categories: [], difficulties: [] };
		const when = { nextRunAt: instantOfDay(DAYS), createdAt: instantOfDay(0) };
		const added = await store.schedules.add({ workspaceId, channelId, channelName: channelId, ...daily, ...when });
		schedules.push({ id: added.id, days: someDays(dice) });
	}
	const at = { joinedAt: instantOfDay(0), lastUsedAt: instantOfDay(0) };
	const rows = Array.from({ length: people }, (_, index) => ({
		workspaceId,
		externalId: `m${index}`,
		name: `member ${String(dice.between(0, 999)).padStart(3, "0")} ${String(index).padStart(2, "0")}`,
		hidden: dice.chance(0.1),
		...at,
	}));
	const members = (await db.insert(schema.members).values(rows).returning()).map((row) => ({
		...row,
		...someLife(dice, schedules),
	}));
	const lived = { workspaceId, schedules, members };
	await keep(db, lived, dice.chance(0.5));
	for (const { id } of members)
		await store.transaction(async (tx) => {
			for (const schedule of schedules) await refold(tx, workspaceId, id, schedule.id, NOW);
		});
	return lived;
}

/** The day on which a window closes: when the next question arrived, perhaps days later; null if none has. */
export function closingDay(days: readonly LivedDay[], day: number): number | null {
	return days.find((later) => later.day > day && later.state === "delivered")?.day ?? null;
}

/** @param areSettled whether the program has settled the closed windows */
async function keep(
	db: TestDatabase["db"],
	{ workspaceId, schedules, members }: LivedWorkspace,
	areSettled: boolean,
): Promise<void> {
	const occurrenceIds = new Map<string, number>();
	const numbers = new Map<string, number>();
	for (const { id: scheduleId, days } of schedules) {
		const rows = days.map(({ day, number, state }) => {
			const closing = closingDay(days, day);
			const closesAt = closing === null ? null : instantOfDay(closing);
			return {
				...{ workspaceId, scheduleId, number, state, localDate: dateOfDay(day), dueAt: instantOfDay(day) },
				...{ questionId: "kv-cache", questionRevision: 1, channelId: "one", deliveredAt: instantOfDay(day) },
				...{ closesAt, settledAt: areSettled ? closesAt : null },
			};
		});
		for (const { id, number } of await db.insert(schema.occurrences).values(rows).returning())
			occurrenceIds.set(`${scheduleId} ${number}`, id);
		for (const { day, number } of days) numbers.set(placeOf(scheduleId, day), number);
	}
	const occurrenceAt = (place: string) => {
		const [scheduleId = 0, day = 0] = place.split(" ").map(Number);
		const number = numbers.get(place) ?? 0;
		return { scheduleId, day, number, occurrenceId: occurrenceIds.get(`${scheduleId} ${number}`) ?? 0 };
	};
	const answers: (typeof schema.answers.$inferInsert)[] = [];
	const attempts: Omit<typeof schema.attempts.$inferInsert, "answerId">[] = [];
	const repairs: (typeof schema.repairs.$inferInsert)[] = [];
	for (const { id: memberId, checkResults, excused } of members) {
		const key = { workspaceId, memberId };
		for (const [place, correct] of checkResults) {
			const { scheduleId, day, number, occurrenceId } = occurrenceAt(place);
			const at = new Date(instantOfDay(day).getTime() + HOUR);
			const kind = correct === null ? ("text" as const) : ("check" as const);
			answers.push({ ...key, questionId: "kv-cache", revision: 1, at, kind, correct });
			attempts.push({ ...key, occurrenceId, scheduleId, number, at });
		}
		for (const place of excused) {
			const { day, occurrenceId } = occurrenceAt(place);
			repairs.push({ ...key, occurrenceId, at: instantOfDay(day) });
		}
	}
	const ids: number[] = [];
	await insertAll(answers, async (batch) => {
		for (const { id } of await db.insert(schema.answers).values(batch).returning({ id: schema.answers.id }))
			ids.push(id);
	});
	const withIds = attempts.map((row, index) => ({ ...row, answerId: ids[index] ?? 0 }));
	await insertAll(withIds, (batch) => db.insert(schema.attempts).values(batch));
	await insertAll(repairs, (batch) => db.insert(schema.repairs).values(batch));
}
