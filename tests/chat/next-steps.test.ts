import { afterAll, beforeAll, expect, test } from "vitest";
import type { Card } from "../../src/chat/card.ts";
import { refusalCard } from "../../src/chat/cards/faults.ts";
import { scheduleCard, scheduleItem } from "../../src/chat/cards/schedule.ts";
import { streakCard } from "../../src/chat/cards/streak.ts";
import { COMMANDS } from "../../src/chat/commands/index.ts";
import { readCommand } from "../../src/chat/grammar.ts";
import { cardText } from "../../src/chat/text.ts";
import { datesText } from "../../src/core/calendar/date-words.ts";
import { UserError } from "../../src/core/errors.ts";
import { openChat } from "../support/chat.ts";

let chat: Awaited<ReturnType<typeof openChat>>;
beforeAll(async () => {
	chat = await openChat();
});
afterAll(() => chat.close());

async function card(text: string, isAdmin = true): Promise<Card> {
	const outcome = await chat.dispatcher.run(chat.caller("ana", isAdmin), readCommand(text, COMMANDS));
	return outcome.type === "reply" ? outcome.reply.card : expect.fail("a form");
}
const labels = ({ blocks }: Card) =>
	blocks.flatMap((block) => (block.type === "actions" ? block.buttons.map(({ label }) => label) : []));

function refusal(text: string): Card {
	try {
		readCommand(text, COMMANDS);
	} catch (error) {
		if (error instanceof UserError) return refusalCard(error, []);
	}
	return expect.fail("it was read");
}

test("a misspelt command has a button for the one that was probably meant, or for the help", () => {
	const near = refusal("strek").blocks.at(-1);
	expect(near).toMatchObject({ type: "actions", buttons: [{ label: "streak", call: { command: "streak" } }] });
	expect(labels(refusal("zzzzzzzzzzzz"))).toEqual(["What I can do"]);
});

test("a misspelt command that needs options has no button, which would only be refused, unless it opens a form", () => {
	expect(labels(refusal("settings awya"))).toEqual(["What I can do"]);
	expect(JSON.stringify(refusal("settings awya"))).toContain("Did you mean `/nlpq settings away <dates>");
	expect(refusal("sugest").blocks.at(-1)).toMatchObject({ buttons: [{ call: { command: "suggest" } }] });
});

test("a word that fits none of several options is refused with each option's name and choices", () => {
	expect(JSON.stringify(refusal("leaderboard streaks").blocks)).toContain(
		"Choose from these: board: current, longest, answered, accuracy; period: week, month, season, all; scope: here, workspace.",
	);
	expect(JSON.stringify(refusal("practice interview-prep 3 4 5").blocks)).not.toContain("Choose from these");
});

test("each reply to an admin leads to the next step, and pauses are dated in words", async () => {
	expect(labels(await card("schedule add 09:00 UTC weekdays"))).toEqual(["Test it", "Post one now", "Filter and more", "All schedules"]); // biome-ignore format: one line
	expect(labels(await card("schedule test 1"))).toEqual(["Post one now", "Edit", "All schedules"]);
	expect(labels(await card("schedule post 1"))).toEqual(["Schedules"]);
	const paused = await card("schedule pause 1 until:2027-12-24");
	expect(JSON.stringify(paused)).toContain("It starts again by itself on 24 December; no streak suffers until then.");
	expect(paused.blocks).toContainEqual({ type: "heading", text: "The next five after the pause" });
	expect(labels(await card("schedule post 1"))).toEqual(["Resume", "Choose another channel"]);
	expect(labels(await card("schedule test 1"))[0]).toBe("Resume");
	expect((await card("schedule resume 1")).title).toBe("Schedule #1 is running again");
	expect((await card("schedule resume 1")).title).toBe("Schedule #1 was running already");
	expect(labels(await card("schedule add 10:00", false))).toEqual(["Try a question", "What I can do"]);
	expect(labels(await card("report kv-cache The figure is per layer."))).toEqual([
		"Back to the answer",
		"Next question",
	]);
});

