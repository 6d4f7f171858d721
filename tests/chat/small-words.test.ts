import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Card } from "../../src/chat/card.ts";
import { alertCard } from "../../src/chat/cards/alerts.ts";
import { streakCard } from "../../src/chat/cards/streak.ts";
import { COMMANDS } from "../../src/chat/commands/index.ts";
import { readCommand } from "../../src/chat/grammar.ts";
import { alertOf } from "../../src/core/daily/alerts.ts";
import { counted } from "../../src/core/text/counted.ts";
import { cut } from "../../src/core/text/cut.ts";
import { openChat } from "../support/chat.ts";

const textOf = (card: Card) => JSON.stringify([card.title, card.blocks]);
/** A lone surrogate. */
const HALF = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

describe("what members read", () => {
	let chat: Awaited<ReturnType<typeof openChat>>;
	beforeAll(async () => {
		chat = await openChat();
	});
	afterAll(() => chat.close());

	async function say(text: string, admin = false): Promise<Card> {
		const outcome = await chat.dispatcher.run(chat.caller("ana", admin), readCommand(text, COMMANDS));
		if (outcome.type !== "reply") throw new Error("a form");
		return outcome.reply.card;
	}

	test("another member's missing streak is not spoken of as the reader's own", () => {
		expect(textOf(streakCard(null, [], []))).toMatch(
			/Your streak: 0.*It starts with your first answer.*Today's question/,
		);
		const other = textOf(streakCard("Grace", [], []));
		expect(other).toContain("Streak of Grace: 0");
		expect(other).not.toMatch(/[Yy]our|Today's question/);
	});

	test("an export says in a member's words what it contains", async () => {
		const fresh = await chat.dispatcher.run(chat.caller("zoe"), readCommand("settings export", COMMANDS));
		expect(fresh.type === "reply" && textOf(fresh.reply.card)).toContain(
			"kept about you here: your name and settings.",
		);
		await say("check kv-cache A");
		expect(textOf(await say("settings export"))).toContain(
			"your name and settings, 1 answer, what you recall of 1 question and smaller records",
		);
	});

	test("one of something is written in the singular", async () => {
		expect([counted(0, "row"), counted(1, "row"), counted(2, "miss", "misses")]).toEqual([
			"0 rows",
			"1 row",
			"2 misses",
		]);
		const low = { alert: "low-bag", schedule: 1, channel: "nlp", left: 1 } as const;
		expect(alertCard(low, { workspaceName: "", schedule: null }).title).toBe("1 question left before they repeat");
	});

	test("an abbreviation of a time zone is questioned, not taken as a zone whose clocks never change", async () => {
		const card = await say("schedule add 09:00 EST", true);
		expect(card.tone).toBe("error");
		expect(textOf(card)).toContain("Name a place instead: America/New_York, America/Panama.");
		expect((await say("schedule add 09:00 America/New_York", true)).tone).not.toBe("error");
	});

	test("a past date is no away date, and does not count towards the year's thirty", async () => {
		const past = await say("settings away 2027-01-01..2027-01-31");
		expect(past.tone).toBe("error");
		expect(textOf(past)).toContain("1 January is over");
		expect(textOf(past)).toContain("Name dates from 8 March on.");
		expect((await say("settings away 2027-03-08..2027-04-06")).title).toBe("Away dates: 30");
	});

	test("a refusal writes its dates in words, with the year where it is another", async () => {
		const { title } = await say("schedule add 09:30 Europe/Berlin", true);
		const [, number = ""] = /#(\d+)/.exec(title) ?? [];
		chat.clock.moveTo(new Date("2027-03-08T09:00:00Z"));
		await chat.daily.run();
		const refusals = {
			"settings away 2026-12-31": "31 December 2026 is over",
			"settings away 2027-12-24..2027-12-20": "20 December is before 24 December",
			"settings away 2027-03-09..2027-04-20": "9 March to 20 April is more than 31 dates",
			"settings interview 2027-03-07": "7 March is in the past",
			"settings interview 2028-12-24": "24 December 2028 is more than a year ahead",
			[`schedule pause ${number} until:2027-03-07`]: "7 March is not ahead",
			[`schedule repair ana 2027-03-05 schedule:${number}`]: "No daily question was delivered on 5 March",
			[`schedule repair ana 2027-03-08 schedule:${number}`]: "The question of 8 March is still open",
		};
		await say("streak");
		for (const [line, words] of Object.entries(refusals)) {
			const text = textOf(await say(line, true));
			expect(text).toContain(words);
			expect(text).not.toMatch(/\d{4}-\d\d/);
		}
	});

	test("dates as people say them are dates of the channel's today, for being away and for a pause", async () => {
		// In New York, where the channel's question comes, it is still the evening of the 8th, a Monday.
		await say("schedule add 09:00 America/New_York", true);
		chat.clock.moveTo(new Date("2027-03-09T02:00:00Z"));
		const away = async (dates: string) => {
			const caller = chat.caller("ben", false);
			const outcome = await chat.dispatcher.run(caller, readCommand(`settings away ${dates}`, COMMANDS));
			return outcome.type === "reply" ? outcome.reply.data : null;
		};
		expect(await away("tomorrow")).toEqual({ away: ["2027-03-09"] });
		expect(await away("tomorrow cancel:yes")).toEqual({ away: [] });
		expect(await away("friday to sunday")).toEqual({ away: ["2027-03-12", "2027-03-13", "2027-03-14"] });
		expect(await away("this weekend cancel:yes")).toEqual({ away: ["2027-03-12"] });
		expect(textOf(await say("schedule pause 1 tomorrow", true))).toContain("starts again by itself on 9 March");
	});

	test("a date that is over here, but not where the question comes, is accepted", async () => {
		// In New York, where the channel's question comes, it is still the evening of the 8th.
		chat.clock.moveTo(new Date("2027-03-09T02:00:00Z"));
		expect((await say("settings away 2027-03-08")).tone).not.toBe("error");
		expect((await say("settings away 2027-03-07")).tone).toBe("error");
	});

	test("no typed text is cut in the middle of a character", async () => {
		for (const shift of ["", "a"])
			for (const text of [
				`${shift}${"😀".repeat(60)}`,
				`schedule add ${shift}${"😀".repeat(60)}`,
				`leaderboard ${shift}${"😀".repeat(60)}`,
			]) {
				const reply = await Promise.resolve()
					.then(() => say(text, true))
					.then(textOf, (error: Error) => error.message);
				expect(reply).toContain("😀");
				expect(reply).not.toMatch(HALF);
			}
		expect(cut("👩‍👩‍👧👩‍👩‍👧", 10)).toBe("👩‍👩‍👧…");
		expect(cut("short", 10)).toBe("short");
	});
});

test("an alert that another version has planned is shown as unknown", () => {
	expect(alertOf({ alert: "invented", schedule: 1 })).toBeNull();
	expect(alertOf({ alert: "paused", schedule: 1 })).toBeNull();
	const unknown = alertCard(alertOf({ alert: "invented" }), { workspaceName: "", schedule: null });
	expect(unknown.title).toBe("A daily question needs a look");
});
