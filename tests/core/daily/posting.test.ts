import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { cardText } from "../../../src/chat/text.ts";
import { resumeSchedule } from "../../../src/core/daily/schedules.ts";
import { UserError } from "../../../src/core/errors.ts";
import type { TestDatabase } from "../../support/embedded.ts";
import { openTestDatabase } from "../../support/postgres.ts";
import { makeBank } from "../../support/question.ts";
import { goneMishap } from "../../support/recording-platform.ts";
import { hoursOn, NINE_O_CLOCK, World } from "../../support/world.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await openTestDatabase();
});
afterAll(() => database.close());

const TODAY = "2027-03-08";

describe("a question that is posted by hand", () => {
	test("comes at once, and the day's own instant is skipped", async () => {
		const world = await World.open(database);
		const schedule = await world.schedule();
		expect(await world.postNow(schedule)).toBe("posted");
		expect(world.platform.at("channel")).toHaveLength(1);
		await world.goTo(hoursOn(24));
		expect(await world.occurrences(schedule)).toEqual(["2027-03-08 delivered", "2027-03-09 delivered"]);
		expect(world.platform.at("channel")).toHaveLength(2);
	});

	test("replaces today's, with the same number, as long as nobody has attempted it", async () => {
		const world = await World.open(database);
		const schedule = await world.schedule();
		await world.goTo(NINE_O_CLOCK);
		const first = await world.occurrence(schedule, TODAY);
		expect(await world.postNow(schedule)).toBe("replaced");
		const second = await world.occurrence(schedule, TODAY);
		expect(second.questionId).not.toBe(first.questionId);
		expect(second).toMatchObject({ id: first.id, number: 1, messageId: first.messageId, deliveredAt: NINE_O_CLOCK });
		// The post itself is edited: no second message.
		expect(world.platform.at("channel")).toHaveLength(1);
		expect(world.platform.edits).toHaveLength(1);
		const question = world.services.bank.get(second.questionId ?? "");
		expect(world.platform.edits[0] && cardText(world.platform.edits[0].card)).toContain(question?.prompt ?? "?");
		expect(await world.answer("ana", second.questionId ?? "")).toMatchObject({ counted: true });
		expect(await world.answer("ben", first.questionId ?? "")).toMatchObject({ counted: false, reason: "not-daily" });
		await expect(world.postNow(schedule)).rejects.toThrow("has answered today's question already");
		expect(await world.occurrence(schedule, TODAY)).toMatchObject({ questionId: second.questionId });
	});

	test("is not spoilt for members who had seen the answer to the one before", async () => {
		const world = await World.open(database);
		const schedule = await world.schedule();
		await world.goTo(NINE_O_CLOCK);
		expect(await world.reveal("ana")).toBe(true);
		expect(await world.postNow(schedule)).toBe("replaced");
		expect(await world.answer("ana")).toMatchObject({ counted: true });
	});

	test("comes after one that failed or was skipped, and its question is not asked twice from one bag", async () => {
		const world = await World.open(database, { questions: makeBank(4) });
		const schedule = await world.schedule();
		world.platform.mishaps.push({ key: "daily", mishap: goneMishap });
		await world.goTo(NINE_O_CLOCK);
		expect(await world.occurrences(schedule)).toEqual(["2027-03-08 failed"]);
		await expect(world.postNow(schedule)).rejects.toThrow("Schedule #1 is paused: the channel is gone.");
		await resumeSchedule(world.services, schedule, world.now);
		expect(await world.postNow(schedule)).toBe("posted");
		expect(await world.occurrence(schedule, TODAY)).toMatchObject({ state: "delivered", number: 1 });
		await world.goTo(hoursOn(72));
		const drawn = (await world.store.occurrences.since(schedule.id, TODAY)).map(({ questionId }) => questionId);
		expect(new Set(drawn).size).toBe(4);
	});

	test("of another workspace's schedule is refused", async () => {
		const world = await World.open(database);
		const schedule = await world.schedule();
		const elsewhere = await world.store.people.ensureWorkspace("local", "elsewhere", "Elsewhere", world.now);
		await expect(world.postNow({ ...schedule, workspaceId: elsewhere.id })).rejects.toThrow(UserError);
		expect(world.platform.posts).toEqual([]);
	});
});

