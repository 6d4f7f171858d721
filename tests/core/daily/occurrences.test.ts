import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cardText } from "../../../src/chat/text.ts";
import { parseWeekdays } from "../../../src/core/calendar/weekdays.ts";
import {
	editSchedule,
	pauseSchedule,
	removeSchedule,
	resumeSchedule,
	type ScheduleInput,
} from "../../../src/core/daily/schedules.ts";
import type { TestDatabase } from "../../support/embedded.ts";
import { openTestDatabase } from "../../support/postgres.ts";
import { makeBank } from "../../support/question.ts";
import { hoursOn, NINE_O_CLOCK, World } from "../../support/world.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await openTestDatabase();
});
afterAll(() => database.close());

describe("the daily question", () => {
	test("comes at its instant, once, with the next number, and is recorded with its message", async () => {
		const world = await World.open(database);
		const schedule = await world.schedule();
		await world.jumpTo("2027-03-08T08:59:59.999Z");
		expect(world.platform.posts).toEqual([]);
		await world.jumpTo(NINE_O_CLOCK);
		for (let again = 0; again < 3; again += 1) await world.run();
		await world.goTo(hoursOn(24));
		expect(world.platform.at("channel").map(({ key }) => key)).toHaveLength(2);
		expect(await world.occurrence(schedule, "2027-03-08")).toMatchObject({
			state: "delivered",
			number: 1,
			dueAt: NINE_O_CLOCK,
			deliveredAt: NINE_O_CLOCK,
			messageId: "message 1",
			closesAt: hoursOn(24),
		});
		expect(await world.occurrence(schedule, "2027-03-09")).toMatchObject({
			state: "delivered",
			number: 2,
			deliveredAt: hoursOn(24),
			closesAt: null,
		});
	});

	test("comes once even if several processes work at the same time", async () => {
		const world = await World.open(database);
		const schedules = [
			await world.schedule(),
			await world.schedule({ channelId: "random" }),
			await world.schedule({ channelId: "third" }),
		];
		world.clock.moveTo(NINE_O_CLOCK);
		const workers = [world.engine, world.worker("second"), world.worker("third")];
		await Promise.all(workers.map((engine) => world.run(engine)));
		await Promise.all(workers.map((engine) => world.run(engine)));
		expect(world.platform.sends).toHaveLength(schedules.length);
		expect(world.platform.posts).toHaveLength(schedules.length);
	});

	test("comes only on its weekdays", async () => {
		const world = await World.open(database);
		const schedule = await world.schedule({ weekdays: parseWeekdays("mon,fri") ?? 0 });
		for (let days = 0; days <= 14; days += 1) await world.jumpTo(hoursOn(24 * days));
		expect(await world.occurrences(schedule)).toEqual([
			"2027-03-08 delivered",
			"2027-03-12 delivered",
			"2027-03-15 delivered",
			"2027-03-19 delivered",
			"2027-03-22 delivered",
		]);
	});

	test("gets its answer in the thread when its window closes, not before", async () => {
		const world = await World.open(database);
		await world.schedule();
		await world.goTo(hoursOn(23.9));
		expect(world.platform.at("thread")).toEqual([]);
		await world.goTo(hoursOn(24));
		const [answer, ...others] = world.platform.at("thread");
		expect(others).toEqual([]);
		expect(answer?.to).toMatchObject({ type: "thread", messageId: "message 1" });
		expect(answer?.card.title).toContain("The answer to #1");
		// Of two posted within a day, the first stays open for its full day.
		await world.goTo(hoursOn(48));
		expect(world.platform.at("thread")).toHaveLength(2);
	});

	test("a failing one delays no other", async () => {
		const world = await World.open(database);
		const [broken, sound] = [await world.schedule(), await world.schedule({ channelId: "random" })];
		await database.db.execute(sql`update schedules set zone = 'Nowhere/AtAll' where id = ${broken.id}`);
		world.clock.moveTo(NINE_O_CLOCK);
		await world.engine.run();
		expect(world.faults.length).toBeGreaterThan(0);
		expect(await world.occurrences(sound)).toEqual(["2027-03-08 delivered"]);
		expect(await world.occurrences(broken)).toEqual([]);
	});
});

