import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BoardStory, MEMBERS, type Past, type StoryEvent } from "../../support/board-story.ts";
import { byEffort } from "../../support/effort.ts";
import type { TestDatabase } from "../../support/embedded.ts";
import { openTestDatabase } from "../../support/postgres.ts";
import { World } from "../../support/world.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await openTestDatabase();
});
afterAll(() => database.close());

const who = fc.nat({ max: MEMBERS - 1 });
const crowd = fc.uniqueArray(who, { minLength: 1, maxLength: 6 });
const schedule = fc.constantFrom(0, 0, 0, 1);
/** Mostly a day, so that a window closes as the next opens; sometimes less, so that two are open at once. */
const gap = fc.constantFrom(24, 24, 24, 24, 7, 12, 30, 60);

const deeds: fc.Arbitrary<StoryEvent[]> = fc.array(
	fc.oneof(
		{
			weight: 5,
			arbitrary: fc.record({
				what: fc.constant("deliver" as const),
				schedule,
				after: gap,
				known: fc.constantFrom(true, true, true, true, false),
			}),
		},
		{
			weight: 5,
			arbitrary: fc.record({
				what: fc.constant("answer" as const),
				who: crowd,
				schedule,
				back: fc.constantFrom(0, 0, 1),
			}),
		},
		{
			weight: 2,
			arbitrary: fc.record({ what: fc.constant("away" as const), who, days: fc.integer({ min: 0, max: 3 }) }),
		},
		{
			weight: 2,
			arbitrary: fc.record({ what: fc.constantFrom("repair" as const, "hide" as const, "show" as const), who }),
		},
		{ weight: 2, arbitrary: fc.constant({ what: "settle" as const }) },
		{ weight: 1, arbitrary: fc.record({ what: fc.constant("wait" as const), after: fc.integer({ min: 1, max: 30 }) }) },
	),
	{ minLength: 8, maxLength: 22 },
);

/** What members already have: earning long streaks and freezes would take a test weeks of actions. */
const pasts = fc.array(
	fc.record({
		current: fc.constantFrom(1, 1, 1, 2, 9),
		longer: fc.nat({ max: 3 }),
		freezes: fc.constantFrom(0, 0, 1, 2),
	}),
	{ minLength: 2 * MEMBERS, maxLength: 2 * MEMBERS },
);

/** Every board as it is shown, beside what it must be. */
async function boardsAfter(list: readonly StoryEvent[], past: readonly Past[]) {
	const world = await World.open(database);
	const story = new BoardStory(world);
	await story.begin(past);
	for (const event of list) await story.do(event);
	const living = await world.store.schedules.list(world.workspace.id);
	const board = await story.due(living.map(({ id }) => id));
	for (const one of living) expect(await story.shown(one.id)).toEqual(await story.due([one.id]));
	expect(await story.shown(null)).toEqual(board);
	return { lines: board.lines, waiting: (await world.store.occurrences.toSettle(world.now, 10)).length };
}

test("boards and ranks equal those of every streak folded up to now, settled or not", async () => {
	await fc.assert(
		fc.asyncProperty(deeds, pasts, fc.nat({ max: 9 }), async (list, past, ending) => {
			await boardsAfter(ending === 0 ? [...list, { what: "remove" }] : list, past);
		}),
		{ numRuns: byEffort({ test: 6, ci: 12, full: 200 }) },
	);
});

describe("while a closed window waits for its settlement", () => {
	const deliver = (after = 24, known = true): StoryEvent => ({ what: "deliver", schedule: 0, after, known });
	const answer = (...who: number[]): StoryEvent => ({ what: "answer", who, schedule: 0, back: 0 });
	const lone = (freezes: number): Past[] =>
		Array.from({ length: 2 * MEMBERS }, () => ({ current: 1, longer: 0, freezes }));

	test("those who answered are on the board, and nobody else", async () => {
		const { lines, waiting } = await boardsAfter([deliver(), answer(1, 2), deliver()], lone(0));
		expect(waiting).toBe(2);
		expect(lines.slice(0, 2)).toEqual(["1 m01 2", "1 m02 2"]);
		// The others have their streaks in the second schedule, where nothing closed.
		expect(lines.slice(2)).toEqual(["3 m00 1", "3 m03 1", "3 m06 1", "3 m09 1"]);
	});

	test("a member who was away on that day keeps the streak", async () => {
		const { lines } = await boardsAfter([{ what: "away", who: 4, days: 1 }, deliver(), deliver()], lone(0));
		expect(lines).toContain("1 m04 1");
		expect(lines).not.toContain("1 m05 1");
	});

	test("a member with a freeze keeps the streak, and loses it with the second miss", async () => {
		expect((await boardsAfter([deliver(), deliver()], lone(1))).lines).toContain("1 m04 1");
		expect((await boardsAfter([deliver(), deliver(), deliver()], lone(1))).lines).not.toContain("1 m04 1");
	});

	test("a member who answered after the closed one starts again from there", async () => {
		const past = lone(0).map((entry) => ({ ...entry, current: 9 }));
		const { lines } = await boardsAfter([deliver(), deliver(7), answer(4), { what: "wait", after: 18 }], past);
		expect(lines).toContain("5 m04 1");
	});

	test("one that may not have arrived is a miss for nobody, even between two that closed", async () => {
		const { lines, waiting } = await boardsAfter([deliver(24, false), deliver(), deliver()], lone(1));
		expect(waiting).toBe(3);
		expect(lines).toContain("1 m04 1");
	});
});
