import { expect, onTestFinished, test } from "vitest";
import { openWithBank } from "../support/postgres.ts";
import type { ProgramReply } from "../support/program.ts";
import { talk } from "../support/terminal.ts";

const ZONE = "Europe/Berlin";
const POST = /^Question of the day #(\d+) · (.+)$/;
const postsIn = (replies: readonly ProgramReply[]) =>
	replies.flatMap(({ card }) => {
		const [, number, title] = POST.exec(card.title) ?? [];
		return number === undefined || title === undefined ? [] : [{ number: Number(number), title }];
	});

/** Which numbers were posted on the way to each instant that the clock was moved to. */
function postedAt(replies: readonly ProgramReply[]): Record<string, number[]> {
	const steps: Record<string, number[]> = {};
	let numbers: number[] = [];
	for (const reply of replies) {
		numbers.push(...postsIn([reply]).map(({ number }) => number));
		if (typeof reply.data.clock !== "string") continue;
		steps[reply.data.clock] = numbers;
		numbers = [];
	}
	return steps;
}

/** The instants that a reply names, in order. */
const instantsIn = ({ card }: ProgramReply) =>
	[...JSON.stringify(card).matchAll(/"at":"([^"]+)"/g)].map(([, at]) => at);

const instant = (at: string) => new Date(at).toISOString();
const justBefore = (at: string) => new Date(new Date(at).getTime() - 1000).toISOString();

/** A week with one schedule at 09:00 and one at 02:30, both in Berlin; instants are in UTC. */
interface Week {
	/** 07:00 in Berlin on the first day, whose 09:00 question is delivered by the program's start. */
	readonly start: string;
	/** When the questions of 02:30 and of 09:00 come on the six days after it. */
	readonly nights: readonly string[];
	readonly mornings: readonly string[];
	/** When the clocks show 02:30 although nothing is due. */
	readonly nothingAt: string;
}

const spring: Week = {
	start: "2027-03-25T06:00:00Z",
	nights: [
		"2027-03-26T01:30:00Z",
		"2027-03-27T01:30:00Z",
		// 02:30 does not exist: 03:00 follows 01:59.
		"2027-03-28T01:00:00Z",
		"2027-03-29T00:30:00Z",
		"2027-03-30T00:30:00Z",
		"2027-03-31T00:30:00Z",
	],
	mornings: [
		"2027-03-26T08:00:00Z",
		"2027-03-27T08:00:00Z",
		"2027-03-28T07:00:00Z",
		"2027-03-29T07:00:00Z",
		"2027-03-30T07:00:00Z",
		"2027-03-31T07:00:00Z",
	],
	nothingAt: "2027-03-28T01:30:00Z",
};
const autumn: Week = {
	start: "2027-10-28T05:00:00Z",
	nights: [
		"2027-10-29T00:30:00Z",
		"2027-10-30T00:30:00Z",
		// 02:30 comes twice, again an hour later.
		"2027-10-31T00:30:00Z",
		"2027-11-01T01:30:00Z",
		"2027-11-02T01:30:00Z",
		"2027-11-03T01:30:00Z",
	],
	mornings: [
		"2027-10-29T07:00:00Z",
		"2027-10-30T07:00:00Z",
		"2027-10-31T08:00:00Z",
		"2027-11-01T08:00:00Z",
		"2027-11-02T08:00:00Z",
		"2027-11-03T08:00:00Z",
	],
	nothingAt: "2027-10-31T01:30:00Z",
};

/** Stops the clock just before each instant and at it; ana answers each 09:00 question. */
function script({ nights, mornings, nothingAt }: Week): string[] {
	const answer = "ana: /nlpq answer today What I would say in two minutes.";
	const days = nights.flatMap((night, day) => {
		const morning = mornings[day] ?? "";
		const extra = night.slice(0, 10) === nothingAt.slice(0, 10) ? [nothingAt] : [];
		const stops = [justBefore(night), night, ...extra, justBefore(morning), morning];
		return [...stops.map((stop) => `/clock ${stop}`), answer];
	});
	return [`/nlpq schedule add 02:30 ${ZONE} daily`, answer, ...days, "ana: /nlpq streak"];
}

test.each([
	["forward", spring],
	["back", autumn],
])(
	"a week in which the clocks go %s brings each question once, at its local time, and breaks no streak",
	async (_, week) => {
		const replies = await talk(script(week), { clock: week.start, zone: ZONE });

		const added = replies.find(({ data }) => "schedule" in data);
		expect(added && instantsIn(added)).toEqual(week.nights.slice(0, 5).map(instant));

		const expected: Record<string, number[]> = { [instant(week.nothingAt)]: [] };
		for (const [day, night] of week.nights.entries()) {
			const morning = week.mornings[day] ?? "";
			Object.assign(expected, { [justBefore(night)]: [], [instant(night)]: [day + 1] });
			Object.assign(expected, { [justBefore(morning)]: [], [instant(morning)]: [day + 2] });
		}
		const [first, ...others] = Object.entries(postedAt(replies));
		// The first day's 09:00 question came at the start.
		expect(first).toEqual([justBefore(week.nights[0] ?? ""), [1]]);
		expect({ [justBefore(week.nights[0] ?? "")]: [], ...Object.fromEntries(others) }).toEqual(expected);

		const answers = replies.filter(({ data }) => "counted" in data);
		expect(answers.map(({ data }) => data.counted)).toEqual([true, true, true, true, true, true, true]);
		// The seventh in a row earns a freeze. The nightly questions that ana ignored began no streak.
		expect(replies.at(-1)?.data).toMatchObject({ current: 7, longest: 7, freezes: 1 });
	},
);

test("over a day of 23 hours a window stays open for 24, and a week skipped at once comes in order", async () => {
	const database = await openWithBank();
	onTestFinished(() => database.close());
	const start = (clock: string, lines: readonly string[]) => talk(lines, { clock, zone: ZONE, database });
	const before = await start("2027-03-27T07:30:00Z", ["/clock 2027-03-28T07:00:00Z"]);
	const [saturday, sunday] = postsIn(before);
	expect([saturday?.number, sunday?.number]).toEqual([1, 2]);

	// Saturday's was delivered at the start, at 07:30 UTC; Sunday's came half an hour before the end of its window.
	const late = await start("2027-03-28T07:10:00Z", [
		"/clock 2027-03-28T07:29:59Z",
		`ana: /nlpq answer "${saturday?.title}" What I would say in two minutes.`,
		"/clock 2027-03-28T07:30:00Z",
		`bob: /nlpq answer "${saturday?.title}" What I would say in two minutes.`,
		"/clock 2027-04-04T12:00:00Z",
	]);
	const counted = late.filter(({ data }) => "counted" in data).map(({ to, data }) => [to, data.counted]);
	expect(counted).toEqual([
		["ana", true],
		["bob", false],
	]);
	expect(postsIn(late).map(({ number }) => number)).toEqual([3, 4, 5, 6, 7, 8, 9]);
});
