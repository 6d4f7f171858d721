import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { InFlightLimit } from "../../src/chat/daily/in-flight-limit.ts";

/** Milliseconds after which a send counts as slow. */
const SLOW_AFTER = 1000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Starts a send. The test decides when it arrives (`land`) and when it is recorded. */
function send(limit: InFlightLimit, workspaceId = 1) {
	let record: () => void = () => undefined;
	const recorded = new Promise<void>((resolve) => {
		record = resolve;
	});
	let land: () => void = () => undefined;
	limit.start(workspaceId, (landed) => {
		land = landed;
		return recorded;
	});
	return {
		land: () => land(),
		record: async () => {
			record();
			await recorded;
			await vi.advanceTimersByTimeAsync(0);
		},
	};
}

test("in-flight sends: one that has arrived makes room at once, and is unfinished until it is recorded", async () => {
	let changes = 0;
	const limit = new InFlightLimit(2, SLOW_AFTER, () => {
		changes += 1;
	});
	const [first, second] = [send(limit), send(limit)];
	expect(limit.free).toBe(0);
	first.land();
	first.land();
	expect(limit.free).toBe(1);
	expect(changes).toBe(1);
	await first.record();
	expect(limit.free).toBe(1);
	expect(limit.empty).toBe(false);
	await second.record();
	expect(limit.free).toBe(2);
	expect(limit.empty).toBe(true);
});

test("in-flight sends: one that has arrived makes room, until four times the limit wait to be recorded", async () => {
	const limit = new InFlightLimit(2, SLOW_AFTER, () => undefined);
	const sends: ReturnType<typeof send>[] = [];
	while (limit.free > 0) {
		const next = send(limit);
		sends.push(next);
		next.land();
	}
	expect(sends).toHaveLength(8);
	await sends.pop()?.record();
	expect(limit.free).toBe(1);
	for (const each of sends) await each.record();
	expect(limit.free).toBe(2);
	expect(limit.empty).toBe(true);
});

test("in-flight sends: never more than twice the limit, even when all of them are slow", async () => {
	const limit = new InFlightLimit(2, SLOW_AFTER, () => undefined);
	const sends = [send(limit, 1), send(limit, 2)];
	await vi.advanceTimersByTimeAsync(SLOW_AFTER);
	sends.push(send(limit, 3), send(limit, 4));
	await vi.advanceTimersByTimeAsync(SLOW_AFTER);
	expect(limit.free).toBe(0);
	for (const each of sends) await each.record();
	expect(limit.free).toBe(2);
});

test("in-flight sends: slow ones make room, and a workspace with two of them is crowded until one arrives", async () => {
	const limit = new InFlightLimit(2, SLOW_AFTER, () => undefined);
	const [first, second] = [send(limit, 7), send(limit, 7)];
	await vi.advanceTimersByTimeAsync(SLOW_AFTER);
	expect(limit.free).toBe(2);
	expect(limit.crowded()).toEqual([7]);
	first.land();
	expect(limit.crowded()).toEqual([]);
	await first.record();
	await second.record();
	expect(limit.free).toBe(2);
	expect(limit.empty).toBe(true);
});
