/** Histories of members over weeks, written into the tables at once, and the same counted by hand. */
import * as schema from "../../drizzle/schema.ts";
import { EVERY_DAY } from "../../src/core/calendar/weekdays.ts";
import type { Dice } from "./dice.ts";
import type { TestDatabase } from "./embedded.ts";

const HOUR = 3_600_000;
const FIRST = Date.parse("2027-03-01T09:00:00Z");
const BATCH = 1_500;

/** From a Monday; the quarter ends among them. */
export const DAYS = 84;
export const instantOfDay = (day: number): Date => new Date(FIRST + day * 24 * HOUR);
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
	/** Stored beside the values: it orders ties. */
	readonly longest: number;
	/** By schedule and day: whether the check was right; null for an answer in words. */
	readonly said: ReadonlyMap<string, boolean | null>;
	/** By schedule and day: misses that do not break a run. */
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

/** Days on which a question came: now and then one was skipped, or nobody knows whether it arrived. */
function someDays(dice: Dice): LivedDay[] {
	const days: LivedDay[] = [];
	for (let day = 0; day < DAYS; day += 1)
		if (!dice.chance(0.05))
			days.push({ day, number: days.length + 1, state: dice.chance(0.05) ? "unknown" : "delivered" });
	return days;
}

/** What a member did: from the day of joining on, as diligent and as good as the dice say. */
function someLife(dice: Dice, schedules: LivedWorkspace["schedules"]): Pick<LivedMember, "said" | "excused"> {
	const said = new Map<string, boolean | null>();
	const excused = new Set<string>();
	for (const { id, days } of schedules) {
		const joined = dice.between(0, DAYS - 1);
		const [diligence, skill] = [0.2 + dice.next() * 0.75, dice.next()];
		for (const { day } of days.filter((each) => each.day >= joined)) {
			if (dice.chance(diligence)) said.set(placeOf(id, day), dice.chance(0.2) ? null : dice.chance(skill));
			else if (dice.chance(0.3)) excused.add(placeOf(id, day));
		}
	}
	return { said, excused };
}

/** A workspace with two schedules and members who lived through twelve weeks. */
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
		const rest = { localTime: "09:00", zone: "UTC", weekdays: EVERY_DAY, categories: [], difficulties: [] };
		const when = { nextRunAt: instantOfDay(DAYS), createdAt: instantOfDay(0) };
		const added = await store.schedules.add({ workspaceId, channelId, channelName: channelId, ...rest, ...when });
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
		longest: dice.between(0, 4),
		...someLife(dice, schedules),
	}));
	const lived = { workspaceId, schedules, members };
	await keep(db, lived);
	return lived;
}

async function keep(db: TestDatabase["db"], { workspaceId, schedules, members }: LivedWorkspace): Promise<void> {
	const occurrenceIds = new Map<string, number>();
	for (const { id: scheduleId, days } of schedules) {
		const rows = days.map(({ day, number, state }) => ({
			...{ workspaceId, scheduleId, number, state, localDate: dateOfDay(day), dueAt: instantOfDay(day) },
			...{ questionId: "kv-cache", questionRevision: 1, channelId: "one", deliveredAt: instantOfDay(day) },
		}));
		for (const { id, localDate } of await db.insert(schema.occurrences).values(rows).returning())
			occurrenceIds.set(`${scheduleId} ${localDate}`, id);
	}
	const numbers = new Map(
		schedules.flatMap(({ id, days }) => days.map(({ day, number }) => [placeOf(id, day), number] as const)),
	);
	const answers: (typeof schema.answers.$inferInsert)[] = [];
	const attempts: Omit<typeof schema.attempts.$inferInsert, "answerId">[] = [];
	const ledger: (typeof schema.ledger.$inferInsert)[] = [];
	const streaks: (typeof schema.streaks.$inferInsert)[] = [];
	for (const { id: memberId, name, hidden, longest, said, excused } of members) {
		for (const [place, correct] of said) {
			const [scheduleId = 0, day = 0] = place.split(" ").map(Number);
			const at = new Date(instantOfDay(day).getTime() + HOUR);
			answers.push({
				workspaceId,
				memberId,
				questionId: "kv-cache",
				revision: 1,
				at,
				kind: correct === null ? "text" : "check",
				correct,
			});
			const occurrenceId = occurrenceIds.get(`${scheduleId} ${dateOfDay(day)}`) ?? 0;
			attempts.push({ memberId, occurrenceId, workspaceId, scheduleId, number: numbers.get(place) ?? 0, at });
		}
		for (const place of excused) {
			const [scheduleId = 0, day = 0] = place.split(" ").map(Number);
			const line = { kind: "freeze-used" as const, freezes: 0, current: 1, at: instantOfDay(day) };
			ledger.push({
				workspaceId,
				memberId,
				scheduleId,
				number: numbers.get(place) ?? 0,
				localDate: dateOfDay(day),
				...line,
			});
		}
		for (const { id: scheduleId } of schedules) {
			const places = [...said.keys()].filter((place) => place.startsWith(`${scheduleId} `));
			const [firstNumber] = places.map((place) => numbers.get(place) ?? 0).sort((a, b) => a - b);
			if (firstNumber === undefined) continue;
			const counts = { current: 0, longest, answered: places.length, freezes: 0, booked: 0, bookedTo: 0 };
			streaks.push({ memberId, scheduleId, workspaceId, ...counts, firstNumber, name, visible: !hidden });
		}
	}
	const ids: number[] = [];
	await insertAll(answers, async (batch) => {
		for (const { id } of await db.insert(schema.answers).values(batch).returning({ id: schema.answers.id }))
			ids.push(id);
	});
	const whole = attempts.map((row, index) => ({ ...row, answerId: ids[index] ?? 0 }));
	await insertAll(whole, (batch) => db.insert(schema.attempts).values(batch));
	await insertAll(ledger, (batch) => db.insert(schema.ledger).values(batch));
	await insertAll(streaks, (batch) => db.insert(schema.streaks).values(batch));
	const standing = members.filter(({ id }) => streaks.some(({ memberId }) => memberId === id));
	await db.insert(schema.standings).values(
		standing.map(({ id, name, hidden, longest, said }) => ({
			...{ memberId: id, workspaceId, longest, answered: said.size, name, visible: !hidden },
		})),
	);
}

