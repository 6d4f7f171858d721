import { z } from "zod";

/** The first message to a worker. */
export const configSchema = z.object({
	/** Its name in claims. */
	worker: z.string(),
	/** The address of the local platform. */
	platform: z.string(),
	/** The file that holds the time. */
	clock: z.string(),
	/** Sends per second of all workers together; null for no limit. */
	budget: z.number().nullable(),
	/** Milliseconds between the runs of its engine. */
	tickInterval: z.number(),
});
export type WorkerConfig = z.infer<typeof configSchema>;

/** What a worker reports: its memory once a second, and each fault. */
export const reportSchema = z.union([
	z.object({
		/** Resident memory, in bytes. */
		memory: z.number(),
	}),
	z.object({ fault: z.string() }),
]);
