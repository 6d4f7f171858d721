import { z } from "zod";

/**
 * How much the long proofs do: `test` in `npm test`, `ci` for at most two minutes each in `.ci/run`, `full` in
 * `npm run prove -- all`.
 */
const effort = z.enum(["test", "ci", "full"]).parse(process.env.NLPQ_EFFORT || "test");

/** The size of a proof at the effort of this run. */
export const byEffort = <Size>(sizes: Readonly<Record<"test" | "ci" | "full", Size>>): Size => sizes[effort];
