import { expect, onTestFinished, test, vi } from "vitest";
import { ManualClock } from "../../src/adapters/clock.ts";
import { OutageLines } from "../../src/adapters/log.ts";
import { Metrics } from "../../src/adapters/metrics.ts";
import { createStore } from "../../src/adapters/postgres/store.ts";
import { EVERY_DAY } from "../../src/core/calendar/weekdays.ts";
import { Watch } from "../../src/run/watch.ts";
import { openOverWire } from "../support/postgres.ts";
import { RecordingPlatform } from "../support/recording-platform.ts";
import { openRunLog } from "../support/run-log.ts";

const at = (time: string) => new Date(`2027-03-08T${time}:00Z`);

test("a question that falls due while the database is gone is shown as waiting, and the database as down", async () => {
	const { db, wire, close } = await openOverWire();
	onTestFinished(close);
	const store = createStore(db);
	const clock = new ManualClock(at("08:00"));
	const platform = new RecordingPlatform();
	const workspace = await store.people.ensureWorkspace(platform.name, "W1", "study group", clock.now());
	await store.schedules.add({
		workspaceId: workspace.id,
		channelId: "C1",
		channelName: "daily",
		localTime: "09:00",
		zone: "UTC",
		weekdays: EVERY_DAY,
		categories: [],
		difficulties: [],
		nextRunAt: at("09:00"),
		createdAt: clock.now(),
	});
	let connected = true;
	const adapter = {
		platform,
		start: async () => undefined,
		stop: async () => undefined,
		healthy: () => connected,
	};
	const metrics = new Metrics();
	const lines: string[] = [];
	const outages = new OutageLines();
	const watch = new Watch({ store, adapters: [adapter], clock, metrics, outages, log: openRunLog(lines) });
	const scrape = async () => {
		const text = await metrics.registry.metrics();
		const value = (series: string) => Number(new RegExp(`^${series}(?:\\{.*\\})? (\\S+)$`, "m").exec(text)?.[1]);
		return ["nlpq_database_up", "nlpq_queue_age_seconds", "nlpq_platform_connected"].map(value);
	};
	await watch.look();
	expect(await scrape()).toEqual([1, 0, 1]);
	wire.fallSilent(true);
	connected = false;
	clock.moveTo(at("09:10"));
	await watch.look();
	expect(await scrape()).toEqual([0, 600, 0]);
	clock.moveTo(at("09:20"));
	expect(await scrape()).toEqual([0, 1200, 0]);
	wire.recover();
	await vi.waitFor(
		async () => {
			await watch.look();
			expect((await scrape())[0]).toBe(1);
		},
		{ timeout: 100_000, interval: 200 },
	);
});

test("an outage has one line when it begins, one a minute while it lasts, and one when it ends", () => {
	vi.useFakeTimers({ toFake: ["performance"] });
	onTestFinished(() => void vi.useRealTimers());
	const lines: string[] = [];
	const log = openRunLog(lines);
	const outages = new OutageLines();
	const takeEntries = () => lines.splice(0).map((line) => JSON.parse(line));
	outages.over(log);
	expect(takeEntries()).toEqual([]);
	for (let second = 0; second < 150; second += 1) {
		for (let fault = 0; fault < 10; fault += 1) outages.failed(log);
		vi.advanceTimersByTime(1_000);
	}
	expect(takeEntries()).toMatchObject([
		{ msg: expect.stringContaining("The database does not answer."), seconds: 0, failed: 1 },
		{ msg: expect.stringContaining("The database does not answer."), seconds: 60, failed: 601 },
		{ msg: expect.stringContaining("The database does not answer."), seconds: 120, failed: 1201 },
	]);
	outages.over(log);
	outages.over(log);
	expect(takeEntries()).toMatchObject([{ msg: "The database answers again.", seconds: 150, failed: 1500 }]);
	outages.failed(log);
	expect(takeEntries()).toHaveLength(1);
});
