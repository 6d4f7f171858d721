import { expect, test } from "vitest";
import { echo } from "../support/echoes.ts";
import { byEffort } from "../support/effort.ts";

const TEXTS = byEffort({ test: 60, ci: 500, full: 10_000 });

test("texts and names that are shown again: both platforms accept all of them, and none pings", {
	timeout: 60_000 + 200 * TEXTS,
}, async () => {
	// The same texts each time in the tests; different ones with each proof.
	const seed = byEffort({ test: 1, ci: 2, full: Date.now() % 100_000 });
	const { problems } = await echo(TEXTS, seed);
	expect({ seed, problems: problems.slice(0, 20) }).toEqual({ seed, problems: [] });
});
