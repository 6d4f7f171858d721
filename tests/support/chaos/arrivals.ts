import * as schema from "../../../drizzle/schema.ts";
import type { Db } from "../../../src/adapters/postgres/db.ts";
import type { Message } from "../local-platform.ts";
import type { Expected, Timeline } from "./timeline.ts";

const { occurrences } = schema;

export interface Counted {
	/** How many deliveries were due. */
	readonly due: number;
	/** How many of those have arrived at the platform. */
	readonly delivered: number;
	/** How many were recorded as skipped. */
	readonly skipped: number;
	/** How many should have been recorded as skipped. */
	readonly skippedWanted: number;
	/** How many were due, but neither arrived nor were recorded as unknown. */
	readonly lost: number;
	/** All messages at the platform, and the daily questions among them. */
	readonly messages: number;
	readonly dailyMessages: number;
	/** What the program believes about those that were lost. */
	readonly recordedLosses: readonly string[];
	/** Messages at the platform beyond the first of each date, or of each delivery of another kind. */
	readonly duplicated: number;
	/** How many were recorded as unknown. */
	readonly unknown: number;
}

const nameOf = ({ schedule, localDate }: Pick<Expected, "schedule" | "localDate">) => `${schedule.id} ${localDate}`;

/** The instants from which a channel's messages belong to each date, earliest first. */
function datesOf(due: readonly Expected[]): Map<string, Expected[]> {
	const byChannel = new Map<string, Expected[]>();
	for (const expected of due) {
		const dates = byChannel.get(expected.schedule.channelId) ?? [];
		byChannel.set(expected.schedule.channelId, [...dates, expected]);
	}
	return byChannel;
}

/**
 * Counts at the platform. A message in a channel belongs to the latest date that was due when it arrived, by the shared
 * clock. The program's own records are used only to tell unknown and skipped ones.
 */
export async function countArrivals(
	db: Db,
	messages: readonly Message[],
	timeline: Timeline,
	now: Date,
): Promise<Counted> {
	timeline.run(now);
	const byChannel = datesOf(timeline.due);
	const arrived = new Map<string, number>();
	for (const { channel, key, at } of messages) {
		const date = byChannel.get(channel)?.findLast((expected) => expected.dueAt <= at);
		// Answers, alerts, and what came before anything was due: each key once.
		const name = date && key.startsWith("daily:") ? nameOf(date) : `${channel} ${key}`;
		arrived.set(name, (arrived.get(name) ?? 0) + 1);
	}
	const recorded = await db.select().from(occurrences);
	const named = (...states: string[]) =>
		new Set(recorded.filter((row) => states.includes(row.state)).map((row) => `${row.scheduleId} ${row.localDate}`));
	const [skipped, unknown] = [named("skipped", "failed"), named("unknown")];
	const expectedSkips = new Set(timeline.skipped.map(nameOf));
	const delivered = timeline.due.filter((expected) => arrived.has(nameOf(expected)));
	const lost = timeline.due.filter((expected) => !arrived.has(nameOf(expected)) && !unknown.has(nameOf(expected)));
	const believed = (expected: Expected) =>
		recorded.find((row) => row.scheduleId === expected.schedule.id && row.localDate === expected.localDate) ??
		"nothing";
	return {
		due: timeline.due.length,
		delivered: delivered.length,
		skipped: skipped.size,
		skippedWanted:
			[...expectedSkips].filter((name) => skipped.has(name)).length === expectedSkips.size ? expectedSkips.size : -1,
		lost: lost.length,
		recordedLosses: lost.map((expected) => JSON.stringify({ dueAt: expected.dueAt, believed: believed(expected) })),
		messages: messages.length,
		dailyMessages: messages.filter(({ key }) => key.startsWith("daily:")).length,
		duplicated: [...arrived.values()].reduce((sum, times) => sum + times - 1, 0),
		unknown: unknown.size,
	};
}
