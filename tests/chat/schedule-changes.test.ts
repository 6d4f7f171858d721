import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from "vitest";
import type { Outcome } from "../../src/chat/card.ts";
import { COMMANDS } from "../../src/chat/commands/index.ts";
import { readCommand } from "../../src/chat/grammar.ts";
import { cardText } from "../../src/chat/text.ts";
import { nextInstant } from "../../src/core/calendar/calendar.ts";
import type { Schedule } from "../../src/core/model.ts";
import { openChat } from "../support/chat.ts";
import { openTwiceOnServer } from "../support/postgres.ts";

type Chat = Awaited<ReturnType<typeof openChat>>;

const say = (chat: Chat, line: string) => chat.dispatcher.run(chat.caller("boss", true), readCommand(line, COMMANDS));

function replyOf(outcome: Outcome) {
	if (outcome.type === "form") throw new Error("a form came instead of a reply");
	return outcome.reply;
}

async function theOnly(chat: Chat): Promise<Schedule> {
	const home = await chat.store.people.findWorkspace("terminal", "home");
	const [schedule] = home ? await chat.store.schedules.list(home.id, { withRemoved: true }) : [];
	if (!schedule) throw new Error("there is no schedule");
	return schedule;
}

describe("two admins change one schedule at once, in two processes on a real server", () => {
	let one: Chat;
	let two: Chat;

	beforeEach(async () => {
		const [first, second] = await openTwiceOnServer(inject("postgresBankTemplate"));
		[one, two] = [await openChat({ database: first }), await openChat({ database: second })];
		await say(one, "schedule add 12:00 UTC daily");
	});
	afterEach(async () => {
		expect([...one.faults, ...two.faults]).toEqual([]);
		await two.close();
		await one.close();
	});

	/** Does something while the first admin's command waits for the platform. */
	function whileChecking(meanwhile: () => Promise<unknown>): void {
		one.platform.check = async () => {
			await meanwhile();
			return [{ name: "channel", ok: true, remedy: "" }];
		};
	}

	test("resuming what another admin has removed is refused in words, and the schedule stays removed", async () => {
		await say(one, "schedule pause");
		whileChecking(() => say(two, "schedule remove confirm:yes"));
		const { card } = replyOf(await say(one, "schedule resume"));
		const { id, state, nextRunAt } = await theOnly(one);
		expect(card.title).toBe(`Schedule #${id} has been removed. Nothing was changed.`);
		expect({ state, nextRunAt }).toEqual({ state: "removed", nextRunAt: null });
	});

	test("one edits the zone and one the time: the next question comes at the new time in the new zone", async () => {
		whileChecking(() => say(two, "schedule edit time:20:00"));
		const { data } = replyOf(await say(one, "schedule edit zone:America/New_York channel:general"));
		expect(await theOnly(one)).toMatchObject({ localTime: "20:00", zone: "America/New_York" });
		// 20:00 in New York, which has summer time from 14 March on.
		expect((await theOnly(one)).nextRunAt).toEqual(new Date("2027-03-09T01:00:00Z"));
		expect(data).toMatchObject({ next: "2027-03-09T01:00:00.000Z" });
	});

	test("the second edit always starts from the result of the first", async () => {
		for (let round = 0; round < 10; round += 1) {
			const [zone, time] = round % 2 === 0 ? ["Asia/Tokyo", "06:30"] : ["America/Lima", "21:15"];
			await Promise.all([say(one, `schedule edit zone:${zone}`), say(two, `schedule edit time:${time}`)]);
			const schedule = await theOnly(one);
			expect(schedule).toMatchObject({ zone, localTime: time });
			expect(schedule.nextRunAt).toEqual(nextInstant(schedule, one.clock.now()));
		}
	});

	test("two admins move schedules into a channel with one place: the second is refused, and its schedule stays", async () => {
		for (let count = 0; count < 9; count += 1) await say(one, `schedule add 1${count}:30 UTC daily channel:full`);
		await say(one, "schedule add 20:00 UTC daily");
		const move = (chat: Chat, number: number) => say(chat, `schedule edit ${number} channel:full`);
		const cards = (await Promise.all([move(one, 1), move(two, 11)])).map((outcome) => replyOf(outcome).card);
		const refused = cards.filter(({ tone }) => tone === "error");
		expect(refused.map(({ title }) => title)).toEqual(["A channel holds 10 schedules at most. Nothing was changed."]);
		const all = await one.store.schedules.list((await theOnly(one)).workspaceId);
		expect(all.filter(({ channelName }) => channelName === "full")).toHaveLength(10);
		// A schedule that is there already can still be edited.
		expect(replyOf(await say(one, "schedule edit 2 time:06:00 channel:full")).card.tone).not.toBe("error");
	});

	test("a question is not posted by hand from a schedule that was paused meanwhile", async () => {
		const [asked, pausing] = await Promise.all([say(one, "schedule post"), say(two, "schedule pause")]);
		const posted = await one.store.occurrences.since((await theOnly(one)).id, "2027-01-01");
		expect(replyOf(pausing).card.title).toContain("is paused");
		if (replyOf(asked).card.tone === "error") expect(posted).toEqual([]);
		else expect(posted).toHaveLength(1);
	});
});

