import { sql } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { fileReport } from "../../../src/core/question/reports.ts";
import { type Chore, chores } from "../../../src/core/service/housekeeping.ts";
import { endInstallation } from "../../../src/core/service/installations.ts";
import type { TestDatabase } from "../../support/embedded.ts";
import { openTestDatabase } from "../../support/postgres.ts";
import { makeQuestion } from "../../support/question.ts";
import { hoursOn, NINE_O_CLOCK, World } from "../../support/world.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await openTestDatabase();
});
afterAll(() => database.close());

const DAY = 24;
const run = (statement: string) => database.db.execute(sql.raw(statement));
let mended: () => Promise<void> = async () => undefined;
afterEach(() => mended());

/** From now on the database refuses changes of a table's rows that meet a condition, until the test repairs it. */
async function poison(table: string, change: "insert" | "update" | "delete", condition: string): Promise<void> {
	await run(`create function refuse() returns trigger language plpgsql as $$ begin raise exception 'poisoned'; end $$`);
	await run(
		`create trigger refuse before ${change} on ${table} for each row when (${condition}) execute function refuse()`,
	);
	mended = async () => {
		await run(`drop trigger if exists refuse on ${table}`);
		await run("drop function if exists refuse()");
		mended = async () => undefined;
	};
}

/** Runs the engine's passes, as every five seconds. */
async function passes(world: World, count: number): Promise<void> {
	for (let pass = 0; pass < count; pass += 1) {
		world.clock.moveTo(new Date(world.now.getTime() + 5_000));
		await world.engine.run();
	}
}

