import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, test, vi } from "vitest";
import { startDiscord } from "../../../packages/local-discord/local-discord.ts";
import { type Held, ShardKeeper } from "../../../src/adapters/discord/gateway/shard-keeper.ts";
import { runShards, shardCount, shardOfProcess } from "../../../src/adapters/discord/gateway/sharding.ts";
import { SendBudget } from "../../../src/adapters/discord/outgoing/budget.ts";
import { createStore } from "../../../src/adapters/postgres/store.ts";
import { DeliveryFault } from "../../../src/chat/platform.ts";
import type { CoordinationStore } from "../../../src/core/ports/coordination.ts";
import type { RootStore } from "../../../src/core/ports/store.ts";
import { endLeases } from "../../support/embedded.ts";
import { openWithBank } from "../../support/postgres.ts";
import { openRunLog } from "../../support/run-log.ts";
import { makeBot, openBot, textOf, type } from "./support.ts";

const closers: (() => unknown)[] = [];
afterEach(async () => {
	for (const close of closers.splice(0).reverse()) await close();
});

async function openStore(): Promise<RootStore & { endLeases(): Promise<void> }> {
	const database = await openWithBank();
	closers.push(() => database.close());
	return Object.assign(createStore(database.db), { endLeases: () => endLeases(database.db) });
}

/** A connection that is ready as soon as it is opened. */
class Wire implements Held {
	ready = false;

	async open(): Promise<void> {
		this.ready = true;
	}

	async close(): Promise<void> {
		this.ready = false;
	}
}

/** A process that wants shard 0 of 1. It asks often, so that a takeover need not be waited for. */
function candidate(running: CoordinationStore, holder: string) {
	const wires: Wire[] = [];
	const keeper = new ShardKeeper(
		{
			running,
			holder,
			shared: true,
			log: openRunLog(),
			connect: () => {
				const wire = new Wire();
				wires.push(wire);
				return wire;
			},
			failed: () => undefined,
			lease: 60,
			renewal: 200,
		},
		0,
		1,
	);
	closers.push(() => keeper.stop());
	return { keeper, connected: () => wires.some((wire) => wire.ready) };
}

describe("a shard's gateway", () => {
	test("is held by one process; the next takes over after that one has ended or died", async () => {
		const { running, endLeases } = await openStore();
		let [dead, refused] = [false, 0];
		const refuse = () => {
			refused += 1;
			return Promise.reject(new Error("dead"));
		};
		// The first one dies silently: it no longer renews its lease.
		const dying: CoordinationStore = Object.create(running, {
			takeLease: {
				value: (...given: Parameters<CoordinationStore["takeLease"]>) =>
					dead ? refuse() : running.takeLease(...given),
			},
		});
		const first = candidate(dying, "first");
		const second = candidate(running, "second");
		const third = candidate(running, "third");
		for (const { keeper } of [first, second, third]) await keeper.start();
		expect([first, second, third].map(({ connected }) => connected())).toEqual([true, false, false]);
		expect(second.keeper.healthy).toBe(true);
		dead = true;
		// What it asked before is then over.
		await expect.poll(() => refused).toBeGreaterThan(0);
		await endLeases();
		await expect.poll(() => second.connected() || third.connected()).toBe(true);
		const [holder, waiting] = second.connected() ? [second, third] : [third, second];
		await holder.keeper.stop();
		await expect.poll(() => waiting.connected()).toBe(true);
	});

	test("is released by a process that has lost it", async () => {
		const { running } = await openStore();
		const first = candidate(running, "first");
		await first.keeper.start();
		// The first may renew its lease in between.
		const takeOver = async () => {
			await running.giveUpLease("discord:shard:0/1", "first");
			return running.takeLease("discord:shard:0/1", "second", 60);
		};
		await expect.poll(takeOver).not.toBeNull();
		await expect.poll(() => first.connected()).toBe(false);
		expect(first.keeper.holds).toBe(false);
	});
});

