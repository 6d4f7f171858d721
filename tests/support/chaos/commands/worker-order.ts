import { z } from "zod";
import { deathSchema } from "../reaper.ts";

/** What a worker is told when it is to connect. */
export const orderSchema = z.object({
	way: z.enum(["discord", "slack-socket", "slack-http", "terminal"]),
	/** Addresses and tokens of the platform, by name. */
	settings: z.record(z.string(), z.string()),
	death: deathSchema,
});
export type WorkerOrder = z.infer<typeof orderSchema>;

export const QUESTIONS = 30;
