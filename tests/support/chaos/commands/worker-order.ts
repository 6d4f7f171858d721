import { z } from "zod";
import { deathSchema } from "../reaper.ts";

/** The order with which a worker connects. */
export const orderSchema = z.object({
	client: z.enum(["discord", "slack-socket", "slack-http", "terminal"]),
	/** Addresses and tokens of the platform, by name. */
	settings: z.record(z.string(), z.string()),
	death: deathSchema,
});
export type WorkerOrder = z.infer<typeof orderSchema>;

export const QUESTIONS = 30;
