import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { resumeSchedule } from "../../../src/core/daily/schedules.ts";
import type { TestDatabase } from "../../support/embedded.ts";
import { openTestDatabase } from "../../support/postgres.ts";
import { busy, goneMishap } from "../../support/recording-platform.ts";
import { hoursOn, NINE_O_CLOCK, World } from "../../support/world.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await openTestDatabase();
});
afterAll(() => database.close());

const HOUR = 60 * 60 * 1000;

/** Every try of one delivery has the same key, so that a platform can refuse a second message. */
const keysAreOne = (world: World) => expect(new Set(world.platform.sends).size).toBe(1);

describe("a send that certainly did not arrive", () => {
	test("is tried again after what the platform asks, and not before", async () => {
		const world = await World.open(database);
		const schedule = await world.schedule();
		world.platform.mishaps.push({ key: "daily", mishap: busy(90_000) });
		await world.jumpTo(NINE_O_CLOCK);
		await world.jumpTo(new Date(NINE_O_CLOCK.getTime() + 89_999));
		expect(world.platform.sends).toHaveLength(1);
		await world.jumpTo(new Date(NINE_O_CLOCK.getTime() + 90_000));
		expect(world.platform.posts).toHaveLength(1);
		keysAreOne(world);
		// Its window opens with the send that arrived.
		expect(await world.occurrence(schedule, "2027-03-08")).toMatchObject({
			state: "delivered",
			number: 1,
			deliveredAt: new Date(NINE_O_CLOCK.getTime() + 90_000),
		});
	});

	test("is tried again with growing pauses until it arrives", async () => {
		const world = await World.open(database);
		await world.schedule();
		for (let times = 0; times < 5; times += 1) world.platform.mishaps.push({ key: "daily", mishap: busy() });
		await world.jumpTo(NINE_O_CLOCK);
		const tries: number[] = [0];
		while (world.platform.posts.length === 0) {
			const next = await world.engine.nextInstant("local", world.now);
			if (!next) throw new Error("nothing is tried again");
			await world.jumpTo(next);
			tries.push(world.now.getTime() - NINE_O_CLOCK.getTime());
		}
		expect(tries).toHaveLength(6);
		const pauses = tries.slice(1).map((at, index) => at - (tries[index] ?? 0));
		for (const [index, pause] of pauses.entries()) {
			expect(pause).toBeGreaterThanOrEqual(2_500 * 2 ** index);
			expect(pause).toBeLessThanOrEqual(7_500 * 2 ** index);
		}
		keysAreOne(world);
	});

	test("becomes skipped after twelve hours: its question and its number are free again", async () => {
		const world = await World.open(database);
		const schedule = await world.schedule();
		for (let times = 0; times < 500; times += 1) world.platform.mishaps.push({ key: "daily", mishap: busy(HOUR) });
		await world.goTo(hoursOn(13));
		expect(world.platform.posts).toEqual([]);
		expect(await world.occurrence(schedule, "2027-03-08")).toMatchObject({
			state: "skipped",
			number: null,
			deliveredAt: null,
		});
		const stored = await world.store.schedules.get(world.workspace.id, schedule.id);
		expect(stored).toMatchObject({ lastNumber: 0, drawn: [], state: "active" });
		world.platform.mishaps.length = 0;
		await world.goTo(hoursOn(24));
		expect(await world.occurrence(schedule, "2027-03-09")).toMatchObject({ state: "delivered", number: 1 });
	});

	test("delays no other channel", async () => {
		const world = await World.open(database);
		const [first, second] = [await world.schedule(), await world.schedule({ channelId: "random" })];
		world.platform.mishaps.push({ key: "daily", mishap: busy(HOUR) });
		await world.jumpTo(NINE_O_CLOCK);
		const states = [await world.occurrences(first), await world.occurrences(second)].flat();
		expect(states.filter((state) => state.endsWith("delivered"))).toHaveLength(1);
		await world.jumpTo(hoursOn(1));
		expect(world.platform.at("channel")).toHaveLength(2);
	});
});

