import { expect, test } from "vitest";
import { echo } from "../support/echoes.ts";
import { byEffort } from "../support/effort.ts";

const TEXTS = byEffort({ test: 60, ci: 500, full: 500 });
const RUNS = byEffort({ test: 1, ci: 1, full: 20 });
/** Tests always use the same texts, a full proof uses new ones. `NLPQ_SEED=7 … -t "seed 7"` repeats those of a seed. */
const FIRST_SEED = Number(process.env.NLPQ_SEED ?? byEffort({ test: 1, ci: 2, full: Date.now() % 100_000 }));

test.each(Array.from({ length: RUNS }, (_, run) => FIRST_SEED + run))(
	`${TEXTS} hostile texts and names, seed %i: both platforms accept every reply that shows them, and none pings anybody`,
	{ timeout: 60_000 + 400 * TEXTS },
	async (seed) => {
		const found = (problem: string) => void process.stderr.write(`seed ${seed}: ${problem}\n`);
		const problems = await echo(TEXTS, seed, { found });
		expect({ seed, problems: problems.slice(0, 20) }).toEqual({ seed, problems: [] });
	},
);
