import { z } from "zod";

/** When a worker ends; null: when its parent ends it. */
const deathSchema = z
	.discriminatedUnion("at", [
		z.object({ at: z.literal("step"), nth: z.number() }),
		z.object({ at: z.literal("commit"), when: z.enum(["before", "after"]), nth: z.number() }),
	])
	.nullable();
export type Death = z.infer<typeof deathSchema>;

/** What a worker is told when it is to connect. */
export const orderSchema = z.object({
	way: z.enum(["discord", "slack-socket", "slack-http", "terminal"]),
	/** Addresses and tokens of the platform, by name. */
	settings: z.record(z.string(), z.string()),
	death: deathSchema,
});
export type WorkerOrder = z.infer<typeof orderSchema>;

export const QUESTIONS = 30;
