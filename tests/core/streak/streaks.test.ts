import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { removeSchedule, repairMiss } from "../../../src/core/daily/schedules.ts";
import type { TestDatabase } from "../../support/embedded.ts";
import { openTestDatabase } from "../../support/postgres.ts";
import { hoursOn, World } from "../../support/world.ts";
import { expectSound, live } from "./streak-days.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await openTestDatabase();
});
afterAll(() => database.close());

describe("streaks from day to day", () => {
	test("a week and a half: a freeze is earned and used, a miss without one starts again", async () => {
		const world = await World.open(database);
		await world.schedule();
		await live(world, { ana: "aaaaaaa-aa", ben: "aaaa-aaaaa", cid: "---aaaaaaa" });
		expect(await world.streak("ana")).toEqual({ current: 9, longest: 9, freezes: 0, answered: 9 });
		expect(await world.streak("ben")).toEqual({ current: 5, longest: 5, freezes: 0, answered: 9 });
		expect(await world.streak("cid")).toEqual({ current: 7, longest: 7, freezes: 1, answered: 7 });
		expect(await world.ledger("ana")).toEqual(["2027-03-14 freeze-earned", "2027-03-15 freeze-used"]);
		expect(await world.ledger("ben")).toEqual(["2027-03-12 missed"]);
		expect(await world.board("ana")).toEqual(["1 ana 9", "2 cid 7", "3 ben 5"]);
		await expectSound(world);
	});

	test("today's open question is no miss, and a dead streak never shows as alive", async () => {
		const world = await World.open(database);
		await world.schedule();
		await live(world, { ana: "aa" });
		await world.goTo(hoursOn(48 + 23.9));
		expect(await world.streak("ana")).toMatchObject({ current: 2 });
		// The next post has closed the window; nothing has been settled yet.
		world.clock.moveTo(hoursOn(72));
		await world.engine.run();
		expect(await world.streak("ana")).toMatchObject({ current: 0, longest: 2 });
		expect(await world.board("ana")).toEqual([]);
	});

	test("nothing before the first attempt is a miss", async () => {
		const world = await World.open(database);
		await world.schedule();
		await live(world, { ana: "aaaaa", ben: "----a" });
		expect(await world.streak("ben")).toEqual({ current: 1, longest: 1, freezes: 0, answered: 1 });
		expect(await world.ledger("ben")).toEqual([]);
	});
});

describe("excused misses", () => {
	test("away on vacation: the misses are excused, and an answer on such a day counts", async () => {
		const world = await World.open(database);
		await world.schedule();
		await live(world, { ana: "aa" });
		const { member } = await world.asker("ana");
		await world.store.people.addAwayDates(
			world.workspace.id,
			member.id,
			["2027-03-10", "2027-03-11", "2027-03-12"],
			world.now,
		);
		await live(world, { ana: "-a-a" }, 2);
		expect(await world.streak("ana")).toMatchObject({ current: 4, longest: 4 });
		expect(await world.ledger("ana")).toEqual(["2027-03-10 away", "2027-03-12 away"]);
		// Too late for a day whose question has already come.
		await world.goTo(hoursOn(24 * 6));
		await world.store.people.addAwayDates(world.workspace.id, member.id, ["2027-03-14"], world.now);
		await world.goTo(hoursOn(24 * 7));
		expect(await world.streak("ana")).toMatchObject({ current: 0 });
		await expectSound(world);
	});

	test("an admin excuses a miss, and the streak is as if it had not happened", async () => {
		const world = await World.open(database);
		const schedule = await world.schedule();
		await live(world, { ana: "aaa-aaa" });
		expect(await world.streak("ana")).toMatchObject({ current: 3 });
		const { member } = await world.asker("ana");
		expect(await repairMiss(world.services, schedule, member.id, "2027-03-11", world.now)).toEqual({ current: 6 });
		expect(await world.streak("ana")).toEqual({ current: 6, longest: 6, freezes: 0, answered: 6 });
		expect(await world.ledger("ana")).toEqual(["2027-03-11 repaired"]);
		await live(world, { ana: "a" }, 7);
		expect(await world.streak("ana")).toMatchObject({ current: 7, freezes: 1 });
		for (const date of ["2027-03-11", "2027-03-10", "2027-03-15", "2027-04-01"])
			await expect(repairMiss(world.services, schedule, member.id, date, world.now)).rejects.toThrow(
				"Nothing was changed.",
			);
		await expectSound(world);
	});
});

describe("several schedules", () => {
	test("each has its own streak; the headline shows the best of them", async () => {
		const world = await World.open(database);
		const [first, second] = [
			await world.schedule(),
			await world.schedule({ channelId: "random", channelName: "Random", localTime: "12:00" }),
		];
		for (let day = 0; day < 4; day += 1) {
			await world.jumpTo(hoursOn(24 * day + 1));
			if (day > 0)
				await world.answer(
					"ana",
					(await world.occurrence(first, `2027-03-${String(8 + day).padStart(2, "0")}`)).questionId ?? "",
				);
			await world.jumpTo(hoursOn(24 * day + 5));
			await world.answer(
				"ana",
				(await world.occurrence(second, `2027-03-${String(8 + day).padStart(2, "0")}`)).questionId ?? "",
			);
		}
		expect(await world.board("ana", first.id)).toEqual(["1 ana 3"]);
		expect(await world.board("ana", second.id)).toEqual(["1 ana 4"]);
		expect(await world.board("ana")).toEqual(["1 ana 4"]);
		// A removed one no longer affects the headline, and keeps its record.
		await removeSchedule(world.services, second, world.now);
		await world.goTo(hoursOn(24 * 3 + 12));
		expect(await world.board("ana")).toEqual(["1 ana 3"]);
		await expectSound(world);
	});
});
