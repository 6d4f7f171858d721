import { afterAll, beforeAll, expect, test } from "vitest";
import { COMMANDS } from "../../src/chat/commands/index.ts";
import { readCommand } from "../../src/chat/grammar.ts";
import { isoWeekStart, monthStart, seasonStart } from "../../src/core/calendar/calendar.ts";
import { OPTION_LETTERS, rightOption } from "../../src/core/question/question.ts";
import { openChat } from "../support/chat.ts";
import { Dice } from "../support/dice.ts";
import { byEffort } from "../support/effort.ts";
import type { TestDatabase } from "../support/embedded.ts";
import { DAYS, dateOfDay, instantOfDay, liveWeeks, recountBoard, recountWeek } from "../support/lived-weeks.ts";
import { openTestDatabase } from "../support/postgres.ts";

/** Histories: each member's twelve weeks in two schedules. */
const MEMBERS = 50;
const HISTORIES = byEffort({ test: 50, ci: 1_000, full: 10_000 });

let database: TestDatabase;
beforeAll(async () => {
	database = await openTestDatabase();
});
afterAll(() => database.close());

test(`boards of weeks, months, seasons and all time, and recaps, equal a naive recount of ${HISTORIES} histories`, {
	timeout: 60_000 + 60 * HISTORIES,
}, async () => {
	const dice = new Dice(20);
	const now = instantOfDay(DAYS - 1);
	const periods = [isoWeekStart(now, "UTC"), monthStart(now, "UTC"), seasonStart(now, "UTC"), null];
	let rows = 0;
	for (let from = 0; from < HISTORIES; from += MEMBERS) {
		const lived = await liveWeeks(database, dice, `workspace ${from}`, MEMBERS);
		const { workspaceId, schedules } = lived;
		for (const scheduleId of [null, ...schedules.map(({ id }) => id)])
			for (const since of periods)
				for (const board of ["run", "answered", "accuracy"] as const) {
					const scope = { workspaceId, scheduleId };
					const shown = await database.store.boards.top(scope, board, since, 0, MEMBERS);
					const said = shown.map(({ name, value }) => `${name} ${value.toFixed(9)}`);
					expect({ scope, board, since, said }).toEqual({
						scope,
						board,
						since,
						said: recountBoard(lived, board, since, scheduleId),
					});
					rows += said.length;
				}
		for (const { id } of schedules)
			for (let monday = 7; monday < DAYS; monday += 7) {
				const [first, last, before] = [monday, monday + 6, monday - 7].map(dateOfDay);
				const week = await database.store.recaps.week(id, first ?? "", last ?? "", before ?? "");
				expect({ from, id, monday, ...week }).toEqual({ from, id, monday, ...recountWeek(lived, id, monday) });
			}
	}
	expect(rows).toBeGreaterThan(HISTORIES * 10);
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
