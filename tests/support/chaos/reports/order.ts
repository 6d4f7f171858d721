import { z } from "zod";
import { killPlanSchema } from "../step-killer.ts";

export const QUESTIONS = 12;

/** The order with which a worker begins. */
export const configSchema = z.object({
	/** Its name in claims. */
	worker: z.string(),
	/** The local platform's address. */
	platform: z.string(),
	death: killPlanSchema,
});
export type WorkerOrder = z.infer<typeof configSchema>;

/** A member's command. Until it is acknowledged, it is given again with the same key. */
export const commandSchema = z.object({ key: z.string(), member: z.string(), line: z.string(), repeated: z.boolean() });
export type GivenCommand = z.infer<typeof commandSchema>;

export const messageSchema = z.union([
	z.object({ ready: z.literal(true) }),
	z.object({ done: z.string(), data: z.unknown().optional() }),
	z.object({ fault: z.string() }),
]);