test("a city of one zone is taken, and the reply says which zone that is", async () => {
	const chat = await openChat();
	for (const text of ["schedule add 09:00 berlin", "schedule edit 1 zone:Berlin"]) {
		expect(cardText(replyOf(await say(chat, text)).card)).toContain("Europe/Berlin");
		expect(await theOnly(chat)).toMatchObject({ zone: "Europe/Berlin" });
	}
	await chat.close();
});

describe("the next five dates", () => {
	let chat: Chat;
	beforeAll(async () => {
		chat = await openChat();
	});
	afterAll(() => chat.close());

	/** The dates that a reply lists, and the one that it calls the next. */
	function readOutcome(outcome: Outcome): { next: unknown; listed: string[] } {
		const { card, data } = replyOf(outcome);
		const items = card.blocks.flatMap((block) => (block.type === "list" ? block.items : []));
		const listed = items.flatMap((item) =>
			typeof item === "string"
				? []
				: item.flatMap((part) =>
						typeof part === "object" && part.type === "instant" ? [part.at.toISOString().slice(0, 16)] : [],
					),
		);
		return { next: data?.next, listed };
	}
	const days = (...dates: number[]) => dates.map((date) => `2027-03-${String(date).padStart(2, "0")}T13:00`);

	test("skip a date that is used: after a post by hand, an edit, a pause and a resume", async () => {
		await say(chat, "schedule add 12:00 UTC daily");
		chat.clock.moveTo(new Date("2027-03-08T11:00:00Z"));
		await say(chat, "schedule post");
		const edited = readOutcome(await say(chat, "schedule edit time:13:00"));
		expect(edited).toEqual({ next: "2027-03-09T13:00:00.000Z", listed: days(9, 10, 11, 12, 13) });
		expect((await theOnly(chat)).nextRunAt).toEqual(new Date("2027-03-09T13:00:00Z"));
		expect(readOutcome(await say(chat, "schedule test")).listed).toEqual(days(9, 10, 11, 12, 13));
		await say(chat, "schedule pause");
		const resumed = readOutcome(await say(chat, "schedule resume"));
		expect(resumed).toEqual({ next: "2027-03-09T13:00:00.000Z", listed: days(9, 10, 11, 12, 13) });
		expect(cardText(replyOf(await say(chat, "schedule list")).card)).toContain("9 Mar");
		// What the reply says is what happens.
		chat.clock.moveTo(new Date("2027-03-08T13:00:00Z"));
		await chat.daily.run();
		expect(chat.platform.posts).toHaveLength(1);
		chat.clock.moveTo(new Date("2027-03-09T13:00:00Z"));
		await chat.daily.run();
		expect(chat.platform.posts.filter(({ to }) => to.type === "channel")).toHaveLength(2);
	});

	test("skip dates that a zone further east has used already", async () => {
		await say(chat, "schedule edit zone:Pacific/Kiritimati time:10:00");
		// 10:00 on the 10th there is 20:00 UTC on the 9th.
		chat.clock.moveTo(new Date("2027-03-09T20:00:00Z"));
		await chat.daily.run();
		const { id } = await theOnly(chat);
		expect((await chat.store.occurrences.since(id, "2027-03-10")).map(({ localDate }) => localDate)).toEqual([
			"2027-03-10",
		]);
		const edited = readOutcome(await say(chat, "schedule edit zone:Pacific/Pago_Pago time:23:00"));
		// It is still the 9th there, which is used, and so is the 10th.
		expect(edited.next).toBe("2027-03-12T10:00:00.000Z");
		expect(edited.listed[0]).toBe("2027-03-12T10:00");
	});
});
