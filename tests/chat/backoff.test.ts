import { expect, test } from "vitest";
import { Backoff } from "../../src/chat/daily/backoff.ts";
import { Outage } from "../../src/core/errors.ts";

const START = Date.parse("2027-03-08T09:00:00Z");
const at = (seconds: number) => new Date(START + 1000 * seconds);
const refuse = () => Promise.reject(new Error("refused"));
const succeed = async () => "done";

function watched() {
	const reported: unknown[] = [];
	const counts: number[] = [];
	const backoff = new Backoff(
		() => 0.5,
		(error) => void reported.push(error),
		(count) => void counts.push(count),
	);
	return { backoff, told: reported, counts };
}

test("failing work pauses for longer each time, up to an hour, and is reported once", async () => {
	const { backoff, told } = watched();
	const pauses: number[] = [];
	let now = 0;
	for (let tries = 0; tries < 10; tries += 1) {
		expect(await backoff.attempt(7, at(now), refuse)).toBeNull();
		const from = now;
		while (backoff.isResting(7, at(now))) now += 1;
		pauses.push(now - from);
	}
	expect(pauses).toEqual([30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]);
	expect(told).toHaveLength(1);
});

test("work that succeeds is no longer set aside, and is reported again if it fails again", async () => {
	const { backoff, told, counts } = watched();
	await backoff.attempt(7, at(0), refuse);
	expect(await backoff.attempt(7, at(40), succeed)).toBe("done");
	expect(backoff.resting(at(41))).toEqual([]);
	await backoff.attempt(7, at(50), refuse);
	expect(backoff.resting(at(51))).toEqual([7]);
	expect(told).toHaveLength(2);
	expect(counts).toEqual([1, 0, 1]);
});

test("work that is never retried, because there is nothing left to do, is forgotten", async () => {
	const { backoff, counts } = watched();
	await backoff.attempt(7, at(0), refuse);
	await backoff.attempt(8, at(0), refuse);
	expect(backoff.resting(at(10))).toEqual([7, 8]);
	expect(backoff.resting(at(60))).toEqual([]);
	expect(backoff.resting(at(3_700))).toEqual([]);
	expect(counts).toEqual([1, 2, 0]);
});

test("a clock that was set back ends the pause", async () => {
	const { backoff } = watched();
	await backoff.attempt(7, at(1_000), refuse);
	expect(backoff.isResting(7, at(1_010))).toBe(true);
	expect(backoff.isResting(7, at(0))).toBe(false);
});

test("an outage of the database is not counted against anybody", async () => {
	const { backoff, told, counts } = watched();
	const away = () => Promise.reject(new Outage(new Error("gone")));
	await expect(backoff.attempt(7, at(0), away)).rejects.toThrow(Outage);
	expect([backoff.resting(at(1)), told, counts]).toEqual([[], [], []]);
});

test("if very many fail, the oldest are forgotten", async () => {
	const { backoff } = watched();
	for (let id = 0; id < 1_200; id += 1) await backoff.attempt(id, at(0), refuse);
	expect(backoff.resting(at(1))).toHaveLength(1_000);
	expect(backoff.isResting(0, at(1))).toBe(false);
});
