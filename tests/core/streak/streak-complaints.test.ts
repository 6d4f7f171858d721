import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseWeekdays } from "../../../src/core/calendar/weekdays.ts";
import { editSchedule, pauseSchedule, type ScheduleInput } from "../../../src/core/daily/schedules.ts";
import { type TestDatabase, testDatabase } from "../../support/embedded.ts";
import { openOnServer } from "../../support/postgres.ts";
import { hoursOn, World } from "../../support/world.ts";
import { expectSound, live } from "./streak-days.ts";

let database: TestDatabase;
beforeAll(async () => {
	const { db, close } = await openOnServer();
	database = testDatabase(db, close);
});
afterAll(() => database.close());

interface Complaint {
	readonly name: string;
	readonly start: string;
	readonly schedule?: Partial<ScheduleInput>;
	/** When the member answers the latest question, by the clock on their wall. */
	readonly answers: readonly string[];
}

/** Each member keeps a streak as long as the number of answers. */
const COMPLAINTS: readonly Complaint[] = [
	{
		// 09:00 UTC is 22:00 in Auckland. There is no answer on the 9th there, and two on the 10th.
		name: "midnight in another zone",
		start: "2027-03-08T08:00Z",
		answers: ["2027-03-08T23:59+13:00", "2027-03-10T00:01+13:00", "2027-03-10T23:59+13:00"],
	},
	{
		name: "midnight in the schedule's own zone",
		start: "2027-03-08T12:00-08:00",
		schedule: { zone: "America/Los_Angeles", localTime: "23:30" },
		answers: ["2027-03-09T00:10-08:00", "2027-03-09T23:45-08:00", "2027-03-11T00:05-08:00"],
	},
	{
		// 02:30 does not exist in Berlin on the 28th: the post comes at 03:00, a minute after 01:59.
		name: "spring forward",
		start: "2027-03-26T12:00+01:00",
		schedule: { zone: "Europe/Berlin", localTime: "02:30" },
		answers: ["2027-03-28T01:59+01:00", "2027-03-28T03:00+02:00", "2027-03-30T02:29+02:00"],
	},
	{
		// 02:30 comes twice in Berlin on the 31st; the post comes at the first, and its window has 25 hours.
		name: "fall back",
		start: "2027-10-29T12:00+02:00",
		schedule: { zone: "Europe/Berlin", localTime: "02:30" },
		answers: ["2027-10-30T02:31+02:00", "2027-11-01T02:29+01:00", "2027-11-01T02:30+01:00"],
	},
	{
		// Always in the evening: at home, in Honolulu twice, and at home again.
		name: "flying west and back",
		start: "2027-03-08T08:00+01:00",
		schedule: { zone: "Europe/Berlin" },
		answers: [
			"2027-03-08T20:00+01:00",
			"2027-03-09T20:00-10:00",
			"2027-03-10T20:00-10:00",
			"2027-03-11T20:00+01:00",
			"2027-03-12T20:00+01:00",
		],
	},
	{
		// From Samoa across the date line to its neighbour, skipping the 10th, and back, living the 12th twice.
		name: "flying across the date line and back",
		start: "2027-03-08T08:00-11:00",
		schedule: { zone: "Pacific/Pago_Pago" },
		answers: ["2027-03-08T12:00-11:00", "2027-03-10T14:00+13:00", "2027-03-11T14:00+13:00", "2027-03-11T20:00-11:00"],
	},
	{
		name: "a weekend",
		start: "2027-03-11T08:00Z",
		schedule: { weekdays: parseWeekdays("weekdays") ?? 0 },
		answers: ["2027-03-11T10:00Z", "2027-03-12T10:00Z", "2027-03-15T10:00Z", "2027-03-16T10:00Z"],
	},
	{
		name: "the weekend's first day, for what was asked before it",
		start: "2027-03-11T08:00Z",
		schedule: { weekdays: parseWeekdays("weekdays") ?? 0 },
		answers: ["2027-03-11T10:00Z", "2027-03-14T23:00Z", "2027-03-15T10:00Z"],
	},
	{
		name: "answered at the last second",
		start: "2027-03-08T08:00Z",
		answers: ["2027-03-09T08:59:59.999Z", "2027-03-10T08:59:59.999Z", "2027-03-10T09:00:00.000Z"],
	},
];

