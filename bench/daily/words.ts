import { z } from "zod";

/** What a worker is told when it is to begin. */
export const orderSchema = z.object({
	/** Its name in claims. */
	worker: z.string(),
	platform: z.string(),
	clock: z.string(),
	/** Sends a second of all workers together; null: as fast as they can. */
	budget: z.number().nullable(),
	/** Milliseconds between its looks for what has fallen due. */
	wakeEvery: z.number(),
});
export type Order = z.infer<typeof orderSchema>;

/** What it tells of itself, once a second. */
export const wordSchema = z.union([
	z.object({
		/** Resident memory in bytes. */
		memory: z.number(),
	}),
	z.object({ fault: z.string() }),
]);
