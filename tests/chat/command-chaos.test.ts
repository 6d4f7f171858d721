import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { compileWorker, runCommandChaos, SETUPS, type Setup } from "../support/chaos/commands/run.ts";
import type { Compiled } from "../support/compiled.ts";
import { byEffort } from "../support/effort.ts";

/** How many kills with each set-up; `npm run chaos -- --commands` does more. */
const KILLS = byEffort({ test: 1, ci: 4, full: 100 });
/** The first kill comes just after a commit, just before one, or at a statement in between. */
const SEEDS: Readonly<Record<Setup, number>> = {
	discord: 13,
	"discord without a key": 23,
	"slack-socket": 15,
	"slack-http": 20,
	terminal: 39,
};

/** `npm test` tries the platform that demands most, exactly one effect; `.ci/run` tries every set-up. */
const TRIED = byEffort<readonly Setup[]>({ test: ["slack-socket"], ci: SETUPS, full: SETUPS });

let program: Compiled;
beforeAll(() => {
	program = compileWorker();
});
afterAll(() => program.remove());

test.each(TRIED)(
	"%s: when a process is killed at members' commands, nothing is done twice and nobody is told the wrong result",
	async (setup) => {
		const options = {
			setup,
			kills: KILLS,
			seed: SEEDS[setup],
			program: program.path,
			databaseUrl: inject("postgresUrl"),
		};
		const { acts, effects, doubled, misinformed: deceived, lost, faults } = await runCommandChaos(options);
		expect({ doubled, deceived, lost, faults }).toEqual({ doubled: [], deceived: [], lost: [], faults: [] });
		// The last process is not killed, and does everything it is told.
		expect(acts).toBe((KILLS + 1) * 4);
		expect(effects).toBeGreaterThanOrEqual(4);
	},
	900_000,
);
