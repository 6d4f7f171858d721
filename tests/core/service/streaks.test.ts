import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { editSchedule, pauseSchedule, removeSchedule, repairMiss } from "../../../src/core/service/schedules.ts";
import { differencesOf, verifyStreaks } from "../../../src/core/service/verify.ts";
import { parseWeekdays } from "../../../src/core/weekdays.ts";
import { openEmbeddedDatabase, type TestDatabase } from "../../support/embedded.ts";
import { hoursOn, NINE, World } from "../../support/world.ts";
import { type ModelHistory, modelStreak } from "../streak-model.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await openEmbeddedDatabase();
});
afterAll(() => database.close());

/** Members answer on the given days, an hour after the post; each word has a letter a day, `a` for an answer. */
async function live(world: World, habits: Readonly<Record<string, string>>, from = 0): Promise<void> {
	const days = Math.max(...Object.values(habits).map((word) => word.length));
	for (let day = 0; day < days; day += 1) {
		await world.jumpTo(hoursOn(24 * (from + day)));
		world.clock.moveTo(hoursOn(24 * (from + day) + 1));
		for (const [name, word] of Object.entries(habits)) if (word[day] === "a") await world.answer(name);
	}
}

/** What is kept is what the facts give. */
async function expectSound(world: World): Promise<void> {
	expect(differencesOf(await verifyStreaks(world.store, world.now, false))).toBe(0);
}

