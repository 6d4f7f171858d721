import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/pglite";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import * as schema from "../../drizzle/schema.ts";
import { postToday } from "../../src/core/daily/posting.ts";
import type { Schedule } from "../../src/core/model.ts";
import { openMemory, type TestDatabase, testDatabase } from "../support/embedded.ts";
import { hoursOn, NINE_O_CLOCK, World } from "../support/world.ts";

const DAY_TWO = "2027-03-09";
/** A busy machine is not a failure. */
const PATIENT = { timeout: 100_000 };
const statements: string[] = [];
let database: TestDatabase;

beforeAll(async () => {
	const { client } = await openMemory();
	const logger = { logQuery: (text: string) => void statements.push(text) };
	database = testDatabase(drizzle(client, { schema, logger }), () => client.close());
});
afterAll(() => database.close());

async function manySchedules(world: World, count: number): Promise<Schedule[]> {
	const schedules: Schedule[] = [];
	for (let index = 0; index < count; index += 1)
		schedules.push(await world.schedule({ channelId: `channel-${index}` }));
	return schedules;
}

/** Lets the database refuse a row while some work is done. */
async function refusing(table: string, condition: string, work: () => Promise<void>): Promise<void> {
	const { db } = database;
	await db.execute(
		sql.raw(`create function refuse() returns trigger language plpgsql as
			$$ begin if ${condition} then raise exception 'refused'; end if; return new; end $$`),
	);
	await db.execute(
		sql.raw(`create trigger refuse before insert or update on ${table} for each row execute function refuse()`),
	);
	try {
		await work();
	} finally {
		await db.execute(sql`drop function refuse cascade`);
	}
}

describe("many daily questions at once", () => {
	test("take less than a third of a statement each, with the answers of the day before", async () => {
		const world = await World.open(database);
		const count = 200;
		const schedules = await manySchedules(world, count);
		await world.jumpTo(NINE_O_CLOCK);
		statements.length = 0;
		await world.jumpTo(hoursOn(24));
		expect(world.platform.at("channel")).toHaveLength(2 * count);
		expect(world.platform.at("thread")).toHaveLength(count);
		expect(statements.length / count).toBeLessThan(0.3);
		for (const schedule of schedules)
			expect(await world.occurrence(schedule, DAY_TWO)).toMatchObject({
				state: "delivered",
				number: 2,
				closesAt: null,
			});
	});

	test("one that cannot be planned does not stop the others", async () => {
		const world = await World.open(database);
		const [bad, ...others] = await manySchedules(world, 20);
		if (!bad) throw new Error("no schedule");
		await refusing("occurrences", `new.schedule_id = ${bad.id}`, async () => {
			world.clock.moveTo(NINE_O_CLOCK);
			await world.engine.run();
		});
		expect(world.platform.posts).toHaveLength(others.length);
		expect(world.failing.get("plan")).toBe(1);
		expect(await world.occurrences(bad)).toEqual([]);
		world.faults.length = 0;
		await world.jumpTo(hoursOn(1));
		expect(await world.occurrences(bad)).toEqual(["2027-03-08 delivered"]);
	});

	test("one whose number is taken does not stop the others", async () => {
		const world = await World.open(database);
		const [bad, ...others] = await manySchedules(world, 20);
		if (!bad) throw new Error("no schedule");
		await world.jumpTo(NINE_O_CLOCK);
		await world.change(bad, { lastNumber: 0 });
		world.clock.moveTo(hoursOn(24));
		await world.engine.run();
		expect(world.faults).not.toEqual([]);
		for (const schedule of others)
			expect(await world.occurrence(schedule, DAY_TWO)).toMatchObject({ state: "delivered", number: 2 });
		expect(await world.occurrence(bad, DAY_TWO)).toMatchObject({ state: "due", number: null });
	});

	test("one whose arrival cannot be recorded does not stop the others, and is looked up instead of sent again", async () => {
		const world = await World.open(database);
		const [bad, ...others] = await manySchedules(world, 20);
		if (!bad) throw new Error("no schedule");
		await refusing("occurrences", `new.schedule_id = ${bad.id} and new.state = 'delivered'`, async () => {
			world.clock.moveTo(NINE_O_CLOCK);
			await world.engine.run();
		});
		expect(world.faults).not.toEqual([]);
		for (const schedule of others) expect(await world.occurrences(schedule)).toEqual(["2027-03-08 delivered"]);
		expect(await world.occurrences(bad)).toEqual(["2027-03-08 sending"]);
		world.faults.length = 0;
		await world.endLeases();
		await world.jumpTo(hoursOn(1));
		expect(await world.occurrences(bad)).toEqual(["2027-03-08 delivered"]);
		expect(world.platform.sends).toHaveLength(1 + others.length);
		expect(world.platform.lookUps).toHaveLength(1);
	});
});

test("a hanging send does not delay what a command sends meanwhile", async () => {
	const world = await World.open(database);
	const [stuck, other] = await manySchedules(world, 2);
	if (!stuck || !other) throw new Error("two schedules");
	let goOn: () => void = () => undefined;
	const hung = new Promise<void>((resolve) => {
		goOn = resolve;
	});
	const post = world.platform.post.bind(world.platform);
	world.platform.post = async (...given) => {
		const [to] = given;
		if (to.type === "channel" && to.channelId === stuck.channelId) await hung;
		return post(...given);
	};
	await postToday(world.services, stuck, world.now);
	const running = world.engine.run();
	await vi.waitFor(async () => expect(await world.occurrences(stuck)).toEqual(["2027-03-08 sending"]), PATIENT);
	await postToday(world.services, other, world.now);
	world.engine.wake();
	await vi.waitFor(async () => expect(await world.occurrences(other)).toEqual(["2027-03-08 delivered"]), PATIENT);
	expect(await world.occurrences(stuck)).toEqual(["2027-03-08 sending"]);
	goOn();
	await running;
	expect(await world.occurrences(stuck)).toEqual(["2027-03-08 delivered"]);
});

describe("when nothing is due", () => {
	/** How many statements some work takes when it is done a second time. */
	async function countStatements(work: () => Promise<unknown>): Promise<number> {
		await work();
		statements.length = 0;
		await work();
		return statements.length;
	}

	test("a pass makes six queries, a look between passes three, and a post by hand two", async () => {
		const world = await World.open(database);
		await manySchedules(world, 3);
		await world.jumpTo(NINE_O_CLOCK);
		await world.answer("ana");
		// What to send, what to plan, counts; what to settle, whom to remind, which recaps.
		expect(await countStatements(() => world.engine.run())).toBe(6);
		expect(await countStatements(() => world.engine.look())).toBe(3);
		// What to send, which posts to edit.
		expect(await countStatements(() => world.engine.deliverSoon())).toBe(2);
	});
});
