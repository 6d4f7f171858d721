import { planSchedule } from "../../core/daily/occurrences.ts";
import type { DueSchedule } from "../../core/ports/schedules.ts";
import type { EngineOptions } from "./engine-options.ts";

/** Schedules looked up at once. */
const BATCH = 256;
/** Told after so many: to look for sends after each would cost more than it gains. */
const TOLD_EVERY = 16;
/** So many that another process was quicker with, and what is left is looked up anew. */
const MOST_MISSED = 12;

/**
 * Plans all schedules that are due, by turn, several at a time. One that fails is set aside for a while, and stops no
 * other. Processes that plan at the same time begin at different places, so that they seldom meet.
 * @param planned called when there is more to send
 */
export async function planDue(parts: EngineOptions, stopped: () => boolean, planned: () => void): Promise<void> {
	const { services, clock, backoffs } = parts;
	for (;;) {
		const now = clock.now();
		const due = await services.store.schedules.due(now, BATCH, backoffs.plan.resting(now));
		const done = await planBatch(parts, rotated(due, services.random()), now, stopped, planned);
		if (done === 0 || stopped()) return;
	}
}

function rotated(due: readonly DueSchedule[], share: number): DueSchedule[] {
	const start = Math.floor(share * due.length);
	return [...due.slice(start), ...due.slice(0, start)];
}

/** @returns how many were planned here */
async function planBatch(
	{ services, settings, backoffs }: EngineOptions,
	due: DueSchedule[],
	now: Date,
	stopped: () => boolean,
	planned: () => void,
): Promise<number> {
	const queue = [...due].reverse();
	let done = 0;
	let missed = 0;
	const work = async () => {
		while (missed < MOST_MISSED && !stopped()) {
			const next = queue.pop();
			if (!next) return;
			const fresh = await backoffs.plan.attempt(next.id, now, () => planSchedule(services, next, now));
			if (fresh === null) continue;
			if (!fresh) {
				missed += 1;
			} else {
				done += 1;
				if (done % TOLD_EVERY === 0) planned();
			}
		}
	};
	await Promise.all(Array.from({ length: settings.planners }, work));
	return done;
}
