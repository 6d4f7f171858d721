import * as z from "zod";

const schedule = z.number();
const channel = z.string();

/** A notice to the admins: its subject, with the values that its text needs. */
const alertSchema = z.discriminatedUnion("alert", [
	z.object({ alert: z.literal("paused"), schedule, channel, fault: z.string(), remedy: z.string() }),
	z.object({ alert: z.literal("unknown"), schedule, date: z.string() }),
	z.object({ alert: z.literal("low-bag"), schedule, channel, left: z.number() }),
	z.object({ alert: z.literal("empty-filter"), schedule, channel }),
	z.object({ alert: z.literal("role-gone"), schedule, channel }),
	z.object({ alert: z.literal("unpublished"), schedule, channel, fault: z.string(), remedy: z.string() }),
]);
export type Alert = z.infer<typeof alertSchema>;

/** Reads the alert in a delivery's payload; null if another version of the program wrote it. */
export function alertOf(payload: Readonly<Record<string, unknown>>): Alert | null {
	return alertSchema.safeParse(payload).data ?? null;
}
