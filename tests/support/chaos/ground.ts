import { and, count, eq, inArray, lte, sql } from "drizzle-orm";
import * as schema from "../../../drizzle/schema.ts";
import type { Db } from "../../../src/adapters/postgres/db.ts";
import { rawRows } from "../../../src/adapters/postgres/raw.ts";
import { createStore } from "../../../src/adapters/postgres/store.ts";
import { nextInstant } from "../../../src/core/calendar/calendar.ts";
import { EVERY_DAY } from "../../../src/core/calendar/weekdays.ts";
import type { Schedule } from "../../../src/core/model.ts";
import type { Dice } from "../dice.ts";
import { MINUTES_SET } from "./timeline.ts";

const { deliveries, occurrences, schedules } = schema;
const ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia"];
const SCHEDULES_IN_WORKSPACE = 20;

/** Adds daily schedules at various hours in several zones, each in its own channel. */
export async function addSchedules(db: Db, dice: Dice, wanted: number, start: Date): Promise<Schedule[]> {
	const store = createStore(db);
	const added: Schedule[] = [];
	while (added.length < wanted) {
		const number = Math.floor(added.length / SCHEDULES_IN_WORKSPACE);
		const workspace = await store.people.ensureWorkspace("local", `workspace-${number}`, `Workspace ${number}`, start);
		const channel = `channel-${added.length}`;
		const pad = (part: number) => String(part).padStart(2, "0");
		const localTime = `${pad(dice.between(0, 23))}:${pad(dice.pick(MINUTES_SET))}`;
		const timetable = { localTime, zone: dice.pick(ZONES), weekdays: EVERY_DAY };
		added.push(
			await store.schedules.add({
				workspaceId: workspace.id,
				channelId: channel,
				channelName: channel,
				...timetable,
				categories: [],
				difficulties: [],
				nextRunAt: nextInstant(timetable, start),
				createdAt: start,
			}),
		);
	}
	return added;
}

/** What the program still has to do at an instant. It only paces the run; no result depends on it. */
export async function openWork(db: Db, now: Date): Promise<number> {
	const waiting = db
		.select({ value: count() })
		.from(occurrences)
		.where(inArray(occurrences.state, ["due", "sending"]));
	const unplanned = db
		.select({ value: count() })
		.from(schedules)
		.where(and(eq(schedules.state, "active"), lte(schedules.nextRunAt, now)));
	const underWay = db.select({ value: count() }).from(deliveries).where(eq(deliveries.state, "sending"));
	// One statement: in three, what is planned in between is neither unplanned nor waiting, and the clock moves too early.
	const [row] = await rawRows(db, sql`select (${waiting}) + (${unplanned}) + (${underWay}) as open`);
	return Number(row?.open);
}

/** Why a run has stalled: the waiting deliveries, and what the server's sessions are doing. */
export async function stalledOn(db: Db): Promise<string> {
	const waiting = await db
		.select()
		.from(deliveries)
		.where(inArray(deliveries.state, ["pending", "sending"]))
		.limit(10);
	const sessions = await db
		.select({
			session: sql<string>`concat_ws(' ', pid, state, wait_event_type, wait_event, now() - xact_start, left(query, 100))`,
		})
		.from(sql`pg_stat_activity`)
		.where(sql`datname = current_database()`);
	return [...waiting, ...sessions].map((row) => JSON.stringify(row)).join("\n");
}

/** The daily questions whose send a worker had begun without recording the outcome. */
export async function sendsBegunBy(db: Db, worker: string): Promise<number[]> {
	const rows = await db
		.select({ id: deliveries.id })
		.from(deliveries)
		.where(and(eq(deliveries.claimedBy, worker), eq(deliveries.state, "sending"), eq(deliveries.kind, "daily")));
	return rows.map((row) => row.id);
}
