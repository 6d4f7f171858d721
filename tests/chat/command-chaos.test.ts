import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { compileWorker, runCommandChaos, WAYS, type Way } from "../support/chaos/commands/run.ts";
import type { Compiled } from "../support/compiled.ts";
import { byEffort } from "../support/effort.ts";

/** On each way; `npm run chaos -- --commands` does more. */
const KILLS = byEffort({ test: 1, ci: 8, full: 100 });
/** The first kill comes just after a commit, just before one, or at a statement in between. */
const SEEDS: Readonly<Record<Way, number>> = {
	discord: 13,
	"discord without a key": 23,
	"slack-socket": 15,
	"slack-http": 20,
	terminal: 39,
};

let program: Compiled;
beforeAll(() => {
	program = compileWorker();
});
afterAll(() => program.remove());

test.each(WAYS)(
	"%s: a process is killed at members' commands, nothing is done twice, and nobody believes what is not so",
	async (way) => {
		const options = { way, kills: KILLS, seed: SEEDS[way], program: program.path, databaseUrl: inject("postgresUrl") };
		const { acts, effects, doubled, deceived, lost, faults } = await runCommandChaos(options);
		expect({ doubled, deceived, lost, faults }).toEqual({ doubled: [], deceived: [], lost: [], faults: [] });
		// The last process is not killed, and does all that it is told.
		expect(acts).toBe((KILLS + 1) * 4);
		expect(effects).toBeGreaterThanOrEqual(4);
	},
	900_000,
);
