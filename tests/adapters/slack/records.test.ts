import { expect, test } from "vitest";
import { Records } from "../../../src/adapters/slack/incoming/records.ts";
import { Turns } from "../../../src/adapters/slack/incoming/turns.ts";
import { Outage } from "../../../src/core/errors.ts";

const turn = () => new Promise((resolve) => setImmediate(resolve));

test("what arrives together is recorded by one statement, and each caller learns whether it is new", async () => {
	const statements: string[][] = [];
	const records = new Records<string>(async (items) => {
		statements.push([...items]);
		return items.map((item) => item !== "seen");
	});
	expect(await Promise.all(["a", "seen", "b"].map((item) => records.add(item)))).toEqual([true, false, true]);
	expect(await records.add("later")).toBe(true);
	expect(statements).toEqual([["a", "seen", "b"], ["later"]]);
});

test("what arrives while another is on its way does not wait for it", async () => {
	const underway: (() => void)[] = [];
	const records = new Records<string>(
		(items) => new Promise((resolve) => underway.push(() => resolve(items.map(() => true)))),
	);
	void records.add("slow");
	await turn();
	const quick = records.add("quick");
	await turn();
	expect(underway).toHaveLength(2);
	underway[1]?.();
	expect(await quick).toBe(true);
});

test("however many arrive one by one, a bounded number of statements is underway, and all are recorded", async () => {
	let underway = 0;
	let most = 0;
	const recorded: number[] = [];
	const records = new Records<number>(async (items) => {
		underway += 1;
		most = Math.max(most, underway);
		for (let round = 0; round < 50; round += 1) await turn();
		underway -= 1;
		recorded.push(...items);
		return items.map(() => true);
	});
	const all: Promise<boolean>[] = [];
	for (let item = 0; item < 300; item += 1) {
		all.push(records.add(item));
		await turn();
	}
	expect((await Promise.all(all)).every(Boolean)).toBe(true);
	expect(recorded.sort((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, item) => item));
	expect(most).toBeLessThanOrEqual(32);
});

test("one that the database refuses does not take with it what arrived at the same time", async () => {
	const records = new Records<string>(async (items) => {
		if (items.includes("bad")) throw new Error("refused");
		return items.map(() => true);
	});
	const [good, bad] = await Promise.allSettled([records.add("good"), records.add("bad")]);
	expect(good).toEqual({ status: "fulfilled", value: true });
	expect(bad).toMatchObject({ status: "rejected", reason: { message: "refused" } });
});

test("an outage reaches all callers at once: nothing is retried while they wait", async () => {
	let tries = 0;
	const records = new Records<string>(async () => {
		tries += 1;
		throw new Outage(null);
	});
	const results = await Promise.allSettled(["a", "b"].map((item) => records.add(item)));
	expect(results.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
	expect(tries).toBe(1);
});

test("work begins in order, one piece a turn of the event loop", async () => {
	const turns = new Turns();
	const started: string[] = [];
	const all = Promise.all(["a", "b", "c"].map((name) => turns.next().then(() => started.push(name))));
	expect(started).toEqual([]);
	const others: number[] = [];
	setImmediate(() => {
		others.push(started.length);
		setImmediate(() => others.push(started.length));
	});
	await all;
	expect(started).toEqual(["a", "b", "c"]);
	expect(others).toEqual([1, 2]);
});
