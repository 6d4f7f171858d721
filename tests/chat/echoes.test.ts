import { expect, test } from "vitest";
import { echo } from "../support/echoes.ts";
import { byEffort } from "../support/effort.ts";

const TEXTS = byEffort({ test: 130, ci: 1_000, full: 10_000 });

test("whatever is typed or is a name, and is shown again: both platforms take all of it, and nothing in it pings", {
	timeout: 60_000 + 200 * TEXTS,
}, async () => {
	// The same texts each time in the tests; others with each proof.
	const seed = byEffort({ test: 1, ci: 2, full: Date.now() % 100_000 });
	const { problems } = await echo(TEXTS, seed);
	expect({ seed, problems: problems.slice(0, 20) }).toEqual({ seed, problems: [] });
});