describe("after downtime", () => {
	test.each([
		["a minute", 1 / 60, "delivered"],
		["eleven hours and 59 minutes", 11 + 59 / 60, "delivered"],
		["twelve hours", 12, "delivered"],
		["twelve hours and a second", 12 + 1 / 3600, "skipped"],
		["twenty hours", 20, "skipped"],
	])("%s late", async (_name, hours, state) => {
		const world = await World.open(database);
		const schedule = await world.schedule();
		await world.jumpTo(hoursOn(hours));
		expect(await world.occurrences(schedule)).toEqual([`2027-03-08 ${state}`]);
		expect(world.platform.posts).toHaveLength(state === "delivered" ? 1 : 0);
		const { number, questionId, deliveredAt } = await world.occurrence(schedule, "2027-03-08");
		if (state === "delivered") expect({ number, deliveredAt }).toEqual({ number: 1, deliveredAt: hoursOn(hours) });
		else expect({ number, questionId, deliveredAt }).toEqual({ number: null, questionId: null, deliveredAt: null });
	});

	test("of a week there is one late post and no backlog; the others are recorded as skipped", async () => {
		const world = await World.open(database);
		const schedule = await world.schedule();
		await world.jumpTo(hoursOn(7 * 24 + 5));
		expect(world.platform.posts).toHaveLength(1);
		const states = await world.occurrences(schedule);
		expect(states).toHaveLength(8);
		expect(states.slice(0, 7).every((entry) => entry.endsWith("skipped"))).toBe(true);
		expect(states[7]).toBe("2027-03-15 delivered");
		expect(await world.occurrence(schedule, "2027-03-15")).toMatchObject({ number: 1 });
		await world.goTo(hoursOn(8 * 24));
		expect(world.platform.at("channel")).toHaveLength(2);
	});

	test("of years it takes no longer, and there is still one post at most", async () => {
		const world = await World.open(database);
		await world.schedule();
		await world.jumpTo("2031-07-01T10:00:00Z");
		expect(world.platform.posts).toHaveLength(1);
	});
});

describe("a clock that is moved", () => {
	test("back posts nothing twice, and forward again nothing extra", async () => {
		const world = await World.open(database);
		const schedule = await world.schedule();
		await world.goTo(hoursOn(24));
		const before = await world.occurrences(schedule);
		for (const hours of [-1, 0, 20, 24]) await world.jumpTo(hoursOn(hours));
		expect(await world.occurrences(schedule)).toEqual(before);
		expect(world.platform.at("channel")).toHaveLength(2);
		await world.goTo(hoursOn(48));
		expect(world.platform.at("channel")).toHaveLength(3);
	});

	test("far forward delivers what a restart then would, and repeats nothing when it comes back", async () => {
		const world = await World.open(database);
		const schedule = await world.schedule();
		await world.goTo(NINE_O_CLOCK);
		await world.jumpTo(hoursOn(10 * 24 + 1));
		await world.jumpTo(hoursOn(1));
		await world.goTo(hoursOn(10 * 24 + 2));
		const dates = (await world.occurrences(schedule)).map((entry) => entry.split(" ")[0]);
		expect(new Set(dates).size).toBe(dates.length);
		expect(world.platform.at("channel")).toHaveLength(2);
		await world.goTo(hoursOn(11 * 24));
		expect(world.platform.at("channel")).toHaveLength(3);
	});

	test("over the gap in spring: a time that does not exist happens at the first instant after it", async () => {
		const world = await World.open(database, { start: new Date("2027-03-26T12:00:00Z") });
		const schedule = await world.schedule({ zone: "Europe/Berlin", localTime: "02:30" });
		await world.goTo("2027-03-30T12:00:00Z");
		const due = await Promise.all(["27", "28", "29", "30"].map((day) => world.occurrence(schedule, `2027-03-${day}`)));
		expect(due.map(({ deliveredAt }) => deliveredAt?.toISOString())).toEqual([
			"2027-03-27T01:30:00.000Z",
			"2027-03-28T01:00:00.000Z",
			"2027-03-29T00:30:00.000Z",
			"2027-03-30T00:30:00.000Z",
		]);
		expect(world.platform.at("channel")).toHaveLength(4);
	});

	test("over the overlap in autumn: a time that occurs twice happens at the first", async () => {
		const world = await World.open(database, { start: new Date("2027-10-29T12:00:00Z") });
		const schedule = await world.schedule({ zone: "Europe/Berlin", localTime: "02:30" });
		await world.goTo("2027-11-01T12:00:00Z");
		const due = await Promise.all(
			["2027-10-30", "2027-10-31", "2027-11-01"].map((day) => world.occurrence(schedule, day)),
		);
		expect(due.map(({ deliveredAt }) => deliveredAt?.toISOString())).toEqual([
			"2027-10-30T00:30:00.000Z",
			"2027-10-31T00:30:00.000Z",
			"2027-11-01T01:30:00.000Z",
		]);
		expect(world.platform.at("channel")).toHaveLength(3);
	});
});

