import { WebSocketManager } from "discord.js";
import { afterEach, expect, test, vi } from "vitest";
import { buildIdentifyThrottler } from "../../../src/adapters/discord/gateway/strategy.ts";

/** Milliseconds between two identifications that Discord demands. */
const IDENTIFY_INTERVAL = 5_000;
const BASE_TIME = new Date("2027-03-14T12:00:00Z");

afterEach(() => {
	vi.useRealTimers();
	vi.restoreAllMocks();
});

/** The throttler after a first identification, one millisecond before the next is allowed. */
async function nearlyAllowed() {
	vi.useFakeTimers({ toFake: ["Date"], now: BASE_TIME });
	vi.spyOn(Math, "random").mockReturnValue(0);
	const manager = Object.create(WebSocketManager.prototype, {
		fetchGatewayInformation: { value: async () => ({ session_start_limit: { max_concurrency: 1 } }) },
	});
	const throttler = await buildIdentifyThrottler(manager);
	await throttler.waitForIdentify(0, new AbortController().signal);
	vi.setSystemTime(BASE_TIME.getTime() + IDENTIFY_INTERVAL - 1);
	return throttler;
}

test("a connection that closes while it waits to identify gives up, and the next one gets its turn", async () => {
	const throttler = await nearlyAllowed();
	const connection = new AbortController();
	const waiting = throttler.waitForIdentify(0, connection.signal);
	connection.abort();
	await expect(waiting).rejects.toThrow("aborted");
	vi.setSystemTime(BASE_TIME.getTime() + 2 * IDENTIFY_INTERVAL);
	await throttler.waitForIdentify(0, new AbortController().signal);
});
