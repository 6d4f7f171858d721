import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestDatabase } from "../../support/embedded.ts";
import { openTestDatabase } from "../../support/postgres.ts";
import { proveBooking, proveService } from "../../support/streaks/prove.ts";
import { type ModelHistory, modelStreak } from "../../support/streaks/streak-model.ts";
import { hoursOn, NINE_O_CLOCK, World } from "../../support/world.ts";
import { expectSound } from "./streak-days.ts";

let database: TestDatabase;
beforeAll(async () => {
	database = await openTestDatabase();
});
afterAll(() => database.close());

/** Different from that of the long run. */
const SEED = 7;

test("streaks booked step by step equal those of a model that replays each history from scratch", () => {
	expect(proveBooking(500, SEED)).toEqual({ histories: 500, violations: [] });
});

test("in a workspace that lives through some weeks with two processes, every streak and board equals the model's", async () => {
	expect(await proveService(1, SEED, undefined, openTestDatabase)).toEqual({ histories: 8, violations: [] });
});

test("the service agrees with the model whatever members do, and stored streaks can be rebuilt", async () => {
	/** A day: how many hours the post is late (more than twelve: skipped), and what each member does about it. */
	const days = fc.array(
		fc.record({
			late: fc.oneof(
				{ weight: 4, arbitrary: fc.constant(0) },
				{ weight: 1, arbitrary: fc.integer({ min: 1, max: 18 }) },
			),
			deeds: fc.tuple(
				...["ana", "ben"].map(() =>
					fc.oneof(
						{ weight: 5, arbitrary: fc.integer({ min: 0, max: 30 }) },
						{ weight: 1, arbitrary: fc.constant(null) },
					),
				),
			),
		}),
		{ minLength: 6, maxLength: 9 },
	);
	await fc.assert(
		fc.asyncProperty(days, async (list) => {
			const world = await World.open(database);
			const schedule = await world.schedule();
			const names = ["ana", "ben"];
			const histories = new Map(names.map((name) => [name, [] as { number: number; at: number }[]]));
			const events = list.flatMap(({ late, deeds }, day) => [
				{ at: 24 * day + late, run: () => world.run() },
				...deeds.flatMap((hours, who) => {
					if (hours === null) return [];
					const at = 24 * day + late + hours + 0.5;
					const answer = async () => {
						const occurrence = await world.store.occurrences.ofDate(
							schedule.id,
							hoursOn(24 * day)
								.toISOString()
								.slice(0, 10),
						);
						if (!occurrence?.questionId || occurrence.number === null) return;
						await world.answer(names[who] ?? "", occurrence.questionId);
						histories.get(names[who] ?? "")?.push({ number: occurrence.number, at });
					};
					return [{ at, run: answer }];
				}),
			]);
			for (const event of events.sort((a, b) => a.at - b.at)) {
				// A downtime in between: what fell due is done late, or skipped.
				world.clock.moveTo(hoursOn(event.at));
				await event.run();
			}
			const now = 24 * list.length + 50;
			world.clock.moveTo(hoursOn(now));
			const delivered = (await world.store.streaks.occurrencesAfter(schedule.id, 0)).map(
				({ deliveredAt, localDate, state }) => ({
					delivered: ((deliveredAt?.getTime() ?? 0) - NINE_O_CLOCK.getTime()) / 3_600_000,
					known: state === "delivered",
					date: localDate,
				}),
			);
			for (const name of names) {
				const history: ModelHistory = {
					occurrences: delivered,
					answers: histories.get(name) ?? [],
					away: [],
					repairs: [],
				};
				const { current, longest, freezes, answered } = modelStreak(history, now);
				const shown = await world.streak(name);
				expect(shown ?? { current: 0, longest: 0, freezes: 0, answered: 0 }).toEqual({
					current,
					longest,
					freezes,
					answered,
				});
			}
			await expectSound(world);
		}),
		{ numRuns: 4 },
	);
});
