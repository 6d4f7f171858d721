import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OpenDatabase, openServer } from "../../src/adapters/postgres/open.ts";
import { rawRows } from "../../src/adapters/postgres/raw.ts";
import { isOutage } from "../../src/core/errors.ts";
import { openChat } from "../support/chat.ts";
import { isQuickRun } from "../support/effort.ts";
import { MIGRATIONS } from "../support/made-once.ts";
import { type PostgresPair, startPair } from "../support/postgres-pair.ts";

const DAY = 24 * 60 * 60 * 1000;
/** Milliseconds between two tries of the engine and of a member. Thirty seconds have room for so many of each. */
const [ENGINE_PAUSE, MEMBER_PAUSE] = [100, 200];
const MAX_TRIES = { engine: 30_000 / ENGINE_PAUSE, member: 30_000 / MEMBER_PAUSE };
/** How long the operator takes to notice that the primary is gone. */
const NOTICE_TIMEOUT = 8_000;
/** How long before its death the primary cannot reach its standby. */
const CUT_BEFORE = 300;
const CHANNELS = 60;
const MEMBERS = 20;

let pair: PostgresPair;
let database: OpenDatabase;
let chat: Awaited<ReturnType<typeof openChat>>;
beforeAll(async () => {
	pair = await startPair();
	database = await openServer(pair.url, MIGRATIONS, 8);
	chat = await openChat({ database });
});
afterAll(async () => {
	await chat.close();
	await pair.stop();
});

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
const channelOf = (index: number) => ({
	kind: "channel" as const,
	channelId: `channel-${index}`,
	channelName: `channel ${index}`,
});

/** A member answers the open question of a channel. @returns what they are told */
async function answer(name: string, index: number, text: string): Promise<"counted" | "not now" | "practice"> {
	const outcome = await chat.dispatcher.run(
		{ ...chat.caller(name), place: channelOf(index) },
		{ command: "answer", options: { question: "today", text } },
	);
	if (outcome.type !== "reply") throw new Error("not a reply");
	if (outcome.reply.data?.counted === true) return "counted";
	return outcome.reply.card.tone === "error" ? "not now" : "practice";
}

/** Texts of the answers that members were told had counted. */
const acknowledged: string[] = [];
/** Since the promotion: how often each member was told to come again, and how often the engine ran. */
const refused = new Map<string, number>();
let runs = 0;

/** A member answers in every channel, and repeats each refused answer, as people do. */
async function answerEverywhere(name: string): Promise<void> {
	for (let index = 0; index < CHANNELS; index += 1)
		for (let attempt = 1; ; attempt += 1) {
			const text = `${name} explains attention in channel ${index}, attempt ${attempt}`;
			const reply = await answer(name, index, text);
			if (reply === "counted") acknowledged.push(text);
			if (reply !== "not now") break;
			refused.set(name, (refused.get(name) ?? 0) + 1);
			await pause(MEMBER_PAUSE);
		}
}

const questions = () => chat.platform.posts.map(({ key }) => key).filter((key) => key.startsWith("daily:"));

/** How many daily questions are recorded as delivered; none while the database cannot be asked. */
async function recorded(): Promise<number> {
	const counting = rawRows(database.db, sql`select count(*)::int as value from occurrences where state = 'delivered'`);
	const [row] = await counting.catch(() => []);
	return Number(row?.value ?? 0);
}

/** Runs the engine until this many daily questions are recorded as delivered. */
async function deliver(wanted: number): Promise<void> {
	while ((await recorded()) < wanted) {
		await chat.daily.run();
		runs += 1;
		await pause(ENGINE_PAUSE);
	}
}

async function scheduleEverywhere(): Promise<void> {
	for (let index = 0; index < CHANNELS; index += 1)
		await chat.dispatcher.run(
			{ ...chat.caller("boss", true), place: channelOf(index) },
			{ command: "schedule add", options: { time: "09:00", zone: "UTC" } },
		);
	chat.clock.moveTo(new Date("2027-03-09T09:00:00Z"));
	await deliver(CHANNELS);
}

test.skipIf(isQuickRun)("a standby alone is refused; the remedy is an address that names both servers", async () => {
	await expect(openServer(pair.standbyUrl, MIGRATIONS, 2)).rejects.toMatchObject({
		message: expect.stringContaining("is a standby, which takes no writes"),
		remedy: expect.stringContaining("target_session_attrs=read-write"),
	});
});

test.skipIf(isQuickRun)(
	"the primary dies amid answers and deliveries and the standby takes over: nothing acknowledged is lost, nothing comes twice, everything goes on by itself",
	async () => {
		await scheduleEverywhere();
		// Members answer while their questions are open, and the next day's fall due.
		chat.clock.moveTo(new Date(chat.clock.now().getTime() + DAY - 1000));
		const members = Promise.all(Array.from({ length: MEMBERS }, (_, member) => answerEverywhere(`member ${member}`)));
		while (acknowledged.length < 2 * MEMBERS) await pause(5);
		chat.clock.moveTo(new Date(chat.clock.now().getTime() + 1000));
		const delivered = deliver(2 * CHANNELS);
		while (questions().length < CHANNELS * 1.3) await pause(5);

		// Commits in progress wait for the standby, which never answers; then the machine is gone.
		pair.cutReplication();
		await pause(CUT_BEFORE);
		await pair.killPrimary();
		const before = acknowledged.length;
		await pause(NOTICE_TIMEOUT);
		pair.promoteStandby();
		refused.clear();
		runs = 0;
		await delivered;
		expect(runs).toBeLessThan(MAX_TRIES.engine);
		await members;
		expect(Math.max(0, ...refused.values())).toBeLessThan(MAX_TRIES.member);
		expect(acknowledged.length).toBeGreaterThan(before);

		const rows = await rawRows(database.db, sql`select a.text from attempts t join answers a on a.id = t.answer_id`);
		const stored = new Set(rows.map(({ text }) => text));
		expect(acknowledged.filter((text) => !stored.has(text))).toEqual([]);
		expect(questions()).toHaveLength(2 * CHANNELS);
		expect(new Set(questions()).size).toBe(2 * CHANNELS);
		expect(chat.faults.filter((fault) => !isOutage(fault))).toEqual([]);
	},
);
