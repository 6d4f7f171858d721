import { expect, test } from "vitest";
import { TEST_SEED } from "../support/dice.ts";
import { fuzz } from "../support/fuzz.ts";

test("random commands with random options: no unhandled error, and every reply is legal on every platform", async () => {
	const seed = TEST_SEED;
	const result = await fuzz(600, seed);
	expect({ seed, unhandled: result.unhandled, illegal: result.illegal }).toEqual({ seed, unhandled: [], illegal: [] });
});
