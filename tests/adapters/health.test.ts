import { readFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import { type Readiness, serveHealth } from "../../src/adapters/health.ts";
import { createLog } from "../../src/adapters/log.ts";
import { Metrics } from "../../src/adapters/metrics.ts";

async function serve(check: () => Promise<readonly Readiness[]>) {
	const metrics = new Metrics();
	const server = await serveHealth(0, "127.0.0.1", metrics, check);
	onTestFinished(() => server.stop());
	const get = async (path: string) => {
		const response = await fetch(`http://127.0.0.1:${server.port}${path}`);
		return { status: response.status, text: await response.text() };
	};
	return { metrics, get };
}

test("liveness, readiness by part, and metrics are served", async () => {
	let connected = true;
	const { metrics, get } = await serve(async () => [{ name: "discord", ready: connected, detail: "connected" }]);
	metrics.calls("discord", createLog("silent")).ran("random", "reply", 12);
	expect(await get("/healthz")).toEqual({ status: 200, text: "ok\n" });
	expect((await get("/readyz")).status).toBe(200);
	connected = false;
	expect((await get("/readyz")).status).toBe(503);
	expect((await get("/metrics")).text).toContain(
		'nlpq_commands_total{platform="discord",command="random",outcome="reply"} 1',
	);
	expect((await get("/else")).status).toBe(404);
});

test("connections and the pool are measured", async () => {
	const { metrics, get } = await serve(async () => []);
	const discord = metrics.connections("discord");
	metrics.connections("slack");
	discord.acknowledged(120);
	discord.acknowledged(3_500);
	discord.reconnected();
	const pool = { most: 8, running: 3, waiting: 0 };
	metrics.pool(pool);
	pool.waiting = 2;
	const { text } = await get("/metrics");
	for (const line of [
		'nlpq_acknowledgement_seconds_bucket{le="0.25",platform="discord"} 1',
		'nlpq_acknowledgement_seconds_bucket{le="3",platform="discord"} 1',
		'nlpq_acknowledgement_seconds_count{platform="discord"} 2',
		'nlpq_reconnects_total{platform="discord"} 1',
		'nlpq_reconnects_total{platform="slack"} 0',
		'nlpq_pool_transactions{state="running"} 3',
		'nlpq_pool_transactions{state="waiting"} 2',
		"nlpq_pool_connections 8",
	])
		expect(text.split("\n")).toContain(line);
});

test.each(["dashboard.json", "alerts.yaml"])("every metric that %s uses exists", async (file) => {
	const metrics = new Metrics();
	metrics.pool({ most: 1, running: 0, waiting: 0 });
	const measured = metrics.registry.getMetricsAsArray().map(({ name }) => name);
	const metricNames = readFileSync(`docs/monitoring/${file}`, "utf8").match(/\bnlpq_[a-z0-9_]+/g) ?? [];
	expect(metricNames.length).toBeGreaterThan(4);
	expect(metricNames.map((name) => name.replace(/_bucket$/, "")).filter((name) => !measured.includes(name))).toEqual(
		[],
	);
});

test("a failing readiness check is answered, and does not crash", async () => {
	const { get } = await serve(async () => {
		throw new Error("the database is gone");
	});
	expect((await get("/readyz")).status).toBe(500);
	expect((await get("/healthz")).status).toBe(200);
});