describe("a send that the platform refuses for good", () => {
	test("pauses the schedule, keeps its settings, and tells the admins once, with the remedy", async () => {
		const world = await World.open(database);
		const [schedule, other] = [await world.schedule(), await world.schedule({ channelId: "random" })];
		world.platform.mishaps.push({ key: "daily", mishap: goneMishap });
		await world.jumpTo(NINE_O_CLOCK);
		const paused = await world.store.schedules.list(world.workspace.id);
		expect(paused.map(({ state }) => state).sort()).toEqual(["active", "paused"]);
		const refused = paused.find(({ state }) => state === "paused");
		expect(refused).toMatchObject({
			pauseReason: "the channel is gone",
			localTime: "09:00",
			zone: "UTC",
			lastNumber: 0,
			drawn: [],
		});
		await world.goTo(hoursOn(72));
		const alerts = world.platform.at("admins");
		expect(alerts).toHaveLength(1);
		expect(JSON.stringify(alerts[0]?.card)).toContain("Name another channel.");
		// The other schedule went on all the while.
		expect(world.platform.at("channel")).toHaveLength(4);
		const resumed = refused && (await resumeSchedule(world.services, refused, world.now));
		await world.goTo(hoursOn(96));
		expect(await world.occurrences(refused?.id === schedule.id ? schedule : other)).toEqual([
			"2027-03-08 failed",
			"2027-03-12 delivered",
		]);
		expect(resumed?.pauseReason).toBeNull();
	});

	test("costs nobody a streak", async () => {
		const world = await World.open(database);
		const schedule = await world.schedule();
		await world.goTo(NINE_O_CLOCK);
		await world.answer("ana");
		world.platform.mishaps.push({ key: "daily", mishap: goneMishap });
		await world.goTo(hoursOn(24));
		expect(await world.streak("ana")).toMatchObject({ current: 1 });
		const paused = await world.store.schedules.get(world.workspace.id, schedule.id);
		if (paused) await resumeSchedule(world.services, paused, world.now);
		await world.goTo(hoursOn(48));
		await world.answer("ana");
		expect(await world.streak("ana")).toMatchObject({ current: 2 });
	});
});

describe("a send whose outcome is unknown", () => {
	test("that arrived is found before a second one is sent, and recorded with the time at which it left", async () => {
		const world = await World.open(database);
		const schedule = await world.schedule();
		world.platform.mishaps.push({ key: "daily", mishap: { type: "answer-lost" } });
		await world.jumpTo(NINE_O_CLOCK);
		expect(await world.occurrence(schedule, "2027-03-08")).toMatchObject({ state: "sending", number: 1 });
		// It can be answered anyway: a member who sees it need not wait for our look-up.
		expect(await world.answer("ana")).toMatchObject({ counted: true });
		await world.endLeases();
		await world.jumpTo(hoursOn(1));
		expect(world.platform.lookUps).toHaveLength(1);
		expect(world.platform.posts).toHaveLength(1);
		expect(world.platform.sends).toHaveLength(1);
		expect(await world.occurrence(schedule, "2027-03-08")).toMatchObject({
			state: "delivered",
			messageId: "message 1",
			deliveredAt: NINE_O_CLOCK,
		});
		expect(await world.streak("ana")).toMatchObject({ current: 1 });
	});

	test("that did not arrive is sent again once, after a look-up", async () => {
		const world = await World.open(database);
		const schedule = await world.schedule();
		world.platform.mishaps.push({ key: "daily", mishap: { type: "lost" } });
		await world.jumpTo(NINE_O_CLOCK);
		await world.endLeases();
		await world.jumpTo(hoursOn(1));
		expect(world.platform.lookUps).toHaveLength(1);
		expect(world.platform.sends).toHaveLength(2);
		keysAreOne(world);
		expect(world.platform.posts).toHaveLength(1);
		expect(await world.occurrence(schedule, "2027-03-08")).toMatchObject({
			state: "delivered",
			number: 1,
			deliveredAt: hoursOn(1),
		});
	});

	test("that nobody knows is unknown: never sent twice, announced once, and counts as a miss for nobody", async () => {
		const world = await World.open(database);
		const schedule = await world.schedule();
		await world.goTo(NINE_O_CLOCK);
		for (const name of ["ana", "ben"]) await world.answer(name);
		world.platform.canTell = false;
		world.platform.mishaps.push({ key: "daily", mishap: { type: "answer-lost" } });
		await world.goTo(hoursOn(24));
		await world.answer("ana");
		await world.endLeases();
		await world.goTo(hoursOn(30));
		expect(await world.occurrence(schedule, "2027-03-09")).toMatchObject({ state: "unknown", number: 2 });
		await world.goTo(hoursOn(48));
		for (const name of ["ana", "ben"]) await world.answer(name);
		await world.goTo(hoursOn(72));
		expect(world.platform.sends.filter((key) => key.startsWith("daily"))).toHaveLength(4);
		expect(world.platform.at("admins")).toHaveLength(1);
		expect(world.platform.at("admins")[0]?.card.title).toContain("Did the question of 9 March arrive?");
		// It counts for members who answered it, and is a miss for nobody.
		expect(await world.streak("ana")).toMatchObject({ current: 3 });
		expect(await world.streak("ben")).toMatchObject({ current: 2 });
	});

	test("of a process that died is taken over by another", async () => {
		const world = await World.open(database);
		const schedule = await world.schedule();
		world.platform.mishaps.push({ key: "daily", mishap: { type: "answer-lost" } });
		await world.jumpTo(NINE_O_CLOCK);
		await world.engine.stop();
		await world.endLeases();
		world.clock.moveTo(hoursOn(1));
		await world.run(world.worker("survivor"));
		expect(world.platform.posts).toHaveLength(1);
		expect(await world.occurrence(schedule, "2027-03-08")).toMatchObject({ state: "delivered" });
	});
});
