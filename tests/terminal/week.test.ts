import { expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { openWithBank } from "../support/postgres.ts";
import type { ProgramReply } from "../support/program.ts";
import { talk } from "../support/terminal.ts";

const streakSchema = z.object({ current: z.number(), longest: z.number(), freezes: z.number() });
const boardSchema = z.object({
	board: z.string(),
	rows: z.array(z.object({ rank: z.number(), member: z.string(), value: z.number() })),
});
const say = (name: string, text: string) => `${name}: /nlpq ${text}`;
const answer = (name: string) => say(name, "answer today What I would say in two minutes.");

/** The streak that a member was told, each time they asked. */
function streaksOf(replies: readonly ProgramReply[], name: string): z.infer<typeof streakSchema>[] {
	return replies.flatMap(({ to, data }) => {
		const streak = streakSchema.safeParse(data);
		return to === name && streak.success ? [streak.data] : [];
	});
}

const boardsOf = (replies: readonly ProgramReply[]) =>
	replies.flatMap(({ audience, data }) => {
		const board = boardSchema.safeParse(data);
		return audience === "channel" && board.success ? [board.data] : [];
	});

/**
 * Eleven days from a Monday, each at 10:00. Who attempts on which day:
 * ana on all but the 8th, with a freeze from the 7th; bob on all but the 6th, with none;
 * cy on all, but on the 4th only after a reveal.
 */
function script(): string[] {
	const lines: string[] = [];
	for (let day = 1; day <= 10; day += 1) {
		lines.push(`/clock 2027-03-${String(day).padStart(2, "0")}T10:00:00Z`);
		if ([5, 8, 9].includes(day)) for (const name of ["ana", "bob", "cy"]) lines.push(say(name, "streak"));
		if (day === 4) lines.push(say("cy", "reveal today"));
		if (day !== 8) lines.push(answer("ana"));
		if (day !== 6) lines.push(answer("bob"));
		lines.push(answer("cy"));
	}
	for (const name of ["ana", "bob", "cy"]) lines.push(say(name, "streak"));
	for (const board of ["current", "longest", "answered"]) lines.push(say("ana", `leaderboard ${board}`));
	lines.push(
		"/clock +1d",
		"/clock +1d",
		say("ana", "streak"),
		say("ana", "leaderboard"),
		say("ana", "leaderboard longest"),
	);
	return lines;
}

test("a scripted week and a half gives the streaks and leaderboards of the rules", async () => {
	const replies = await talk(script(), { clock: "2027-03-01T09:30:00Z" });

	const posts = replies.filter(({ card }) => card.title.startsWith("Question of the day"));
	const numbers = posts.map(({ card }) => /#(\d+) · /.exec(card.title)?.[1]);
	expect(numbers.map(Number)).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
	expect(posts.every(({ to }) => to === null)).toBe(true);

	expect(streaksOf(replies, "ana")).toEqual([
		{ current: 4, longest: 4, freezes: 0 },
		{ current: 7, longest: 7, freezes: 1 },
		// The 8th is over: its miss took the freeze, which neither adds nor breaks.
		{ current: 7, longest: 7, freezes: 0 },
		{ current: 9, longest: 9, freezes: 0 },
		// The 11th was missed with no freeze left.
		{ current: 0, longest: 9, freezes: 0 },
	]);
	expect(streaksOf(replies, "bob")).toEqual([
		{ current: 4, longest: 4, freezes: 0 },
		{ current: 1, longest: 5, freezes: 0 },
		{ current: 2, longest: 5, freezes: 0 },
		{ current: 4, longest: 5, freezes: 0 },
	]);
	expect(streaksOf(replies, "cy")).toEqual([
		// The 4th was revealed first, and is over: a miss.
		{ current: 0, longest: 3, freezes: 0 },
		{ current: 3, longest: 3, freezes: 0 },
		{ current: 4, longest: 4, freezes: 0 },
		{ current: 6, longest: 6, freezes: 0 },
	]);

	const counted = (name: string) =>
		replies.filter(({ to, data }) => to === name && "counted" in data).map(({ data }) => data.counted);
	expect(counted("cy")).toEqual([true, true, true, false, true, true, true, true, true, true]);
	expect(counted("ana").every((value) => value === true)).toBe(true);

	const [current, longest, answered, afterwards, records] = boardsOf(replies);
	expect(current?.rows).toEqual([
		{ rank: 1, member: "ana", value: 9 },
		{ rank: 2, member: "cy", value: 6 },
		{ rank: 3, member: "bob", value: 4 },
	]);
	expect(longest?.rows.map(({ member, value }) => [member, value])).toEqual([
		["ana", 9],
		["cy", 6],
		["bob", 5],
	]);
	expect(answered?.rows).toEqual([
		{ rank: 1, member: "ana", value: 9 },
		{ rank: 1, member: "cy", value: 9 },
		{ rank: 1, member: "bob", value: 9 },
	]);
	expect(afterwards).toEqual({ board: "current", rows: [] });
	expect(records?.rows).toEqual(longest?.rows);
});

test("nothing is posted twice when the clock goes back and forth, and a restart with a later clock counts as downtime", async () => {
	const database = await openWithBank();
	onTestFinished(() => database.close());
	const titles = (replies: readonly ProgramReply[]) =>
		replies.map(({ card }) => card.title).filter((title) => title.startsWith("Question of the day"));
	const first = await talk(["/clock +2d", "/clock -2d", "/clock +2d", "/clock 2027-03-03T12:00:00Z"], {
		database,
		clock: "2027-03-01T09:30:00Z",
	});
	expect(titles(first)).toHaveLength(3);
	const clocks = first.map(({ data }) => data.clock).filter((value) => value !== undefined);
	expect(clocks).toEqual([
		"2027-03-03T09:30:00.000Z",
		"2027-03-01T09:30:00.000Z",
		"2027-03-03T09:30:00.000Z",
		"2027-03-03T12:00:00.000Z",
	]);
	// Four days later: one late post, since it is less than 12 hours late, and no backlog.
	const second = await talk(["ana: /nlpq today"], { database, clock: "2027-03-07T15:00:00Z" });
	expect(titles(second)).toHaveLength(1);
	expect(titles(second)[0]).toMatch(/#4 · /);
});
