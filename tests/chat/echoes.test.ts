import { expect, test } from "vitest";
import { echo } from "../support/echoes.ts";
import { byEffort } from "../support/effort.ts";

const PART = byEffort({ test: 60, ci: 500, full: 500 });
const PARTS = byEffort({ test: 1, ci: 1, full: 20 });
/** The same texts each time in the tests; different ones with each proof, or those of a seed: `NLPQ_SEED=7 … -t "seed 7"`. */
const FIRST_SEED = Number(process.env.NLPQ_SEED ?? byEffort({ test: 1, ci: 2, full: Date.now() % 100_000 }));

test.each(Array.from({ length: PARTS }, (_, part) => FIRST_SEED + part))(
	`${PART} texts and names that are shown again, seed %i: both platforms accept all of them, and none pings`,
	{ timeout: 60_000 + 400 * PART },
	async (seed) => {
		const found = (problem: string) => void process.stderr.write(`seed ${seed}: ${problem}\n`);
		const problems = await echo(PART, seed, { found });
		expect({ seed, problems: problems.slice(0, 20) }).toEqual({ seed, problems: [] });
	},
);
