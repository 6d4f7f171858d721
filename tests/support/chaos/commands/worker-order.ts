import { z } from "zod";
import { killPlanSchema } from "../step-killer.ts";

/** The order with which a worker connects. */
export const configSchema = z.object({
	client: z.enum(["discord", "slack-socket", "slack-http", "terminal"]),
	/** Addresses and tokens of the platform, by name. */
	settings: z.record(z.string(), z.string()),
	death: killPlanSchema,
});
export type WorkerOrder = z.infer<typeof configSchema>;

export const QUESTIONS = 30;
