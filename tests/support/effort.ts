import { z } from "zod";

/**
 * The size of the long proofs: `test` in `npm test`, `ci` in `.ci/run` (at most two minutes each), `full` in
 * `npm run prove -- all`.
 */
const effort = z.enum(["test", "ci", "full"]).parse(process.env.NLPQ_EFFORT || "test");

/** Whether this is `npm test`, which leaves to the proofs what is long and has a short case elsewhere. */
export const isQuickRun = effort === "test";

/** A proof's size at the effort of this run. */
export const byEffort = <Size>(sizes: Readonly<Record<"test" | "ci" | "full", Size>>): Size => sizes[effort];