const isSince = (day: number, since: Date | null, hour: number) =>
	since === null || instantOfDay(day).getTime() + hour * HOUR >= since.getTime();

/** The longest run inside a period, day by day. */
function runOf(
	{ schedules }: LivedWorkspace,
	{ said, excused }: LivedMember,
	since: Date | null,
	only: number | null,
): number {
	let best = 0;
	for (const { id, days } of schedules) {
		if (only !== null && id !== only) continue;
		let run = 0;
		for (const { day, state } of days) {
			if (!isSince(day, since, 0)) continue;
			if (said.has(placeOf(id, day))) run += 1;
			else if (!excused.has(placeOf(id, day)) && state !== "unknown") run = 0;
			best = Math.max(best, run);
		}
	}
	return best;
}

function saidSince({ said }: LivedMember, since: Date | null, only: number | null): (boolean | null)[] {
	return [...said].flatMap(([place, correct]) => {
		const [scheduleId, day = 0] = place.split(" ").map(Number);
		return (only === null || scheduleId === only) && isSince(day, since, 1) ? [correct] : [];
	});
}

function boardValue(
	lived: LivedWorkspace,
	member: LivedMember,
	board: string,
	since: Date | null,
	only: number | null,
): number | null {
	if (board === "run") return runOf(lived, member, since, only) || null;
	const said = saidSince(member, since, only);
	if (board === "answered") return said.length || null;
	const checks = said.filter((correct) => correct !== null);
	return checks.length < 10 ? null : checks.filter(Boolean).length / checks.length;
}

/** A board as it must be: `name value`, highest first. @param only a schedule; null for the workspace */
export function recountBoard(lived: LivedWorkspace, board: string, since: Date | null, only: number | null): string[] {
	return lived.members
		.filter(({ hidden }) => !hidden)
		.flatMap((member) => {
			const value = boardValue(lived, member, board, since, only);
			return value === null ? [] : [{ ...member, value }];
		})
		.sort((a, b) => b.value - a.value || b.longest - a.longest || (a.name < b.name ? -1 : 1))
		.map(({ name, value }) => `${name} ${value.toFixed(9)}`);
}

/** What a recap of a schedule's week must be made of. @param monday a day */
export function recountWeek({ schedules, members }: LivedWorkspace, scheduleId: number, monday: number) {
	const days = schedules.find(({ id }) => id === scheduleId)?.days ?? [];
	const within = (from: number) => days.filter(({ day }) => day >= from && day < from + 7);
	const [week, before] = [within(monday), within(monday - 7)];
	const count = ({ said }: LivedMember, some: readonly LivedDay[]) =>
		some.filter(({ day }) => said.has(placeOf(scheduleId, day))).length;
	const visible = members.filter(({ hidden }) => !hidden);
	const gains = visible.map((member) => ({ name: member.name, gain: count(member, week) - count(member, before) }));
	const most = Math.max(0, ...gains.map(({ gain }) => gain).filter((gain) => gain >= 2));
	const began = (member: LivedMember) => days.find(({ day }) => member.said.has(placeOf(scheduleId, day)))?.day ?? -1;
	const hard = week
		.map(({ day, number }) => {
			const checks = members.flatMap(({ said }) => said.get(placeOf(scheduleId, day)) ?? []);
			return { number, checks: checks.length, wrong: checks.filter((correct) => !correct).length };
		})
		.filter(({ checks, wrong }) => checks >= 5 && wrong > 0)
		.sort((a, b) => b.wrong / b.checks - a.wrong / a.checks || a.number - b.number)[0];
	return {
		participants: members.filter((member) => count(member, week) > 0).length,
		participantsBefore: members.filter((member) => count(member, before) > 0).length,
		more: gains
			.filter(({ gain }) => most > 0 && gain === most)
			.map(({ name }) => name)
			.sort()
			.slice(0, 5),
		moreDays: most,
		first: visible
			.filter((member) => began(member) >= monday && began(member) < monday + 7)
			.map(({ name }) => name)
			.sort()
			.slice(0, 5),
		hardest: hard ? { questionId: "kv-cache", revision: 1, wrong: hard.wrong, checks: hard.checks } : null,
	};
}
