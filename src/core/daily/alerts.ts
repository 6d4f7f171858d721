import { z } from "zod";

const schedule = z.number();
const channel = z.string();

/** What a notice to the admins is about, with what its text needs. */
const alertSchema = z.discriminatedUnion("alert", [
	z.object({ alert: z.literal("paused"), schedule, channel, fault: z.string(), remedy: z.string() }),
	z.object({ alert: z.literal("unknown"), schedule, date: z.string() }),
	z.object({ alert: z.literal("low-bag"), schedule, channel, left: z.number() }),
	z.object({ alert: z.literal("empty-filter"), schedule, channel }),
	z.object({ alert: z.literal("role-gone"), schedule, channel }),
	z.object({ alert: z.literal("unpublished"), schedule, channel, fault: z.string(), remedy: z.string() }),
]);
export type Alert = z.infer<typeof alertSchema>;

/** Reads a delivery's alert; null for one that another version of the program wrote. */
export function alertOf(payload: Readonly<Record<string, unknown>>): Alert | null {
	return alertSchema.safeParse(payload).data ?? null;
}
