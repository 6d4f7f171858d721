import { z } from "zod";

/** The order with which a worker begins. */
export const orderSchema = z.object({
	/** Its name in claims. */
	worker: z.string(),
	platform: z.string(),
	clock: z.string(),
	/** Sends per second of all workers together; null for no limit. */
	budget: z.number().nullable(),
	/** Milliseconds between its looks for what has fallen due. */
	wakeEvery: z.number(),
});
export type Order = z.infer<typeof orderSchema>;

/** What a worker reports once a second. */
export const wordSchema = z.union([
	z.object({
		/** Resident memory, in bytes. */
		memory: z.number(),
	}),
	z.object({ fault: z.string() }),
]);
