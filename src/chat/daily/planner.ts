import { planSchedule } from "../../core/daily/occurrences.ts";
import { planTogether } from "../../core/daily/plan-together.ts";
import { isOutage } from "../../core/errors.ts";
import type { DueSchedule } from "../../core/ports/schedules.ts";
import type { EngineOptions } from "./engine-options.ts";

/** Schedules per query. */
const LOOKED_UP = 1_024;
/** Schedules per transaction. */
const SCHEDULES_PER_PLAN = 256;
/** After this many lost races, query again instead of working through a stale batch. */
const MAX_MISSED = 12;

/**
 * Plans all due schedules by fairness rank, many per transaction. A schedule that fails is set aside for a while and does
 * not stop the others. Each process starts at a random place in the list, so that concurrent planners rarely collide.
 * @param planned called when there is more to send
 */
export async function planDue(parts: EngineOptions, stopped: () => boolean, planned: () => void): Promise<void> {
	const { services, clock, backoffs } = parts;
	for (let done = 1; done > 0; ) {
		done = 0;
		const now = clock.now();
		const due = await services.store.schedules.due(now, LOOKED_UP, backoffs.plan.resting(now));
		for (const batch of batchesOf(rotated(due, services.random()))) {
			const here = await planBatch(parts, batch, now, stopped);
			if (stopped()) return;
			if (here > 0) planned();
			done += here;
		}
	}
}

function rotated(due: readonly DueSchedule[], share: number): DueSchedule[] {
	const start = Math.floor(share * due.length);
	return [...due.slice(start), ...due.slice(0, start)];
}

function batchesOf(due: readonly DueSchedule[]): DueSchedule[][] {
	return Array.from({ length: Math.ceil(due.length / SCHEDULES_PER_PLAN) }, (_, index) =>
		due.slice(index * SCHEDULES_PER_PLAN, (index + 1) * SCHEDULES_PER_PLAN),
	);
}

/**
 * Plans a batch together. If that fails, plans each schedule alone, and reports the batch's error only if no single
 * schedule fails: a failing schedule reports its own error.
 * @returns how many this process planned
 */
async function planBatch(
	parts: EngineOptions,
	due: readonly DueSchedule[],
	now: Date,
	stopped: () => boolean,
): Promise<number> {
	const { services, observer, backoffs } = parts;
	try {
		const { planned, left } = await planTogether(services, due, now);
		for (const id of planned) backoffs.plan.succeeded(id);
		return planned.length + (await planOneByOne(parts, left, now, stopped)).done;
	} catch (error) {
		if (isOutage(error)) throw error;
		const { done, failed } = await planOneByOne(parts, due, now, stopped);
		if (failed === 0) observer.fault("plan", error);
		return done;
	}
}

/** @returns how many this process planned, and how many failed */
async function planOneByOne(
	{ services, settings, backoffs }: EngineOptions,
	due: readonly DueSchedule[],
	now: Date,
	stopped: () => boolean,
): Promise<{ done: number; failed: number }> {
	const queue = [...due].reverse();
	let done = 0;
	let failed = 0;
	let missed = 0;
	const work = async () => {
		while (missed < MAX_MISSED && !stopped()) {
			const next = queue.pop();
			if (!next) return;
			const fresh = await backoffs.plan.attempt(next.id, now, () => planSchedule(services, next, now));
			if (fresh) done += 1;
			else if (fresh === false) missed += 1;
			else failed += 1;
		}
	};
	await Promise.all(Array.from({ length: settings.planners }, work));
	return { done, failed };
}
