import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Memory } from "../../../src/core/practice/memory.ts";
import { makeMemories, verifyMemories } from "../../../src/core/practice/projection.ts";
import { recordSeen } from "../../../src/core/question/asking.ts";
import { type Rating, rateAnswer } from "../../../src/core/service/rating.ts";
import { Dice } from "../../support/dice.ts";
import { byEffort } from "../../support/effort.ts";
import type { TestDatabase } from "../../support/embedded.ts";
import { openTestDatabase } from "../../support/postgres.ts";
import { World } from "../../support/world.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await openTestDatabase();
});
afterAll(() => database.close());

const day = (days: number, hour = 10) => new Date(Date.UTC(2027, 2, 8 + days, hour));

async function memory(world: World, name: string, id = "question-1"): Promise<Memory | null> {
	const { member } = await world.asker(name);
	return world.store.practice.memory(member.id, id);
}

async function rate(world: World, name: string, rating: Rating, id = "question-1") {
	return rateAnswer(world.services, await world.asker(name), await world.question(id, name), rating, world.now);
}

/** Puts a question to a member, as `random` or practice does. */
async function put(world: World, name: string, id = "question-1"): Promise<void> {
	await recordSeen(world.services, await world.asker(name), await world.question(id, name), world.now, "asked");
}

/** Checks that what is stored follows from the answers and reveals. */
async function expectProjection(world: World): Promise<void> {
	expect(await verifyMemories(world.store)).toMatchObject({ wrongMemories: 0 });
}

describe("a memory is booked with the answer", () => {
	test("a right check comes back in 3 days, a wrong one tomorrow, unticked text tomorrow", async () => {
		const world = await World.open(database);
		expect((await world.check("ana", "question-1", "A")).memory).toMatchObject({ grade: "good", dueOn: "2027-03-11" });
		expect((await world.check("ben", "question-1", "B")).memory).toMatchObject({ grade: "again", dueOn: "2027-03-09" });
		expect(await world.answer("cid", "question-1")).toMatchObject({ books: false, memory: { dueOn: "2027-03-09" } });
		expect(await memory(world, "cid")).toMatchObject({ state: null, untickedOn: "2027-03-08" });
		await expectProjection(world);
	});

	test("ticks and pressed grades book it, within their caps", async () => {
		const world = await World.open(database);
		await world.answer("ana", "question-1");
		expect(await rate(world, "ana", { points: [1, 2, 3, 4, 5] })).toMatchObject({
			books: true,
			grade: "easy",
			memory: { grade: "easy", dueOn: "2027-03-16" },
		});
		expect(await rate(world, "ana", { grade: "hard" })).toMatchObject({ memory: { dueOn: "2027-03-10" } });
		await world.hint("ben", "question-1");
		await world.check("ben", "question-1", "A");
		expect(await rate(world, "ben", { grade: "easy" })).toMatchObject({ grade: "good", capped: true });
		await world.check("cid", "question-1", "B");
		expect(await rate(world, "cid", { grade: "good" })).toMatchObject({ grade: "again", capped: true });
		await expectProjection(world);
	});

	test("rating an earlier day's answer after a later booking changes no memory", async () => {
		const world = await World.open(database);
		await world.check("ana", "question-1", "A");
		const before = await memory(world, "ana");
		await world.answer("ana", "question-1");
		expect(await rate(world, "ana", { grade: "again" })).toMatchObject({ books: false });
		expect(await memory(world, "ana")).toEqual(before);
		await expectProjection(world);
	});

	test("a wrong check on the day of a booked text lowers the booked grade", async () => {
		const world = await World.open(database);
		await world.answer("ana", "question-1");
		await rate(world, "ana", { grade: "easy" });
		await world.goTo(day(0, 11));
		expect(await world.check("ana", "question-1", "B")).toMatchObject({ books: false, memory: { grade: "good" } });
		await world.goTo(day(20));
		await world.answer("ana", "question-1");
		await rate(world, "ana", { grade: "good" });
		await world.goTo(day(21));
		expect(await world.check("ana", "question-1", "B")).toMatchObject({ books: true, memory: { grade: "again" } });
		await expectProjection(world);
	});
});

describe("a reveal", () => {
	test("books `again` if the question was put, but not if it was only looked up", async () => {
		const world = await World.open(database);
		await world.reveal("ana", "question-1");
		expect(await memory(world, "ana")).toBeNull();
		await put(world, "ana");
		await world.reveal("ana", "question-1");
		expect(await memory(world, "ana")).toMatchObject({ grade: "again", answerId: null, dueOn: "2027-03-09" });
		await expectProjection(world);
	});

	test("books nothing on a day with an answer", async () => {
		const world = await World.open(database);
		await world.answer("ana", "question-1");
		await put(world, "ana");
		await world.reveal("ana", "question-1");
		expect(await memory(world, "ana")).toMatchObject({ state: null, untickedOn: "2027-03-08" });
		await expectProjection(world);
	});

	test("of today's open question books `again`, once", async () => {
		const world = await World.open(database);
		await world.schedule();
		await world.goTo(day(0));
		const { id } = await world.question("today", "ana");
		expect(await world.reveal("ana")).toBe(true);
		expect(await world.reveal("ana")).toBe(false);
		await world.check("ana", id, "A");
		expect(await memory(world, "ana", id)).toMatchObject({ grade: "again", dueOn: "2027-03-09" });
		await expectProjection(world);
	});
});

