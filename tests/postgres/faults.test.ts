import postgres from "postgres";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { openServer } from "../../src/adapters/postgres/open.ts";
import type { Outcome } from "../../src/chat/card.ts";
import { openChat } from "../support/chat.ts";
import { MIGRATIONS } from "../support/made-once.ts";
import { type PostgresServer, startPostgres } from "../support/postgres-server.ts";
import { SlowWire } from "../support/slow-wire.ts";

const CONNECTIONS = 12;
const DAY = 24 * 60 * 60 * 1000;

let server: PostgresServer;
let wire: SlowWire;
let chat: Awaited<ReturnType<typeof openChat>>;
let idleClients: postgres.Sql[] = [];

const TEMPLATE = "with_bank";

/** Creates a database. @returns its address */
async function create(name: string, template = "template0"): Promise<URL> {
	const maintenance = postgres(server.url, { max: 1 });
	await maintenance.unsafe(`create database ${name} template ${template}`);
	await maintenance.end();
	const address = new URL(server.url);
	address.pathname = `/${name}`;
	return address;
}

beforeAll(async () => {
	server = await startPostgres(CONNECTIONS);
	const address = await create(TEMPLATE);
	await (await openChat({ database: await openServer(address.toString(), MIGRATIONS, 4) })).close();
});
afterAll(() => server.stop());

beforeEach(async () => {
	const address = await create(`faults_${crypto.randomUUID().slice(0, 8)}`, TEMPLATE);
	wire = new SlowWire(address.hostname, Number(address.port), 0);
	address.port = String(await wire.open());
	chat = await openChat({ database: await openServer(address.toString(), MIGRATIONS, 4) });
	await say("boss", "schedule add", { time: "09:00", zone: "UTC" }, true);
	chat.clock.moveTo(new Date("2027-03-09T09:00:00Z"));
	await chat.daily.run();
	expect(questions()).toEqual([1]);
	expect((await say("ana", "answer", { question: "today", text: "An honest attempt, in my own words." })).counted).toBe(
		true,
	);
	chat.faults.length = 0;
});
afterEach(async () => {
	await Promise.all(idleClients.map((client) => client.end({ timeout: 0 })));
	idleClients = [];
	await chat.close();
	wire.close();
});

/** The numbers of the daily questions at the platform, once for each arrival. */
const questions = (): number[] =>
	chat.platform.posts
		.filter(({ key }) => key.startsWith("daily:"))
		.map(({ card }) => Number(/#(\d+)/.exec(card.title)?.[1]));

function readOutcome(outcome: Outcome) {
	if (outcome.type !== "reply") throw new Error("not a reply");
	const { card, data = {} } = outcome.reply;
	return { tone: card.tone, title: card.title, ...data } as Readonly<Record<string, unknown>>;
}

async function say(member: string, command: string, options: Record<string, string> = {}, admin = false) {
	return readOutcome(await chat.dispatcher.run(chat.caller(member, admin), { command, options }));
}

/**
 * Many members at once, as when the daily question has just been posted. The fault lasts until all are answered. TCP
 * alone would take a quarter of an hour: longer than a test may. `npm run bench` checks that it is 3 s on a quiet
 * machine.
 */
async function expectClearAnswers(): Promise<void> {
	const replies = await Promise.all(
		["ben", "cy", "dee", "eve", "fay", "gil"].map((member) =>
			say(member, "answer", { question: "today", text: "Mine, in a few words of my own." }),
		),
	);
	for (const reply of replies)
		expect(reply).toMatchObject({
			tone: "error",
			title: expect.stringContaining("The database isn't answering right now."),
		});
}

/** Checks that the next day's question comes once by itself, and that what was acknowledged still exists. */
async function expectResumed(): Promise<void> {
	for (let tick = 0; tick < 100 && questions().length < 2; tick += 1) {
		await chat.daily.run();
		if (questions().length < 2) await new Promise((resolve) => setTimeout(resolve, 200));
	}
	await chat.daily.run();
	expect(questions()).toEqual([1, 2]);
	expect(await say("ana", "answer", { question: "today", text: "Again, in a few words of my own." })).toMatchObject({
		counted: true,
		streak: 2,
	});
}

async function letQuestionFallDue(): Promise<void> {
	chat.clock.moveTo(new Date(chat.clock.now().getTime() + DAY));
	await chat.daily.run();
	expect(questions()).toEqual([1]);
	expect(chat.faults.length).toBeGreaterThan(0);
}

describe("members are answered in time, and deliveries go on by themselves, when the database", () => {
	test("is killed and comes back", async () => {
		await server.kill();
		try {
			await expectClearAnswers();
			await letQuestionFallDue();
		} finally {
			await server.restart();
		}
		await expectResumed();
	});

	test("is cut off silently, on existing and new connections", async () => {
		wire.fallSilent(true);
		await expectClearAnswers();
		await letQuestionFallDue();
		wire.recover();
		await expectResumed();
	});

	test("has forgotten the existing connections, and accepts new ones", async () => {
		wire.fallSilent(false);
		await Promise.all([expectAnswered("ben"), expectAnswered("cy")]);
		chat.clock.moveTo(new Date(chat.clock.now().getTime() + DAY));
		await expectResumed();
	});

	test("takes longer for each statement than members wait", async () => {
		wire.delay = 4_000;
		await expectClearAnswers();
		await letQuestionFallDue();
		wire.delay = 0;
		await expectResumed();
	});

	test("has no connection left", async () => {
		await takeAllConnections();
		await expectClearAnswers();
		await letQuestionFallDue();
		await Promise.all(idleClients.map((client) => client.end({ timeout: 0 })));
		await expectResumed();
	});
});

/** Checks that the answer comes in time, either complete or with the reason why not. */
async function expectAnswered(member: string): Promise<void> {
	const reply = await say(member, "today");
	if (reply.tone === "error") expect(reply.title).toContain("isn't answering right now");
}

/** Others take all of the server's connections, including those of the bot, which are ended. */
async function takeAllConnections(): Promise<void> {
	const connect = async () => {
		const client = postgres(server.url, { max: 1, idle_timeout: 0, fetch_types: false, onclose: () => undefined });
		await client`select 1`;
		idleClients.push(client);
	};
	const fill = async () => {
		for (;;)
			try {
				await connect();
			} catch {
				return;
			}
	};
	await fill();
	const [first] = idleClients;
	if (first) await first`select pg_terminate_backend(pid) from pg_stat_activity where application_name like 'nlpq %'`;
	await new Promise((resolve) => setTimeout(resolve, 200));
	await fill();
}

test("a slow database only makes answers slow", async () => {
	wire.delay = 150;
	expect(await say("ben", "answer", { question: "today", text: "Mine, in a few words of my own." })).toMatchObject({
		counted: true,
	});
	expect(chat.faults).toEqual([]);
});
