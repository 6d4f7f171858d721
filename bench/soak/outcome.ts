import { eq, inArray } from "drizzle-orm";
import { deliveries, occurrences, schedules } from "../../drizzle/schema.ts";
import type { Db } from "../../src/adapters/postgres/db.ts";
import { faultCard } from "../../src/chat/cards/faults.ts";
import { Outage } from "../../src/core/errors.ts";
import type { PostedMessage } from "./soak.ts";

const APOLOGIES = [new Outage(null), null].map((error) => faultCard(error, "").title);

/** Whether a message apologises for an unexpected error. Works on any platform's messages. */
export function isApology(message: unknown): boolean {
	const text = JSON.stringify(message);
	return APOLOGIES.some((apology) => text.includes(apology));
}

/** What became of the daily questions, and of all else that the bot sends unasked. */
export interface Outcome {
	/** Daily questions that were due, counted by the calendar alone. */
	readonly due: number;
	/** How many of them arrived at their platform. */
	readonly delivered: number;
	/** Messages of any kind that arrived more than once. */
	readonly duplicated: number;
	/** Daily questions that did not arrive, and messages that are recorded as sent but did not. */
	readonly lost: number;
	/** Answers in threads, congratulations and the like that were sent. */
	readonly others: number;
	/** Deliveries by state, for looking into a loss. */
	readonly states: ReadonlyMap<string, number>;
}

const DAY = 86_400_000;

/** How often a UTC time of day occurs after `from`, up to and including `to`. */
function countTimesOfDay(time: string, from: Date, to: Date): number {
	const first = new Date(`${from.toISOString().slice(0, 10)}T${time}:00Z`).getTime();
	let count = 0;
	for (let at = first; at <= to.getTime(); at += DAY) if (at > from.getTime()) count += 1;
	return count;
}

/** Whether nothing is left to send at this time of the program's clock. */
export async function isSettled(db: Db, now: Date): Promise<boolean> {
	const waiting = await db
		.select({ dueAt: deliveries.nextTryAt })
		.from(deliveries)
		.where(inArray(deliveries.state, ["pending", "sending"]));
	const upcoming = await db.select({ next: schedules.nextRunAt }).from(schedules);
	return waiting.every(({ dueAt }) => dueAt > now) && upcoming.every(({ next }) => next === null || next > now);
}

/**
 * Compares what the calendar demands, what the database records and what the platforms have.
 * @param now the program's clock, after everything due is settled
 */
export async function outcomeOf(db: Db, posted: readonly PostedMessage[], now: Date): Promise<Outcome> {
	const ids = new Set(posted.map(({ id }) => id));
	const daily = await db.select().from(schedules);
	const due = daily.reduce((sum, { localTime, createdAt }) => sum + countTimesOfDay(localTime, createdAt, now), 0);
	const posts = await db.select({ messageId: occurrences.messageId }).from(occurrences);
	const delivered = posts.filter(({ messageId }) => messageId !== null && ids.has(messageId)).length;
	const all = await db.select({ kind: deliveries.kind, state: deliveries.state }).from(deliveries);
	const sent = await db
		.select({ kind: deliveries.kind, messageId: deliveries.messageId })
		.from(deliveries)
		.where(eq(deliveries.state, "sent"));
	const others = sent.filter(({ kind }) => kind !== "daily");
	const missing = others.filter(({ messageId }) => messageId !== null && !ids.has(messageId)).length;
	const states = new Map<string, number>();
	for (const { kind, state } of all) states.set(`${kind} ${state}`, (states.get(`${kind} ${state}`) ?? 0) + 1);
	return {
		due,
		delivered,
		duplicated: posted.length - new Set(posted.map(({ deliveryKey: mark }) => mark)).size,
		lost: Math.max(0, due - delivered) + missing,
		others: others.length,
		states,
	};
}
