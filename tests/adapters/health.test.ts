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

test("alive, ready by parts, and measured", async () => {
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

test("a readiness check that fails is an answer, not a crash", async () => {
	const { get } = await serve(async () => {
		throw new Error("the database is gone");
	});
	expect((await get("/readyz")).status).toBe(500);
	expect((await get("/healthz")).status).toBe(200);
});