describe("several processes", () => {
	test("with one token: one is connected, the other posts and takes over", async () => {
		const store = await openStore();
		const bot = await openBot({}, { store, settings: { shared: true } });
		closers.push(bot.close);
		const second = await makeBot({ ...bot, settings: { shared: true } });
		await second.adapter.start(second.dispatcher);
		closers.push(() => second.adapter.stop());
		expect(bot.discord.gateway.connected).toBe(1);
		const to = { type: "channel", workspaceId: bot.guild.id, channelId: bot.channel.id } as const;
		await second.adapter.platform.post(
			to,
			{ tone: "plain", title: "Hello", blocks: [] },
			"k",
			AbortSignal.timeout(60_000),
		);
		expect(bot.discord.messages(bot.channel)).toHaveLength(1);
		await bot.adapter.stop();
		await expect.poll(() => bot.discord.gateway.connected).toBe(1);
		expect(textOf(await type(bot, bot.ada, bot.channel, "help").reply())).toContain("What I can do");
	});

	test("with a shard each receive only their own servers", async () => {
		const store = await openStore();
		const bot = await openBot({ shards: 2 }, { store, settings: { shards: { ids: [0], count: 2 }, shared: true } });
		closers.push(bot.close);
		const second = await makeBot({ ...bot, settings: { shards: { ids: [1], count: 2 }, shared: true } });
		await second.adapter.start(second.dispatcher);
		closers.push(() => second.adapter.stop());
		const far = bot.discord.addGuild("far", { shard: 1 });
		const channel = bot.discord.addChannel(far, "general");
		bot.discord.addMember(far, bot.ada);
		expect(textOf(await type(bot, bot.ada, channel, "help").reply())).toContain("What I can do");
		expect(textOf(await type(bot, bot.ada, bot.channel, "help").reply())).toContain("What I can do");
		expect(bot.discord.gateway.counts.identifies).toBe(2);
	});

	test("share one send budget", async () => {
		const store = await openStore();
		const budgets = [new SendBudget(store, 10), new SendBudget(store, 10)];
		const begun = performance.now();
		const sent: number[] = [];
		await Promise.all(
			Array.from({ length: 35 }, async (_, index) => {
				await budgets[index % 2]?.take(AbortSignal.timeout(100_000));
				sent.push(performance.now() - begun);
			}),
		);
		// Nothing leaves before its turn. The first ten may leave at once, at the end of a second of the database.
		for (const [index, at] of sent.entries()) expect(at, `send ${index}`).toBeGreaterThan(100 * index - 1_050);
	});

	test("a send that waits too long for its turn is reported as not sent", async () => {
		const store = await openStore();
		const budget = new SendBudget(store, 0);
		await expect(budget.take(AbortSignal.timeout(300))).rejects.toThrow(DeliveryFault);
	});
});

describe("the number of shards", () => {
	test("is what Discord recommends, and more than one needs a database that can be shared", async () => {
		const discord = await startDiscord({ shards: 3 });
		closers.push(() => discord.stop());
		const settings = { token: discord.token, apiUrl: `${discord.url}/api`, file: "dist/src/main.js" } as const;
		expect(await shardCount({ ...settings, shards: "auto", sharedDatabase: true })).toBe(3);
		await expect(shardCount({ ...settings, shards: "auto", sharedDatabase: false })).rejects.toThrow("3 shards");
		expect(await shardCount({ ...settings, shards: 1, sharedDatabase: false })).toBe(1);
		await expect(shardCount({ ...settings, token: "wrong", shards: "auto", sharedDatabase: true })).rejects.toThrow(
			"token",
		);
	});

	test("each shard gets its own process, which is restarted when it dies, and all end together", async () => {
		const folder = await mkdtemp(join(tmpdir(), "nlpq-shards-"));
		closers.push(() => rm(folder, { recursive: true }));
		const file = join(folder, "shard.mjs");
		const notes = join(folder, "notes");
		await writeFile(notes, "");
		await writeFile(
			file,
			`import { appendFileSync } from "node:fs";
const note = (what) => appendFileSync(${JSON.stringify(notes)}, what + " " + process.env.SHARDS + "/" + process.env.SHARD_COUNT + " " + process.pid + "\\n");
process.on("SIGTERM", () => { note("ended"); process.exit(0); });
note("began");
setInterval(() => undefined, 1000);`,
		);
		const settings = { token: "t", apiUrl: "http://127.0.0.1:9/api", shards: 2, file, sharedDatabase: true };
		const stop = await runShards(settings, 2, openRunLog());
		const said = async (word: string) =>
			(await readFile(notes, "utf8")).split("\n").filter((line) => line.startsWith(word));
		await expect
			.poll(async () => (await said("began")).map((line) => line.split(" ")[1]).toSorted())
			.toEqual(["0/2", "1/2"]);
		const [victim = ""] = await said("began");
		process.kill(Number(victim.split(" ")[2]), "SIGKILL");
		await expect.poll(async () => (await said("began")).length).toBe(3);
		await stop();
		expect(await said("ended")).toHaveLength(2);
	});

	test("a shard's process that the system cannot start ends nothing else, and is started later", async () => {
		const folder = await mkdtemp(join(tmpdir(), "nlpq-shards-"));
		closers.push(() => rm(folder, { recursive: true }));
		const file = join(folder, "shard.mjs");
		await writeFile(file, "setInterval(() => undefined, 1000);");
		const lines: string[] = [];
		const settings = { token: "t", apiUrl: "http://127.0.0.1:9/api", shards: 1, file, sharedDatabase: true };
		const { execPath } = process;
		vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
		closers.push(() => vi.useRealTimers());
		process.execPath = join(folder, "missing");
		const stop = await runShards(settings, 1, openRunLog(lines)).finally(() => {
			process.execPath = execPath;
		});
		closers.push(stop);
		await vi.waitUntil(() => lines.join("").includes("could not start the process of a shard"));
		expect(lines.join("")).toContain("ENOENT");
		expect(lines.join("")).not.toContain("the process of a shard has started");
		vi.advanceTimersByTime(5_000);
		expect(lines.join("")).toContain("the process of a shard has started");
	});

	test("a process learns its shard from the manager", () => {
		expect(shardOfProcess({ SHARDING_MANAGER: "true", SHARDS: "2", SHARD_COUNT: "5" })).toEqual({
			shard: 2,
			shardCount: 5,
		});
		expect(shardOfProcess({})).toBeNull();
	});
});