describe("a pause", () => {
	test("posts nothing, and continues at its end only with what is due after it", async () => {
		const world = await World.open(database);
		const schedule = await world.schedule();
		await world.goTo(NINE_O_CLOCK);
		await pauseSchedule(world.services, schedule, "2027-03-12", world.now);
		await world.goTo("2027-03-11T23:59:00Z");
		expect(world.platform.at("channel")).toHaveLength(1);
		await world.goTo("2027-03-13T10:00:00Z");
		expect(await world.occurrences(schedule)).toEqual([
			"2027-03-08 delivered",
			"2027-03-12 delivered",
			"2027-03-13 delivered",
		]);
		expect((await world.store.schedules.get(world.workspace.id, schedule.id))?.state).toBe("active");
	});

	test("whose end passed during a downtime delivers what has fallen due since, as after any downtime", async () => {
		const world = await World.open(database);
		const schedule = await world.schedule();
		await pauseSchedule(world.services, schedule, "2027-03-12", world.now);
		await world.jumpTo("2027-03-14T10:00:00Z");
		expect(await world.occurrences(schedule)).toEqual([
			"2027-03-12 skipped",
			"2027-03-13 skipped",
			"2027-03-14 delivered",
		]);
	});

	test("without an end lasts until it is resumed; what fell due meanwhile is not recorded", async () => {
		const world = await World.open(database);
		const schedule = await world.schedule();
		const paused = await pauseSchedule(world.services, schedule, null, world.now);
		await world.goTo(hoursOn(50));
		expect(await world.occurrences(schedule)).toEqual([]);
		await resumeSchedule(world.services, paused, world.now);
		await world.goTo(hoursOn(72));
		expect(await world.occurrences(schedule)).toEqual(["2027-03-11 delivered"]);
	});

	test("a removed schedule posts nothing more, closes its last window after a day, and gives its answer", async () => {
		const world = await World.open(database);
		const schedule = await world.schedule();
		await world.goTo(NINE_O_CLOCK);
		await world.answer("ana");
		await world.goTo(hoursOn(2));
		await removeSchedule(world.services, schedule, world.now);
		expect(await world.answer("ben", "question-1").then(() => world.occurrence(schedule, "2027-03-08"))).toMatchObject({
			closesAt: hoursOn(24),
		});
		await world.goTo(hoursOn(72));
		expect(world.platform.at("channel")).toHaveLength(1);
		expect(world.platform.at("thread")).toHaveLength(1);
	});
});

