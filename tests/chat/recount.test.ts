import { afterAll, beforeAll, expect, test } from "vitest";
import { COMMANDS } from "../../src/chat/commands/index.ts";
import { readCommand } from "../../src/chat/grammar.ts";
import { isoWeekStart, monthStart, seasonStart } from "../../src/core/calendar/calendar.ts";
import type { BoardScope } from "../../src/core/ports/boards.ts";
import { OPTION_LETTERS, rightOption } from "../../src/core/question/question.ts";
import { currentStreaks } from "../../src/core/streak/current-board.ts";
import { openChat } from "../support/chat.ts";
import { Dice } from "../support/dice.ts";
import { byEffort } from "../support/effort.ts";
import type { TestDatabase } from "../support/embedded.ts";
import { DAYS, dateOfDay, type LivedWorkspace, liveWeeks, NOW } from "../support/lived-weeks.ts";
import { openTestDatabase } from "../support/postgres.ts";
import { countStreaks, recountBoard, recountWeek } from "../support/recounted-weeks.ts";

/** Histories: each member's twelve weeks in two schedules. */
const MEMBERS = 50;
const HISTORIES = byEffort({ test: 25, ci: 1_000, full: 10_000 });

let database: TestDatabase;
beforeAll(async () => {
	database = await openTestDatabase();
});
afterAll(() => database.close());

const BOARDS = ["current", "longest", "run", "answered", "accuracy"] as const;
const PERIODS = [isoWeekStart(NOW, "UTC"), monthStart(NOW, "UTC"), seasonStart(NOW, "UTC"), null];

/** The whole of a board, as the program reads it. */
async function readBoard(scope: BoardScope, board: (typeof BOARDS)[number], since: Date | null): Promise<string[]> {
	const { store } = database;
	const rows =
		board === "current"
			? await store.boards.currentTop((await currentStreaks(store, scope, 0, NOW)).current, 0, MEMBERS)
			: await store.boards.top(scope, board, since, 0, MEMBERS);
	return rows.map(({ name, value }) => `${name} ${value.toFixed(9)}`);
}

/** Compares every board of a workspace with the recount. @returns how many lines were compared */
async function compareBoards(lived: LivedWorkspace): Promise<number> {
	const { workspaceId, schedules } = lived;
	const members = countStreaks(lived);
	let lines = 0;
	for (const scheduleId of [null, ...schedules.map(({ id }) => id)])
		for (const board of BOARDS)
			for (const since of board === "current" || board === "longest" ? [null] : PERIODS) {
				const scope = { workspaceId, scheduleId };
				const page = await readBoard(scope, board, since);
				const due = recountBoard(lived, members, board, since, scheduleId);
				expect({ scope, board, since, page }).toEqual({ scope, board, since, page: due });
				lines += page.length;
			}
	return lines;
}

test(`current, longest, seasons' and all other boards, and recaps, equal a naive recount of ${HISTORIES} histories`, {
	timeout: 60_000 + 100 * HISTORIES,
}, async () => {
	const dice = new Dice(20);
	let lines = 0;
	for (let from = 0; from < HISTORIES; from += MEMBERS) {
		const lived = await liveWeeks(database, dice, `workspace ${from}`, MEMBERS);
		lines += await compareBoards(lived);
		for (const { id } of lived.schedules)
			for (let monday = 7; monday < DAYS; monday += 7) {
				const [first, last, before] = [monday, monday + 6, monday - 7].map(dateOfDay);
				const week = await database.store.recaps.week(id, first ?? "", last ?? "", before ?? "");
				expect({ from, id, monday, ...week }).toEqual({ from, id, monday, ...recountWeek(lived, id, monday) });
			}
	}
	expect(lines).toBeGreaterThan(HISTORIES * 10);
});

test("a member who joined in week 10 leads accuracy, and current once the others' streaks have broken", async () => {
	const chat = await openChat();
	const say = async (name: string, line: string) => {
		const outcome = await chat.dispatcher.run(chat.caller(name, name === "boss"), readCommand(line, COMMANDS));
		if (outcome.type === "form") throw new Error("a form came instead of a reply");
		return outcome.reply;
	};
	await say("boss", "schedule add 09:00 UTC mon");
	for (let week = 1; week <= 20; week += 1) {
		chat.clock.moveTo(new Date(Date.UTC(2027, 2, 15 + 7 * (week - 1), 9)));
		await chat.daily.run();
		const home = await chat.store.people.findWorkspace("terminal", "home");
		const open = await chat.store.occurrences.open(home?.id ?? 0, null, chat.clock.now());
		const newest = open.sort((a, b) => b.dueAt.getTime() - a.dueAt.getTime())[0];
		const right = rightOption(chat.bank.find(newest?.questionId ?? ""));
		const wrong = OPTION_LETTERS.find((letter) => letter !== right);
		// The first one misses more weeks than freezes cover.
		if (week < 13 || week > 17) await say("early", `check today ${week % 2 === 0 ? wrong : right}`);
		if (week >= 10) await say("late", `check today ${right}`);
	}
	const rowsOf = async (board: string) =>
		(await say("early", `leaderboard ${board}`)).data?.rows as { member: string }[];
	expect((await rowsOf("accuracy")).map(({ member }) => member)).toEqual(["late", "early"]);
	expect(await rowsOf("current")).toEqual([
		{ rank: 1, member: "late", value: 11 },
		{ rank: 2, member: "early", value: 3 },
	]);
	expect((await rowsOf("longest")).map(({ member }) => member)).toEqual(["early", "late"]);
	expect(chat.faults).toEqual([]);
	await chat.close();
});
