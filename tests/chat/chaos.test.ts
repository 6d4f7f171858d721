import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { killClaimedAhead } from "../support/chaos/claimed-ahead.ts";
import { compileChaosWorker, runChaos } from "../support/chaos/run.ts";
import type { Compiled } from "../support/compiled.ts";
import { byEffort, isQuickRun } from "../support/effort.ts";

/** How many workers are killed, and how many schedules the others share. */
const SIZE = byEffort({
	test: { kills: 2, schedules: 8 },
	ci: { kills: 25, schedules: 50 },
	full: { kills: 200, schedules: 200 },
});
/** Questions due at once, and workers that are killed at them. */
const CLAIMED_AHEAD_SIZE = byEffort({
	test: { schedules: 150, kills: 2, steps: 100 },
	ci: { schedules: 1_000, kills: 8, steps: 120 },
	full: { schedules: 10_000, kills: 40, steps: 300 },
});
/** Far more than it takes: a busy machine is not a failure. */
const TIMEOUT = byEffort({ test: 240_000, ci: 600_000, full: 3_600_000 });

let program: Compiled;
beforeAll(() => {
	program = compileChaosWorker();
});
afterAll(() => program.remove());

test(
	"workers are killed and a platform loses answers: every due question arrives once",
	async () => {
		const options = {
			...SIZE,
			lookUp: true,
			faults: "all",
			seed: 5,
			databaseUrl: inject("postgresUrl"),
			program,
		} as const;
		const { kills, due, delivered, skipped, skippedWanted, lost, duplicated, unknown, faults } =
			await runChaos(options);
		expect({ kills, faults }).toEqual({ kills: SIZE.kills, faults: [] });
		expect(due).toBeGreaterThan(0);
		expect({ delivered, skipped, lost, duplicated, unknown }).toEqual({
			delivered: due,
			skipped: skippedWanted,
			lost: 0,
			duplicated: 0,
			unknown: 0,
		});
	},
	TIMEOUT,
);

test.skipIf(isQuickRun)(
	"workers are killed and nothing can be looked up: only what was in the air at a kill is unknown",
	async () => {
		const options = {
			...SIZE,
			lookUp: false,
			faults: "refusals",
			seed: 6,
			databaseUrl: inject("postgresUrl"),
			program,
		} as const;
		const { kills, due, delivered, lost, duplicated, unknown, underWayAtKills, faults } = await runChaos(options);
		expect({ kills, lost, duplicated, faults }).toEqual({ kills: SIZE.kills, lost: 0, duplicated: 0, faults: [] });
		expect(due).toBeGreaterThan(0);
		expect(delivered + unknown).toBeGreaterThanOrEqual(due);
		expect(unknown).toBeLessThanOrEqual(underWayAtKills);
	},
	TIMEOUT,
);

test(
	"workers are killed while they have claimed ahead: every question due at once arrives, and none twice",
	async () => {
		const result = await killClaimedAhead({ ...CLAIMED_AHEAD_SIZE, databaseUrl: inject("postgresUrl"), program });
		const { schedules, kills } = CLAIMED_AHEAD_SIZE;
		expect(result).toMatchObject({ kills, questions: schedules, twice: 0, unsent: 0, faults: [] });
		expect(result.maxLeftBehind).toBeGreaterThan(0);
	},
	TIMEOUT,
);