test("a later change of zone or schedule moves nothing, and no date is before the member's latest", async () => {
	const world = await World.open(database);
	const schedule = await world.schedule({ zone: "Asia/Tokyo", localTime: "23:00" });
	world.clock.moveTo(day(0, 20));
	await world.check("ana", "question-1", "A");
	expect(await memory(world, "ana")).toMatchObject({ state: { on: "2027-03-09" } });
	await world.change(schedule, { zone: "America/Los_Angeles" });
	await world.check("ana", "question-2", "A");
	expect(await memory(world, "ana", "question-2")).toMatchObject({ state: { on: "2027-03-09" } });
	await expectProjection(world);
});

test("an installation of an older version gets its memories from its history, one member at a time", async () => {
	const world = await World.open(database);
	for (const name of ["ana", "ben"]) {
		for (const [days, letter] of [
			[0, "B"],
			[2, "A"],
			[6, "A"],
		] as const) {
			// biome-ignore format: one line
			world.clock.moveTo(day(days));
			await world.check(name, "question-1", letter);
			await world.check(name, "question-1", "C");
		}
		await world.answer(name, "question-2");
	}
	const stored = [await memory(world, "ana"), await memory(world, "ben"), await memory(world, "ana", "question-2")];
	// As the older version left it.
	await database.db.execute(sql`delete from memories`);
	await database.db.execute(sql`update answers set local_date = null, booked_grade = null`);
	// Members go on meanwhile: what is booked in between counts too.
	world.clock.moveTo(day(9));
	await world.check("ben", "question-1", "A");
	expect(await world.services.transaction(({ store }) => makeMemories(store))).toBe(7);
	expect([await memory(world, "ana"), await memory(world, "ana", "question-2")]).toEqual([stored[0], stored[2]]);
	await world.services.transaction(({ store }) => makeMemories(store));
	expect(await memory(world, "ben")).toMatchObject({ before: stored[1]?.state, state: { on: "2027-03-17" } });
	expect(await world.services.transaction(({ store }) => makeMemories(store))).toBe(0);
	await expectProjection(world);
});

test("verify finds a memory that differs, is missing, or follows from nothing, and rebuild corrects it", async () => {
	const world = await World.open(database);
	for (const id of ["question-1", "question-2"]) await world.check("ana", id, "A");
	const { member } = await world.asker("ana");
	const [first] = await world.store.practice.memories(member.id);
	if (!first) throw new Error("nothing was booked");
	await world.store.practice.saveMemories([
		{ ...first, dueOn: "2030-01-01" },
		{ ...first, questionId: "question-9", answerId: 99_999 },
	]);
	await world.store.practice.dropMemory(member.id, "question-2");
	expect(await verifyMemories(world.store)).toEqual({ memories: 2, wrongMemories: 3 });
	await verifyMemories(world.store, { repair: true });
	expect(await verifyMemories(world.store)).toEqual({ memories: 2, wrongMemories: 0 });
	expect(await memory(world, "ana", first.questionId)).toEqual(first);
});

test("random walks through the program: what is stored equals what is rebuilt", async () => {
	const world = await World.open(database);
	const schedule = await world.schedule();
	const thrown = new Dice(4);
	const roll = (sides: number) => thrown.between(0, sides - 1);
	for (let step = 0; step < byEffort({ test: 150, ci: 1500, full: 10_000 }); step += 1) {
		const name = ["ana", "ben"][roll(2)] ?? "";
		const id = `question-${1 + roll(4)}`;
		world.clock.moveTo(new Date(world.now.getTime() + (roll(40) - 3) * 3_600_000));
		if (roll(30) === 0)
			await world.change(schedule, { zone: ["UTC", "Asia/Tokyo", "America/New_York"][roll(3)] ?? "UTC" });
		switch (roll(6)) {
			case 0:
				await put(world, name, id);
				await world.reveal(name, id);
				break;
			case 1:
				await world.hint(name, id);
				break;
			case 2:
				await world.answer(name, id);
				break;
			case 3:
				await world.check(name, id, roll(2) === 0 ? "A" : "B");
				break;
			default:
				await rate(world, name, { grade: (["again", "hard", "good", "easy"] as const)[roll(4)] ?? "good" }, id).catch(
					() => undefined,
				);
		}
	}
	await expectProjection(world);
	expect((await verifyMemories(world.store)).memories).toBe(8);
});