describe("the answered count on the post", () => {
	test("follows the answers, gathered over half a minute, and includes the last ones", async () => {
		const world = await World.open(database);
		await world.schedule();
		await world.goTo(NINE_O_CLOCK);
		const minute = (minutes: number) => hoursOn(minutes / 60);
		for (const [index, name] of ["ana", "ben", "cid", "dan"].entries()) {
			await world.goTo(new Date(NINE_O_CLOCK.getTime() + 1000 * index));
			await world.answer(name);
		}
		expect(world.platform.edits).toEqual([]);
		await world.goTo(minute(1));
		expect(world.platform.edits.map(({ card }) => cardText(card))).toEqual([
			expect.stringContaining("Answered so far: 4."),
		]);
		await world.answer("eve");
		await world.goTo(minute(1.2));
		expect(world.platform.edits).toHaveLength(1);
		await world.goTo(minute(2));
		expect(world.platform.edits).toHaveLength(2);
		expect(cardText(world.platform.edits[1]?.card ?? { tone: "plain", title: "", blocks: [] })).toContain(
			"Answered so far: 5.",
		);
		// Practice and another look change nothing.
		await world.answer("eve");
		await world.goTo(minute(5));
		expect(world.platform.edits).toHaveLength(2);
	});

	test("still includes members who have been forgotten since", async () => {
		const world = await World.open(database);
		await world.schedule();
		await world.goTo(NINE_O_CLOCK);
		await world.answer("ana");
		const { member } = await world.asker("ana");
		await world.store.transaction((store) => store.people.eraseMember(member.id, world.now));
		await world.answer("ben");
		await world.goTo(hoursOn(0.1));
		expect(world.platform.edits.map(({ card }) => cardText(card))).toEqual([
			expect.stringContaining("Answered so far: 2."),
		]);
	});
});

describe("nudges and congratulations", () => {
	test("a nudge comes once before the window's end, to those who asked for it and have not answered", async () => {
		const world = await World.open(database);
		await world.schedule();
		await world.goTo(NINE_O_CLOCK);
		for (const name of ["ana", "ben", "cid"]) {
			await world.answer(name);
			const { member } = await world.asker(name);
			if (name !== "cid") await world.store.people.changeSettings(member.id, { reminderHours: 3 });
		}
		await world.jumpTo(hoursOn(24));
		await world.answer("ben");
		await world.jumpTo(hoursOn(44.9));
		expect(world.platform.at("member")).toEqual([]);
		await world.goTo(hoursOn(47));
		expect(world.platform.at("member").map(({ to }) => to)).toEqual([
			{ type: "member", workspaceId: "home", memberId: "id-ana" },
		]);
	});

	test("a milestone reached by a settlement is told privately, once", async () => {
		const world = await World.open(database);
		await world.schedule();
		for (let days = 0; days < 6; days += 1) {
			await world.jumpTo(hoursOn(24 * days));
			await world.answer("ana");
		}
		const { member } = await world.asker("ana");
		await world.store.people.addAwayDates(world.workspace.id, member.id, ["2027-03-14"], world.now);
		// The seventh post comes late, on a date on which she is away; the eighth is answered while it is open.
		await world.jumpTo(hoursOn(24 * 6 + 8));
		await world.jumpTo(hoursOn(24 * 7));
		expect(await world.answer("ana")).toMatchObject({ milestones: [], streak: { current: 7, longest: 6 } });
		expect(world.platform.at("member")).toEqual([]);
		await world.jumpTo(hoursOn(24 * 7 + 8));
		await world.jumpTo(hoursOn(24 * 7 + 9));
		expect(world.platform.at("member").map(({ to, card }) => [to, card.title])).toEqual([
			[{ type: "member", workspaceId: "home", memberId: "id-ana" }, "7 in a row"],
		]);
		expect(await world.streak("ana")).toMatchObject({ current: 7, longest: 7, freezes: 1 });
	});
});