describe("streaks from day to day", () => {
	test("a week and a half: a freeze is earned and used, a miss without one begins anew", async () => {
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

describe("complaints that study bots get, none of which holds here", () => {
	test("answered at the last second", async () => {
		const world = await World.open(database);
		await world.schedule();
		await live(world, { ana: "a" });
		await world.goTo(new Date(hoursOn(48).getTime() - 1));
		expect(await world.answer("ana")).toMatchObject({ counted: true, streak: { current: 2 } });
		await world.goTo(hoursOn(49));
		expect(await world.streak("ana")).toMatchObject({ current: 2 });
	});

	test("answered yesterday's after today's: both count, whatever the order", async () => {
		const world = await World.open(database);
		const schedule = await world.schedule();
		// The post of the first day comes eight hours late: its window is open until eight hours after the next.
		await world.jumpTo(hoursOn(8));
		const late = await world.occurrence(schedule, "2027-03-08");
		await world.goTo(hoursOn(25));
		expect(await world.answer("ana")).toMatchObject({ counted: true, streak: { current: 1 } });
		expect(await world.streak("ana")).toMatchObject({ current: 1 });
		await world.goTo(hoursOn(31));
		expect(await world.answer("ana", late.questionId ?? "")).toMatchObject({ counted: true, streak: { current: 2 } });
		await world.goTo(hoursOn(33));
		expect(await world.answer("ben", late.questionId ?? "")).toMatchObject({ counted: false });
		expect(await world.streak("ana")).toEqual({ current: 2, longest: 2, freezes: 0, answered: 2 });
		await expectSound(world);
	});

	test("the clocks went forward and back, and the schedule with them", async () => {
		for (const start of ["2027-03-25T12:00:00Z", "2027-10-28T12:00:00Z"]) {
			const world = await World.open(database, { start: new Date(start) });
			await world.schedule({ zone: "Europe/Berlin", localTime: "02:30" });
			for (let day = 1; day <= 6; day += 1) {
				await world.jumpTo(new Date(Date.parse(start) + day * 24 * 3_600_000));
				await world.answer("ana");
			}
			expect(await world.streak("ana")).toMatchObject({ current: 6, answered: 6 });
		}
	});

	test("a weekend, and a pause, are not delivered and cannot be missed", async () => {
		const world = await World.open(database);
		const schedule = await world.schedule({ weekdays: parseWeekdays("weekdays") ?? 0 });
		await live(world, { ana: "aaaaa--a" });
		expect(await world.streak("ana")).toMatchObject({ current: 6 });
		await pauseSchedule(world.services, schedule, "2027-03-24", world.now);
		// What was delivered before the pause stays open until the next one comes.
		await live(world, { ana: "a" }, 16);
		expect(await world.streak("ana")).toMatchObject({ current: 7, longest: 7 });
		await expectSound(world);
	});

	test("the bot was down for a week, then posted one late: nobody loses anything", async () => {
		const world = await World.open(database);
		await world.schedule();
		await live(world, { ana: "aaa", ben: "aa-" });
		await world.jumpTo(hoursOn(24 * 10 + 8));
		expect(world.platform.at("channel")).toHaveLength(4);
		expect(await world.streak("ana")).toMatchObject({ current: 3 });
		// Ben missed the last one before the outage: it was delivered and has closed.
		expect(await world.streak("ben")).toMatchObject({ current: 0 });
		expect(await world.answer("ana")).toMatchObject({ counted: true, streak: { current: 4 } });
		await expectSound(world);
	});

	test("the last post before an outage stays open until the next one comes", async () => {
		const world = await World.open(database);
		await world.schedule();
		await live(world, { ana: "a" });
		world.clock.moveTo(hoursOn(24 * 6));
		expect(await world.answer("ben", "today")).toMatchObject({ counted: true });
	});

	test("the schedule moved from 09:00 to 20:00, and to another zone", async () => {
		const world = await World.open(database);
		const schedule = await world.schedule();
		await live(world, { ana: "aa" });
		const moved = await editSchedule(world.services, schedule, { localTime: "20:00" }, world.now);
		await world.jumpTo(hoursOn(48 + 12));
		expect(await world.answer("ana")).toMatchObject({ streak: { current: 3 } });
		await editSchedule(world.services, moved, { zone: "Pacific/Auckland", localTime: "08:00" }, world.now);
		// 08:00 there is 19:00 the day before in UTC.
		for (const [hours, current] of [
			[24 * 3 + 11, 4],
			[24 * 4 + 11, 5],
		] as const) {
			await world.jumpTo(hoursOn(hours));
			expect(await world.answer("ana")).toMatchObject({ counted: true, streak: { current } });
		}
		expect(await world.occurrences(schedule)).toHaveLength(5);
		await expectSound(world);
	});

	test("left and came back: the longest stays, the count begins anew", async () => {
		const world = await World.open(database);
		await world.schedule();
		await live(world, { ana: "aaa-----aa" });
		expect(await world.streak("ana")).toEqual({ current: 2, longest: 3, freezes: 0, answered: 5 });
		await expectSound(world);
	});

	test("away on vacation: the misses are excused, an answer on such a day counts", async () => {
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

	test("an admin excuses a miss, and the streak is what it would have been", async () => {
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
	test("each has its own streak; the headline is the best of them", async () => {
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
		// A removed one leaves the headline and keeps its record.
		await removeSchedule(world.services, second, world.now);
		await world.goTo(hoursOn(24 * 3 + 12));
		expect(await world.board("ana")).toEqual(["1 ana 3"]);
		await expectSound(world);
	});
});

test("whatever members do, the service tells what the model tells, and what is kept can be rebuilt", async () => {
	/** A day: hours by which the post is late (more than twelve: skipped), and what each member does about it. */
	const days = fc.array(
		fc.record({
			late: fc.oneof(
				{ weight: 4, arbitrary: fc.constant(0) },
				{ weight: 1, arbitrary: fc.integer({ min: 1, max: 18 }) },
			),
			deeds: fc.tuple(
				...["ana", "ben"].map(() =>
					fc.oneof(
						{ weight: 5, arbitrary: fc.integer({ min: 0, max: 30 }) },
						{ weight: 1, arbitrary: fc.constant(null) },
					),
				),
			),
		}),
		{ minLength: 6, maxLength: 9 },
	);
	await fc.assert(
		fc.asyncProperty(days, async (list) => {
			const world = await World.open(database);
			const schedule = await world.schedule();
			const names = ["ana", "ben"];
			const histories = new Map(names.map((name) => [name, [] as { number: number; at: number }[]]));
			const events = list.flatMap(({ late, deeds }, day) => [
				{ at: 24 * day + late, run: () => world.run() },
				...deeds.flatMap((hours, who) => {
					if (hours === null) return [];
					const at = 24 * day + late + hours + 0.5;
					const answer = async () => {
						const occurrence = await world.store.occurrences.ofDate(
							schedule.id,
							hoursOn(24 * day)
								.toISOString()
								.slice(0, 10),
						);
						if (!occurrence?.questionId || occurrence.number === null) return;
						await world.answer(names[who] ?? "", occurrence.questionId);
						histories.get(names[who] ?? "")?.push({ number: occurrence.number, at });
					};
					return [{ at, run: answer }];
				}),
			]);
			for (const event of events.sort((a, b) => a.at - b.at)) {
				// Down in between: what fell due is done late, or skipped.
				world.clock.moveTo(hoursOn(event.at));
				await event.run();
			}
			const now = 24 * list.length + 50;
			world.clock.moveTo(hoursOn(now));
			const delivered = (await world.store.streaks.occurrencesAfter(schedule.id, 0)).map(
				({ deliveredAt, localDate, state }) => ({
					delivered: ((deliveredAt?.getTime() ?? 0) - NINE.getTime()) / 3_600_000,
					known: state === "delivered",
					date: localDate,
				}),
			);
			for (const name of names) {
				const history: ModelHistory = {
					occurrences: delivered,
					answers: histories.get(name) ?? [],
					away: [],
					repairs: [],
				};
				const { current, longest, freezes, answered } = modelStreak(history, now);
				const told = await world.streak(name);
				expect(told ?? { current: 0, longest: 0, freezes: 0, answered: 0 }).toEqual({
					current,
					longest,
					freezes,
					answered,
				});
			}
			await expectSound(world);
		}),
		{ numRuns: 4 },
	);
});
