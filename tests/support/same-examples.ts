import fc from "fast-check";
import { TEST_SEED } from "./dice.ts";
import { byEffort } from "./effort.ts";

/** Properties are tried at the same examples in every run; the full proofs try others each time. */
const seed = byEffort({ test: TEST_SEED, ci: TEST_SEED, full: Date.now() });

fc.configureGlobal({ seed });
