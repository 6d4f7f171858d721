import { afterAll, beforeAll, expect, test } from "vitest";
import { createStore } from "../../../src/adapters/postgres/store.ts";
import { pauseSchedule, removeSchedule } from "../../../src/core/daily/schedules.ts";
import { settleUnknown } from "../../../src/core/daily/settle-unknown.ts";
import type { Schedule } from "../../../src/core/model.ts";
import { createServices } from "../../../src/core/service/services.ts";
import { testRandom } from "../../support/dice.ts";
import { openEmbeddedDatabase, type TestDatabase } from "../../support/embedded.ts";
import { openTwiceOnServer } from "../../support/postgres.ts";
import { hoursOn, NINE_O_CLOCK, World } from "../../support/world.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await openEmbeddedDatabase();
});
afterAll(() => database.close());

const DATE = "2027-03-08";

/** A daily question that may or may not have arrived. */
async function unknownQuestion(on = database): Promise<{ world: World; schedule: Schedule }> {
	const world = await World.open(on);
	const schedule = await world.schedule();
	world.platform.canTell = false;
	world.platform.mishaps.push({ key: "daily:", mishap: { type: "lost" } });
	await world.goTo(NINE_O_CLOCK);
	await world.endLeases();
	await world.goTo(hoursOn(1));
	expect(await world.occurrences(schedule)).toEqual([`${DATE} unknown`]);
	return { world, schedule };
}

const settle = (world: World, schedule: Schedule, seen: "there" | "post") =>
	settleUnknown(world.services, schedule, DATE, seen, world.now);
const alerts = (world: World) => world.platform.at("admins").map(({ card }) => card);

test("the notice asks the admins once, with the possible answers", async () => {
	const { world } = await unknownQuestion();
	const [card] = alerts(world);
	expect(alerts(world)).toHaveLength(1);
	expect(JSON.stringify(card)).toContain("I could not see whether the question arrived");
	const buttons = card?.blocks.flatMap((block) => (block.type === "actions" ? block.buttons : [])) ?? [];
	const options = { schedule: "1", date: DATE };
	expect(buttons.map(({ label, call }) => [label, call])).toEqual([
		["It is there", { command: "schedule settle", options: { ...options, seen: "there" } }],
		["Post it now", { command: "schedule settle", options: { ...options, seen: "post" } }],
		["Schedules", { command: "schedule list", options: {} }],
	]);
});

test("'it is there': it counts like any other, and nothing is sent", async () => {
	const { world, schedule } = await unknownQuestion();
	await world.answer("ana");
	const sends = world.platform.sends.length;
	await settle(world, schedule, "there");
	expect(await world.occurrences(schedule)).toEqual([`${DATE} delivered`]);
	expect((await world.store.schedules.get(schedule.workspaceId, schedule.id))?.lastFault).toBeNull();
	expect(world.platform.sends).toHaveLength(sends);
	await expect(settle(world, schedule, "post")).rejects.toThrow("settled already");
	await world.goTo(hoursOn(49));
	expect(await world.streak("ana")).toMatchObject({ current: 0, longest: 1 });
	expect(world.faults).toEqual([]);
});

test("'it is not there': the same question is sent with its number, and answers to it are kept", async () => {
	const { world, schedule } = await unknownQuestion();
	await world.answer("ana");
	const before = await world.occurrence(schedule, DATE);
	await settle(world, schedule, "post");
	await expect(settle(world, schedule, "post")).rejects.toThrow("settled already");
	await world.run();
	const after = await world.occurrence(schedule, DATE);
	expect(after).toMatchObject({ state: "delivered", number: 1, questionId: before.questionId });
	expect(world.platform.at("channel")).toHaveLength(1);
	expect(await world.streak("ana")).toMatchObject({ current: 1 });
	await expect(settle(world, schedule, "there")).rejects.toThrow("settled already");
});

test("sent again and unknown again: the admins are asked again", async () => {
	const { world, schedule } = await unknownQuestion();
	world.platform.mishaps.push({ key: "daily:", mishap: { type: "lost" } });
	await settle(world, schedule, "post");
	await world.run();
	await world.endLeases();
	await world.goTo(hoursOn(2));
	expect(await world.occurrences(schedule)).toEqual([`${DATE} unknown`]);
	expect(alerts(world)).toHaveLength(2);
});

test("its schedule was removed meanwhile: the window closes after a day, and the admins, who cannot settle it, are not asked", async () => {
	const world = await World.open(database);
	const schedule = await world.schedule();
	world.platform.canTell = false;
	world.platform.mishaps.push({ key: "daily:", mishap: { type: "lost" } });
	await world.goTo(NINE_O_CLOCK);
	await removeSchedule(world.services, schedule, world.now);
	await world.endLeases();
	await world.goTo(hoursOn(1));
	expect(await world.occurrence(schedule, DATE)).toMatchObject({ state: "unknown", closesAt: hoursOn(24) });
	await world.goTo(hoursOn(49));
	expect((await world.occurrence(schedule, DATE)).settledAt).toEqual(expect.any(Date));
	expect(alerts(world)).toEqual([]);
	expect(world.faults).toEqual([]);
});

test("a button of yesterday changes nothing, and a paused schedule posts nothing", async () => {
	const { world, schedule } = await unknownQuestion();
	await pauseSchedule(world.services, schedule, null, world.now);
	await expect(settle(world, schedule, "post")).rejects.toThrow("is paused");
	const other = await unknownQuestion();
	await other.world.goTo(hoursOn(24));
	await other.world.goTo(hoursOn(25));
	for (const choice of ["there", "post"] as const)
		await expect(settle(other.world, other.schedule, choice)).rejects.toThrow("too late");
	expect(await other.world.occurrences(other.schedule)).toEqual([`${DATE} unknown`, "2027-03-09 delivered"]);
});

test("two admins at the same instant: one settles it, and the other is told that it is settled", async () => {
	const [first, second] = await openTwiceOnServer();
	const [mine, theirs] = [createStore(first.db), createStore(second.db)];
	const { world, schedule } = await unknownQuestion({
		db: first.db,
		store: mine,
		clear: async () => undefined,
		close: first.close,
	});
	const other = createServices(theirs, world.services.bank, testRandom());
	const results = await Promise.allSettled([
		settle(world, schedule, "post"),
		settleUnknown(other, schedule, DATE, "there", world.now),
		settleUnknown(other, schedule, DATE, "post", world.now),
	]);
	const refused = results.flatMap((each) => (each.status === "rejected" ? [String(each.reason)] : []));
	expect(refused).toHaveLength(2);
	for (const words of refused) expect(words).toContain("settled already");
	await world.run();
	expect(await world.occurrences(schedule)).toEqual([`${DATE} delivered`]);
	expect(world.platform.at("channel").length).toBeLessThanOrEqual(1);
	await first.close();
	await second.close();
});