describe("a row that always fails", () => {
	test("settlement: other schedules are settled; it is reported once, and settled when that is possible", async () => {
		const world = await World.open(database);
		const [poisoned, sound] = [await world.schedule(), await world.schedule({ channelId: "random" })];
		await world.jumpTo(NINE_O_CLOCK);
		await poison("occurrences", "update", `new.schedule_id = ${poisoned.id} and new.settled_at is not null`);
		world.clock.moveTo(hoursOn(DAY));
		await passes(world, 30);
		expect(world.faults).toHaveLength(1);
		for (const day of [2, 3]) {
			world.clock.moveTo(hoursOn(day * DAY));
			await passes(world, 5);
		}
		const settled = async (scheduleId: number) =>
			(await world.store.occurrences.since(scheduleId, "2027-03-08")).filter(({ settledAt }) => settledAt !== null)
				.length;
		expect([await settled(poisoned.id), await settled(sound.id)]).toEqual([0, 3]);
		expect(world.faults.length).toBeLessThanOrEqual(3);
		expect(world.failing.get("settle")).toBe(1);
		// Its lease is free, so another process need not wait for it to run out.
		expect(await world.store.running.takeLease(`settle:${poisoned.id}`, "another", 1)).not.toBeNull();
		await world.store.running.giveUpLease(`settle:${poisoned.id}`, "another");
		await mended();
		world.clock.moveTo(hoursOn(3 * DAY + 2));
		await world.engine.run();
		expect(await settled(poisoned.id)).toBe(3);
		expect(world.failing.get("settle")).toBe(0);
	});

	test("reminder: other members are reminded, and it is reported once", async () => {
		const world = await World.open(database);
		await world.schedule();
		for (const name of ["Ana", "Ben", "Cid"]) {
			const { member } = await world.asker(name);
			await world.store.people.changeSettings(member.id, { reminderHours: 2 });
		}
		await world.jumpTo(NINE_O_CLOCK);
		for (const name of ["Ana", "Ben", "Cid"]) await world.answer(name);
		await world.jumpTo(hoursOn(DAY));
		const { member: ana } = await world.asker("Ana");
		await poison("deliveries", "insert", `new.kind = 'reminder' and new.member_id = ${ana.id}`);
		world.clock.moveTo(hoursOn(2 * DAY - 2));
		await passes(world, 4);
		const recipients = world.platform.at("member").flatMap(({ to }) => (to.type === "member" ? [to.memberId] : []));
		expect(recipients.sort()).toEqual(["id-Ben", "id-Cid"]);
		expect(world.faults).toHaveLength(1);
		await mended();
		await passes(world, 20);
		expect(world.platform.at("member")).toHaveLength(3);
	});

	test("recap: other schedules have theirs, it is reported once, and its own schedule is settled meanwhile", async () => {
		const world = await World.open(database);
		const [poisoned, sound] = [await world.schedule(), await world.schedule({ channelId: "random" })];
		for (const { id } of [poisoned, sound])
			await run(`update schedules set recap_at = due.at from
			(select timestamptz '2027-03-15T09:00:00Z' as at) as due where id = ${id}`);
		await world.jumpTo(NINE_O_CLOCK);
		await world.goTo(hoursOn(6 * DAY));
		await poison("deliveries", "insert", `new.key like 'recap:${poisoned.id}:%'`);
		world.clock.moveTo(hoursOn(7 * DAY));
		await passes(world, 5);
		const planned = async () =>
			(await database.db.query.deliveries.findMany()).flatMap(({ key, kind }) => (kind === "recap" ? [key] : []));
		expect(await planned()).toEqual([`recap:${sound.id}:2027-03-08`]);
		expect(world.faults).toHaveLength(1);
		const open = (await world.store.occurrences.since(poisoned.id, "2027-03-08")).filter(
			({ settledAt }) => settledAt === null,
		);
		expect(open.map(({ localDate }) => localDate)).toEqual(["2027-03-15"]);
		expect(world.failing.get("recap")).toBe(1);
		await mended();
		world.clock.moveTo(hoursOn(7 * DAY + 2));
		await world.engine.run();
		expect(await planned()).toHaveLength(2);
		expect(world.failing.get("recap")).toBe(0);
	});

	test("planning: other schedules post, and it is reported once", async () => {
		const world = await World.open(database);
		const [poisoned, sound] = [await world.schedule(), await world.schedule({ channelId: "random" })];
		await poison("occurrences", "insert", `new.schedule_id = ${poisoned.id}`);
		world.clock.moveTo(NINE_O_CLOCK);
		await passes(world, 5);
		expect(await world.occurrences(sound)).toEqual(["2027-03-08 delivered"]);
		expect(world.faults).toHaveLength(1);
		expect(world.failing.get("plan")).toBe(1);
		await mended();
		await passes(world, 20);
		expect(await world.occurrences(poisoned)).toEqual(["2027-03-08 delivered"]);
		expect(world.failing.get("plan")).toBe(0);
	});

	test("answered count: the other posts show theirs", async () => {
		const world = await World.open(database);
		const [poisoned, sound] = [await world.schedule(), await world.schedule({ channelId: "random" })];
		await world.jumpTo(NINE_O_CLOCK);
		for (const schedule of [poisoned, sound])
			await world.answer("Ana", (await world.occurrence(schedule, "2027-03-08")).questionId ?? "");
		await poison("occurrences", "update", `new.schedule_id = ${poisoned.id}`);
		world.clock.moveTo(hoursOn(1));
		await passes(world, 5);
		expect((await world.occurrence(sound, "2027-03-08")).shownCount).toBe(1);
		expect(world.faults).toHaveLength(1);
	});

	test("delivery: the others are sent, and it is retried at longer and longer intervals, until it is too late", async () => {
		const world = await World.open(database);
		const broken = await world.schedule();
		const sound = await world.schedule({ channelId: "random" });
		await poison("occurrences", "update", `new.schedule_id = ${broken.id} and new.state = 'sending'`);
		world.clock.moveTo(NINE_O_CLOCK);
		await passes(world, 60);
		expect(await world.occurrences(sound)).toEqual(["2027-03-08 delivered"]);
		const tries = world.outcomes.filter((outcome) => outcome === "daily retry").length;
		expect(tries).toBeGreaterThan(2);
		expect(tries).toBeLessThan(12);
		expect(world.faults).toHaveLength(1);
		await mended();
		world.clock.moveTo(hoursOn(1));
		await world.engine.run();
		expect(await world.occurrences(broken)).toEqual(["2027-03-08 delivered"]);
	});

	/** Runs a chore as every hour. @returns the error that it ends with, if any */
	async function hourly(chore: Chore | undefined, now: Date): Promise<unknown> {
		try {
			while (((await chore?.step(now)) ?? 0) > 0);
			return null;
		} catch (error) {
			return error;
		}
	}

	test("deletion: other removed workspaces are deleted, it is reported each time, and deleted when that is possible", async () => {
		const world = await World.open(database);
		const { member } = await world.asker("Ana");
		const other = await world.store.people.ensureWorkspace("local", "other", "Other", world.now);
		for (const [index, id] of ["home", "other"].entries())
			await endInstallation(world.services, "local", id, hoursOn(index), hoursOn(index));
		await poison("members", "delete", `old.id = ${member.id}`);
		const chore = chores(world.services).find(({ name }) => name === "removed workspaces");
		const now = hoursOn(40 * DAY);
		for (const _hour of [1, 2]) expect(String(await hourly(chore, now))).toContain("delete");
		const isThere = async (id: number) => (await world.store.people.workspace(id)) !== null;
		expect([await isThere(world.workspace.id), await isThere(other.id)]).toEqual([true, false]);
		await mended();
		expect(await hourly(chore, now)).toBeNull();
		expect(await isThere(world.workspace.id)).toBe(false);
	});

	test("reports on older revisions: others are settled, it is reported each time, and settled when that is possible", async () => {
		const world = await World.open(database);
		const questions = ["question-1", "question-2", "question-3"].map((id) => makeQuestion({ id }));
		const ids: number[] = [];
		for (const question of questions)
			ids.push(await fileReport(world.services, await world.asker("Ana"), question, "Wrong.", world.now));
		const revised = questions.map((question) => ({ ...question, revision: question.revision + 1 }));
		await world.store.transaction((tx) => tx.bank.synchronise(revised, world.now));
		await poison("reports", "update", `old.id = ${ids[1]}`);
		const chore = chores(world.services).find(({ name }) => name === "reports on older revisions");
		for (const _hour of [1, 2]) expect(String(await hourly(chore, world.now))).toContain("update");
		const states = async () =>
			Promise.all(ids.map(async (id) => (await world.store.reports.get(world.workspace.id, id))?.state));
		expect(await states()).toEqual(["corrected", "open", "corrected"]);
		await mended();
		expect(await hourly(chore, world.now)).toBeNull();
		expect(await states()).toEqual(["corrected", "corrected", "corrected"]);
	});

	test("memories of earlier answers: other members have theirs, and it is reported each time", async () => {
		const world = await World.open(database);
		for (const name of ["Ana", "Ben"]) await world.answer(name, "question-1");
		const [ana, ben] = [(await world.asker("Ana")).member.id, (await world.asker("Ben")).member.id];
		await run("delete from memories");
		await run("update answers set local_date = null, booked_grade = null");
		await poison("answers", "update", `new.member_id = ${ana}`);
		const chore = chores(world.services).find(({ name }) => name.startsWith("memories"));
		for (const _hour of [1, 2]) expect(String(await hourly(chore, world.now))).toContain("update");
		const dated = async () =>
			(await database.db.query.answers.findMany())
				.flatMap(({ memberId, localDate }) => (localDate === null ? [] : [memberId]))
				.sort((one, another) => one - another);
		expect(await dated()).toEqual([ben]);
		await mended();
		expect(await hourly(chore, world.now)).toBeNull();
		expect(await dated()).toEqual([ana, ben]);
	});
});
