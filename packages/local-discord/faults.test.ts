import { afterEach, expect, test } from "vitest";
import { Faults } from "./faults.ts";
import type { ApiRequest } from "./http.ts";
import { Stage } from "./support.ts";

const stage = new Stage();
afterEach(() => stage.close());

const isPost = (request: Pick<ApiRequest, "route">): boolean => request.route === "POST /channels/{channel}/messages";

async function open(rest: object = {}) {
	const opened = await stage.open();
	const client = await stage.login(opened.discord, { rest });
	const target = client.channels.cache.get(opened.channel.id);
	if (!target?.isSendable()) throw new Error("not sendable");
	return { ...opened, target };
}

test("after a 429 the client waits as long as it says", async () => {
	const { discord, channel, target } = await open();
	discord.faults.add({ fault: { kind: "rate-limit", seconds: 0.4 }, when: isPost, times: 1 });
	const before = performance.now();
	await target.send("Question 1");
	expect(performance.now() - before).toBeGreaterThan(390);
	expect(discord.messages(channel)).toHaveLength(1);
	expect(discord.requests.filter(isPost).map((request) => request.status)).toEqual([429, 200]);
});

test("a message stored before the connection broke is repeated by the client, and only a nonce prevents a duplicate", async () => {
	const { discord, channel, target } = await open();
	const drop = { fault: { kind: "commit-then-drop" }, when: isPost, times: 1 } as const;
	const first = discord.faults.add(drop);
	const sent = await target.send({ content: "Question 1", nonce: "delivery-1", enforceNonce: true });
	expect(discord.messages(channel).map(({ id }) => id)).toEqual([sent.id]);
	const second = discord.faults.add(drop);
	await target.send({ content: "Question 2" });
	expect(discord.messages(channel).map(({ content }) => content)).toEqual(["Question 1", "Question 2", "Question 2"]);
	expect([first.hits, second.hits]).toEqual([1, 1]);
	const outcomes = discord.requests.filter(isPost).map((request) => request.status);
	expect(outcomes).toEqual([undefined, 200, undefined, 200]);
});

test("a reset before the commit and a 502 leave nothing behind", async () => {
	const { discord, channel, target } = await open({ retries: 0 });
	const reset = discord.faults.add({ fault: { kind: "reset" }, when: isPost, times: 1 });
	await expect(target.send("Question 1")).rejects.toThrow();
	expect(reset.hits).toBe(1);
	discord.faults.add({ fault: { kind: "status", status: 502 }, when: isPost, times: 1 });
	await expect(target.send("Question 1")).rejects.toMatchObject({ status: 502 });
	expect(discord.messages(channel)).toEqual([]);
	await target.send("Question 1");
	expect(discord.messages(channel)).toHaveLength(1);
});

test("a request that hangs never ends by itself and does nothing; a slow one does its work late", async () => {
	const { discord, channel, target } = await open({ retries: 0, timeout: 2_000 });
	discord.faults.add({ fault: { kind: "hang" }, when: isPost, times: 1 });
	await expect(target.send("Question 1")).rejects.toThrow("aborted");
	expect(discord.messages(channel)).toEqual([]);
	discord.faults.add({ fault: { kind: "slow", milliseconds: 80 }, when: isPost, times: 1 });
	const before = performance.now();
	await target.send("Question 1");
	expect(performance.now() - before).toBeGreaterThan(75);
});

test("a fault with a probability hits the same requests for the same seed", () => {
	const request: ApiRequest = {
		method: "GET",
		path: "/",
		route: "GET /",
		params: {},
		query: new URLSearchParams(),
		body: undefined,
		files: [],
		at: 0,
	};
	const run = (seed: number): boolean[] => {
		const faults = new Faults();
		faults.add({ fault: { kind: "reset" }, probability: 0.3, seed });
		return Array.from({ length: 200 }, () => faults.take(request) !== undefined);
	};
	expect(run(7)).toEqual(run(7));
	expect(run(7)).not.toEqual(run(8));
	const hits = run(7).filter(Boolean).length;
	expect(hits).toBeGreaterThan(35);
	expect(hits).toBeLessThan(90);
});