test("a member who asks about a command for admins learns that it is one, and an admin reads about it", async () => {
	const refused = await card("help schedule add", false);
	expect(refused.title).toBe('Only admins can use "schedule add".');
	expect((await card("help schedule", false)).title).toContain("Only admins");
	expect((await card("help schedule add")).title).toBe("/nlpq schedule add");
	expect((await card("help banana", false)).title).toContain("There is no command");
});

test("each changed setting leads back to all of them", async () => {
	for (const line of ["leaderboard no", "leaderboard yes", "reminders 3", "reminders 0", "milestones yes"])
		expect(labels(await card(`settings ${line}`))).toEqual(["All settings"]);
});

test("a text without words is called empty, whatever its length", async () => {
	const outcome = await chat.dispatcher.run(chat.caller("ana"), {
		command: "report",
		options: { question: "kv-cache", text: "  " },
	});
	expect(outcome.type === "reply" && outcome.reply.card.title).toBe("The report is empty. Nothing was sent.");
});

test("a list of admins without any named one is a whole sentence", async () => {
	expect(cardText(await card("schedule admins"))).toContain("Only the admins here.");
	await card("random", false);
	expect(cardText(await card("schedule admins ana yes"))).toContain(
		"The admins here, and the members they have named:",
	);
});

test("a schedule's history counts what was skipped or is unknown only if there is any", async () => {
	await card("schedule add 12:00 UTC");
	const [schedule] = await chat.services.store.schedules.list(1);
	const line = (skipped: number, unknown: number) => {
		const counts = { delivered: 2, skipped, unknown, last: null };
		return JSON.stringify(scheduleItem(schedule ?? expect.fail("no schedule"), counts, null));
	};
	expect(line(0, 0)).toContain('Delivered 2"');
	expect(line(1, 3)).toContain("Delivered 2, skipped 1, unknown 3");
});

test("a schedule that stays paused has the button that resumes it, and no heading above nothing", async () => {
	await card("schedule add 11:00 UTC");
	const [workspace] = await chat.services.store.schedules.list(1);
	const schedule = { ...(workspace ?? expect.fail("no schedule")), state: "paused" as const };
	const changed = scheduleCard("Schedule #1 is changed", schedule, 100, []);
	expect(labels(changed)).toEqual(["Resume", "Test it", "Filter and more", "All schedules"]);
	expect(JSON.stringify(changed)).not.toContain("The next five");
});

test("away dates are in words, with runs as ranges", async () => {
	expect(datesText(["2027-03-26", "2027-03-25", "2027-04-01", "2028-01-01"], "2027-03-08")).toBe("25 March to 26 March, 1 April, 1 January 2028"); // biome-ignore format: one line
	expect(JSON.stringify(await card("settings away 2027-12-24..2027-12-31"))).toContain("24 December to 31 December");
});

test("a streak at 0 says why later misses are not listed, and names no freeze that never was", () => {
	const mark = (date: string) => ({ date, mark: "missed" as const });
	const days = [mark("2027-03-09"), mark("2027-03-10"), mark("2027-03-11")];
	const view = { channel: { type: "channel", id: "1", name: "daily" }, current: 0, longest: 1, freezes: 0, days, waiting: false } as const; // biome-ignore format: one line
	const ids = { memberId: 1, scheduleId: 1, workspaceId: 1, number: 2, at: new Date(0) };
	const entry = { ...ids, kind: "missed", localDate: "2027-03-09", freezes: 0, current: 0 } as const;
	const text = cardText(streakCard(null, [view], [entry]));
	expect(text).toContain("Your streak: 0\n");
	expect(text).toContain("Tue 9 March: missed, and no freeze was held, so the streak went back to 0.");
	expect(text).toContain("A miss is not listed here if the streak was 0 already");
	expect(text).toContain("7 more answers to the next milestone, 7.");
	expect(cardText(streakCard(null, [{ ...view, days: days.slice(0, 1) }], [entry]))).not.toContain("not listed here");
});
