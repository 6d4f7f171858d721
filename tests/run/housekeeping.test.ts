import { expect, test } from "vitest";
import { ManualClock } from "../../src/adapters/clock.ts";
import { Metrics } from "../../src/adapters/metrics.ts";
import type { Chore } from "../../src/core/service/housekeeping.ts";
import { Housekeeper } from "../../src/run/housekeeping.ts";
import { openRunLog } from "../support/run-log.ts";

/** A housekeeper with these chores, and a backup that notes when it ran. */
function keeper(chores: readonly Chore[], backUp: () => Promise<unknown> = async () => undefined) {
	const lines: string[] = [];
	const metrics = new Metrics();
	const housekeeper = new Housekeeper({
		chores,
		backUp,
		clock: new ManualClock(new Date("2027-06-01T00:00:00Z")),
		log: openRunLog(lines),
		done: (chore, outcome) => metrics.failing(chore, outcome === "failed" ? 1 : 0),
	});
	const failing = async (part: string) =>
		(await metrics.registry.metrics()).split("\n").find((line) => line.startsWith(`nlpq_failing{part="${part}"}`));
	return { housekeeper, lines, failing };
}

/** A chore whose steps have these outcomes, one after another. */
function steps(name: string, outcomes: readonly (number | Error)[]): Chore & { readonly done: () => number } {
	let next = 0;
	const step = async () => {
		const outcome = outcomes[next] ?? 0;
		next += 1;
		if (outcome instanceof Error) throw outcome;
		return outcome;
	};
	return { name, step, done: () => next };
}

test("a failing chore is reported in one line, and neither the other chores nor the backup are skipped", async () => {
	let backups = 0;
	const [broken, sound] = [steps("broken", [500, new Error("canceled")]), steps("sound", [500, 500, 20])];
	const { housekeeper, lines, failing } = keeper([broken, sound], async () => {
		backups += 1;
	});
	await housekeeper.run();
	expect([broken.done(), sound.done(), backups]).toEqual([2, 4, 1]);
	const entries = lines.map((line) => JSON.parse(line));
	expect(entries.filter(({ msg }) => msg.startsWith("housekeeping failed"))).toEqual([
		expect.objectContaining({ chore: "broken" }),
	]);
	expect(entries.filter(({ msg }) => msg === "chore done")).toEqual([
		expect.objectContaining({ chore: "sound", rows: 1020 }),
	]);
	expect(await failing("broken")).toMatch(/ 1$/);
	expect(await failing("sound")).toMatch(/ 0$/);
	// The next round tries it again, and continues where it was.
	await housekeeper.run();
	expect(await failing("broken")).toMatch(/ 0$/);
});

test("a failing backup is reported, and the chores are done", async () => {
	const chore = steps("chore", [1]);
	const { housekeeper, lines, failing } = keeper([chore], () => Promise.reject(new Error("ENOSPC")));
	await housekeeper.run();
	expect(chore.done()).toBe(2);
	expect(lines.join("\n")).toContain("housekeeping failed");
	expect(await failing("backup")).toMatch(/ 1$/);
});

test("asked to stop, it ends after the current step", async () => {
	let started = 0;
	let stopping: Promise<void> | undefined;
	const { housekeeper } = keeper([
		{
			name: "endless",
			step: async () => {
				started += 1;
				if (started === 3) stopping = housekeeper.stop();
				return 500;
			},
		},
	]);
	await housekeeper.run();
	await stopping;
	expect(started).toBe(3);
});
