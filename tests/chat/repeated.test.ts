import { afterAll, beforeAll, expect, test } from "vitest";
import { COMMANDS } from "../../src/chat/commands/index.ts";
import { readCommand } from "../../src/chat/grammar.ts";
import { openChat } from "../support/chat.ts";
import { repeating } from "../support/repeating.ts";
import { snapshot } from "../support/snapshot.ts";

type Chat = Awaited<ReturnType<typeof openChat>>;

/** What an admin and a member say. Each line changes something. */
const LINES = [
	"answer today An honest attempt, in words, that says something.",
	"rate today 1,2",
	"share today",
	"check last B",
	"report today The figure is per layer, not in all.",
	"reports decline <report> It is as the prompt says.",
	"settings away 2027-12-24..2027-12-31",
	"settings leaderboard no",
	"settings reminders 3",
	"settings milestones yes",
	"schedule repair ana 2027-03-09 schedule:1",
	"schedule edit 1 time:10:30",
	"schedule pause 1 until:2027-04-01",
	"schedule resume 1",
	"schedule add 23:30 UTC daily",
	"schedule admins ana yes",
	"settings forget confirm:yes",
];

/** Ana answers the first question and misses the second; the third is open. */
async function begin(): Promise<Chat> {
	const chat = await openChat();
	await chat.dispatcher.run(chat.caller("boss", true), readCommand("schedule add 09:00 UTC daily", COMMANDS));
	for (const date of ["08", "09", "10"]) {
		chat.clock.moveTo(new Date(`2027-03-${date}T09:00:00Z`));
		await chat.daily.run();
		const first = readCommand("check today A", COMMANDS);
		if (date === "08") await chat.dispatcher.run(chat.caller("ana"), first);
	}
	// A pass may settle a window before or after it looks for posts to edit: the second one finds all of them due.
	for (const time of ["10:00", "10:10"]) {
		chat.clock.moveTo(new Date(`2027-03-10T${time}:00Z`));
		await chat.daily.run();
	}
	return chat;
}

let once: Chat;
let twice: Chat;
beforeAll(async () => {
	[once, twice] = [await begin(), await begin()];
	repeating(twice.db);
});
afterAll(async () => {
	for (const chat of [once, twice]) await chat.close();
});

/** Fills in the open report's number. Undone work uses up numbers, so the chats' numbers differ. */
async function withReportId(chat: Chat, line: string): Promise<string> {
	if (!line.includes("<report>")) return line;
	const home = await chat.store.people.findWorkspace("terminal", "home");
	const [report] = home ? await chat.store.reports.list(home.id, "open", 0, 1) : [];
	return line.replace("<report>", String(report?.id));
}

/** Whether a line was refused, and how many rows each table has after it. Each chat asks different questions. */
async function outcomeOf(chat: Chat, line: string) {
	const call = readCommand(await withReportId(chat, line), COMMANDS);
	const outcome = await chat.dispatcher.run(chat.caller("ana", true), call);
	await chat.daily.run();
	const rows = Object.entries(await snapshot(chat.db)).map(([table, kept]) => [table, kept.split("\n").length]);
	const isRefused = outcome.type === "reply" && outcome.reply.card.tone === "error";
	return { isRefused, posts: chat.platform.posts.length, rows: Object.fromEntries(rows), faults: chat.faults };
}

test.each(LINES)("after a conflict, %s has the same effect as without one", async (line) => {
	const expected = await outcomeOf(once, line);
	expect(expected).toMatchObject({ isRefused: false, faults: [] });
	expect(await outcomeOf(twice, line)).toEqual(expected);
});