describe("complaints that other study bots get, and that do not apply here", () => {
	test.each(COMPLAINTS)("$name", async ({ start, schedule: wish, answers }) => {
		const world = await World.open(database, { start: new Date(start) });
		await world.schedule(wish);
		for (const [index, instant] of answers.entries()) {
			await world.goTo(instant);
			expect(await world.answer("ana"), instant).toMatchObject({ counted: true, streak: { current: index + 1 } });
			expect(await world.streak("ana"), instant).toMatchObject({ current: index + 1 });
		}
		const all = answers.length;
		expect(await world.streak("ana")).toEqual({ current: all, longest: all, freezes: 0, answered: all });
		expect(await world.ledger("ana")).toEqual([]);
		await expectSound(world);
	});

	test("answered twice: the first one counts, even if both come at once", async () => {
		const world = await World.open(database);
		await world.schedule();
		await live(world, { ana: "a" });
		expect(await world.answer("ana")).toMatchObject({ counted: false, reason: "answered-before" });
		await world.jumpTo(hoursOn(24));
		const both = await Promise.all([world.answer("ana"), world.answer("ana")]);
		expect(both.map((recorded) => recorded.counted).sort()).toEqual([false, true]);
		expect(await world.streak("ana")).toEqual({ current: 2, longest: 2, freezes: 0, answered: 2 });
		await expectSound(world);
	});

	test("answered yesterday's after today's: both count, in either order", async () => {
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

	test("a pause after a weekend: what was not delivered cannot be missed", async () => {
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

	test.each([
		["three days", 3],
		["a week", 7],
	])("the bot was down for %s, then posted one late: nobody loses anything", async (_name, days) => {
		const world = await World.open(database);
		await world.schedule();
		await live(world, { ana: "aaa", ben: "aa-" });
		await world.jumpTo(hoursOn(24 * (2 + days) + 8));
		expect(world.platform.at("channel")).toHaveLength(4);
		expect(await world.streak("ana")).toMatchObject({ current: 3 });
		// Ben missed the last one before the outage, which was delivered and has closed.
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

	test("the schedule moved from 09:00 to 20:00, and back", async () => {
		const world = await World.open(database);
		const schedule = await world.schedule();
		await live(world, { ana: "aa" });
		const late = await editSchedule(world.services, schedule, { localTime: "20:00" }, world.now);
		await world.jumpTo(hoursOn(48 + 12));
		expect(await world.answer("ana")).toMatchObject({ streak: { current: 3 } });
		await editSchedule(world.services, late, { localTime: "09:00" }, world.now);
		await live(world, { ana: "a" }, 3);
		// The evening's window is 24 hours long, whatever came in between.
		expect(await world.answer("ben", (await world.occurrence(schedule, "2027-03-10")).questionId ?? "")).toMatchObject({
			counted: true,
		});
		expect(await world.streak("ana")).toEqual({ current: 4, longest: 4, freezes: 0, answered: 4 });
		expect(await world.occurrences(schedule)).toHaveLength(4);
		await expectSound(world);
	});

	test("the zone changed, and with it the local date of the same evening", async () => {
		const world = await World.open(database);
		const schedule = await world.schedule({ localTime: "20:00" });
		await world.jumpTo(hoursOn(12));
		await world.answer("ana");
		await editSchedule(world.services, schedule, { zone: "Pacific/Auckland", localTime: "08:00" }, world.now);
		// 08:00 there is 19:00 UTC the day before.
		for (const [days, current] of [
			[1, 2],
			[2, 3],
		] as const) {
			await world.jumpTo(hoursOn(24 * days + 11));
			expect(await world.answer("ana")).toMatchObject({ counted: true, streak: { current } });
		}
		expect(await world.streak("ana")).toEqual({ current: 3, longest: 3, freezes: 0, answered: 3 });
		await expectSound(world);
	});

	test("left and came back: the longest is kept, the count starts again", async () => {
		const world = await World.open(database);
		await world.schedule();
		await live(world, { ana: "aaa-----aa" });
		expect(await world.streak("ana")).toEqual({ current: 2, longest: 3, freezes: 0, answered: 5 });
		await expectSound(world);
	});
});