describe("an edit in the minute at which a question is due, before the planner", () => {
	const WEDNESDAY_AND_MONDAY = parseWeekdays("mon,wed") ?? 0;

	test.each([
		["the filter", { categories: ["transformers"] }],
		["the channel", { channelId: "elsewhere", channelName: "Elsewhere" }],
		["the role", { roleId: "42" }],
		["the days, of which this is still one", { weekdays: WEDNESDAY_AND_MONDAY }],
		["the name of the zone, with the same time", { zone: "Africa/Abidjan" }],
	])("of %s does not lose it", async (_name, changes) => {
		const world = await World.open(database);
		const schedule = await world.schedule();
		world.clock.moveTo(hoursOn(0.01));
		const edited = await editSchedule(world.services, schedule, changes, world.now);
		expect(edited.nextRunAt).toEqual(NINE_O_CLOCK);
		await world.run();
		expect(await world.occurrences(schedule)).toEqual(["2027-03-08 delivered"]);
		expect(await world.occurrence(schedule, "2027-03-08")).toMatchObject({ channelId: edited.channelId });
	});

	test("does not lose the recap that is due with it, unless it turns recaps off", async () => {
		const world = await World.open(database);
		const schedule = await world.schedule({ recap: true });
		world.clock.moveTo(hoursOn(0.01));
		const edit = (changes: Partial<ScheduleInput>) => editSchedule(world.services, schedule, changes, world.now);
		expect(await edit({ roleId: "42" })).toMatchObject({ recapAt: NINE_O_CLOCK });
		expect(await edit({ localTime: "10:00" })).toMatchObject({ recapAt: hoursOn(1) });
		expect(await edit({ recap: false })).toMatchObject({ recapAt: null });
	});

	test.each([
		["a later time moves it", { localTime: "20:00" }, "2027-03-08T20:00:00Z"],
		["an earlier time moves it to the next day", { localTime: "08:00" }, "2027-03-09T08:00:00Z"],
		["other days drop it", { weekdays: parseWeekdays("wed") ?? 0 }, "2027-03-10T09:00:00Z"],
	])("%s", async (_name, changes, next) => {
		const world = await World.open(database);
		const schedule = await world.schedule();
		world.clock.moveTo(hoursOn(0.01));
		expect(await editSchedule(world.services, schedule, changes, world.now)).toMatchObject({
			nextRunAt: new Date(next),
		});
		await world.run();
		expect(await world.occurrences(schedule)).toEqual([]);
	});
});

describe("the rotation of a schedule", () => {
	test("asks every question once before repeating any, even with skipped days", async () => {
		const world = await World.open(database, { questions: makeBank(5) });
		const schedule = await world.schedule();
		for (let days = 0; days < 12; days += 1) {
			if (days === 3 || days === 7) await world.jumpTo(hoursOn(24 * days + 13));
			else await world.jumpTo(hoursOn(24 * days));
		}
		const drawn = (await world.store.occurrences.since(schedule.id, "2000-01-01")).flatMap(
			({ questionId }) => questionId ?? [],
		);
		expect(drawn).toHaveLength(10);
		expect(new Set(drawn.slice(0, 5)).size).toBe(5);
		expect(new Set(drawn.slice(5)).size).toBe(5);
	});

	test("warns the admins once per bag when few questions of its filter are left", async () => {
		const world = await World.open(database, {
			questions: new Map([...makeBank(8, { category: "debugging" }), ...makeBank(0)]),
		});
		await world.schedule({ categories: ["debugging"] });
		await world.goTo(hoursOn(24 * 3));
		expect(world.platform.at("admins")).toHaveLength(1);
		expect(world.platform.at("admins")[0]?.card.title).toContain("6 questions left");
	});

	test("reports once a day a filter that no longer matches anything, and no streak suffers", async () => {
		const world = await World.open(database);
		const schedule = await world.schedule();
		await world.goTo(NINE_O_CLOCK);
		await world.answer("ana");
		await world.change(schedule, { categories: ["behavioral"] });
		await world.goTo(hoursOn(24));
		expect(await world.occurrences(schedule)).toEqual(["2027-03-08 delivered", "2027-03-09 skipped"]);
		const alerts = world.platform.at("admins").map(({ card }) => card);
		expect(alerts.map(({ title }) => title)).toEqual(["No question fits a filter"]);
		expect(alerts.map((card) => cardText(card)).join()).toContain(
			`Schedule #${schedule.number} in General found no question`,
		);
		expect(await world.streak("ana")).toMatchObject({ current: 1 });
	});
});
