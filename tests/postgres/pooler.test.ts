import { sql } from "drizzle-orm";
import postgres from "postgres";
import { afterEach, describe, expect, onTestFinished, test } from "vitest";
import { type OpenDatabase, openServer } from "../../src/adapters/postgres/open.ts";
import { rawRows } from "../../src/adapters/postgres/raw.ts";
import { CommitUnknown, Outage } from "../../src/core/errors.ts";
import { recordAnswer } from "../../src/core/service/answering.ts";
import { byEffort } from "../support/effort.ts";
import { testDatabase } from "../support/embedded.ts";
import { MIGRATIONS } from "../support/made-once.ts";
import { pgbouncerProgram, startPgBouncer } from "../support/pgbouncer.ts";
import { migratedDatabase } from "../support/postgres.ts";
import { TransactionPooler } from "../support/transaction-pooler.ts";
import { NINE_O_CLOCK, World } from "../support/world.ts";

/** The pooler is killed after each `killEvery` answers. */
const {
	members: MEMBERS,
	answers: ANSWERS,
	killEvery: KILL_EVERY,
} = byEffort({
	test: { members: 20, answers: 100, killEvery: 30 },
	ci: { members: 50, answers: 1_000, killEvery: 230 },
	full: { members: 50, answers: 1_000, killEvery: 230 },
});

let pooler: TransactionPooler;
let database: OpenDatabase | null = null;
afterEach(async () => {
	await database?.close();
	database = null;
});

/** Starts a small transaction pooler in front of a new database. @returns its address */
async function poolerBefore(url: string): Promise<string> {
	const address = new URL(url);
	pooler = new TransactionPooler(address.hostname, Number(address.port), 4);
	address.port = String(await pooler.listen());
	onTestFinished(() => pooler.close());
	return address.toString();
}

async function open(url: string, connections = 10): Promise<OpenDatabase> {
	database = await openServer(url, MIGRATIONS, connections);
	return database;
}

interface AnswerOutcomes {
	readonly acknowledged: string[];
	/** What failed with an Outage, which promises that nothing was done. */
	readonly missing: string[];
}

/** Fifty members answer, and try again whenever they are told that it failed. */
async function answerAll(world: World, disturb: (answers: number) => Promise<void> | void): Promise<AnswerOutcomes> {
	const outcomes: AnswerOutcomes = { acknowledged: [], missing: [] };
	const question = await world.question("today", "member 0");
	const say = async (asker: Awaited<ReturnType<World["asker"]>>, text: string): Promise<boolean> => {
		try {
			await recordAnswer(world.services, asker, question, { kind: "text", text }, world.now);
		} catch (error) {
			if (!(error instanceof Outage) && !(error instanceof Error && error.cause instanceof Outage)) throw error;
			if (!(error instanceof CommitUnknown)) outcomes.missing.push(text);
			return false;
		}
		outcomes.acknowledged.push(text);
		if (outcomes.acknowledged.length % KILL_EVERY === 0) await disturb(outcomes.acknowledged.length);
		return true;
	};
	const askers = [];
	for (let member = 0; member < MEMBERS; member += 1) askers.push(await world.asker(`member ${member}`));
	await Promise.all(
		askers.map(async (asker, member) => {
			for (let answer = 0; answer < ANSWERS / MEMBERS; answer += 1)
				for (
					let attempt = 0;
					!(await say(asker, `member ${member} says ${answer} in words of their own, attempt ${attempt}`));
					attempt += 1
				);
		}),
	);
	return outcomes;
}

/** Checks that what was acknowledged is stored, what was reported as undone is not, and each member has one attempt. */
async function expectKept({ db }: OpenDatabase, { acknowledged, missing: undone }: AnswerOutcomes): Promise<void> {
	const stored = new Set((await rawRows(db, sql`select text from answers`)).map(({ text }) => String(text)));
	expect(acknowledged).toHaveLength(ANSWERS);
	expect(acknowledged.filter((text) => !stored.has(text))).toEqual([]);
	expect(undone.filter((text) => stored.has(text))).toEqual([]);
	const [row] = await rawRows(
		db,
		sql`select count(*)::int as attempts, count(distinct member_id)::int as members from attempts`,
	);
	expect(row).toEqual({ attempts: MEMBERS, members: MEMBERS });
	const [occurrence] = await rawRows(db, sql`select state, number from occurrences`);
	expect(occurrence).toEqual({ state: "delivered", number: 1 });
}

async function worldOn(opened: OpenDatabase): Promise<World> {
	const world = await World.open(testDatabase(opened.db, opened.close));
	await world.schedule();
	await world.goTo(NINE_O_CLOCK);
	return world;
}

describe("behind a pooler that gives each transaction another connection", () => {
	test(`${ANSWERS} answers of ${MEMBERS} members: what was acknowledged is stored, even when the pooler is killed`, async () => {
		const opened = await open(await poolerBefore(await migratedDatabase()));
		const world = await worldOn(opened);
		const outcomes = await answerAll(world, () => pooler.kill());
		expect(pooler.moves).toBeGreaterThan(ANSWERS);
		expect(outcomes.missing.length).toBeGreaterThan(0);
		await expectKept(opened, outcomes);
	});

	test("it is detected at the start, and nothing is prepared on any connection", async () => {
		const opened = await open(await poolerBefore(await migratedDatabase()));
		let reports = 0;
		opened.onPooler(() => {
			reports += 1;
		});
		expect(opened).toMatchObject({ isPooled: true });
		expect(reports).toBe(1);
		const read = (n: number) => rawRows(opened.db, sql`select ${n}::int as n`);
		for (let n = 0; n < 20; n += 1) expect(await read(n)).toEqual([{ n }]);
		await Promise.all(
			Array.from({ length: 40 }, (_, n) =>
				opened.db.transaction(async (inside) =>
					expect(await rawRows(inside, sql`select ${n}::int as n`)).toEqual([{ n }]),
				),
			),
		);
		const [row] = await rawRows(opened.db, sql`select count(*)::int as prepared from pg_prepared_statements`);
		expect(row?.prepared).toBe(0);
	});

	test("it is detected when it comes later, at the next connection", async () => {
		const url = await poolerBefore(await migratedDatabase());
		pooler.pools = false;
		const opened = await open(url);
		let reports = 0;
		opened.onPooler(() => {
			reports += 1;
		});
		const count = () => opened.db.transaction((inside) => rawRows(inside, sql`select ${1}::int as n`));
		for (let n = 0; n < 10; n += 1) await count();
		expect([opened.isPooled, reports]).toEqual([false, 0]);
		pooler.pools = true;
		pooler.kill();
		for (let n = 0; n < 10; n += 1) await count().catch(() => undefined);
		await Promise.all(Array.from({ length: 40 }, count));
		expect([opened.isPooled, reports]).toEqual([true, 1]);
	});

	test("urgent statements that come at once all run, beside ordinary ones", async () => {
		const opened = await open(await poolerBefore(await migratedDatabase()));
		const all = Array.from({ length: 40 }, (_, n) =>
			rawRows(n % 4 ? opened.urgent : opened.db, sql`select ${n}::int as n`),
		);
		expect(await Promise.all(all)).toEqual(all.map((_, n) => [{ n }]));
	});

	test("nothing that nlpq sets is left behind for the pooler's other clients", async () => {
		const url = await poolerBefore(await migratedDatabase());
		const opened = await open(url);
		await Promise.all(Array.from({ length: 20 }, () => rawRows(opened.db, sql`select pg_sleep(0.01)`)));
		const other = postgres(url, { max: 4, prepare: false, fetch_types: false });
		onTestFinished(() => other.end());
		const results = await Promise.all(
			Array.from({ length: 20 }, () => other`select name from pg_settings, pg_sleep(0.01) where source = 'session'`),
		);
		const names = new Set(results.flat().map(({ name }) => name));
		expect([...names].sort()).toEqual([
			"DateStyle",
			"TimeZone",
			"application_name",
			"client_encoding",
			"standard_conforming_strings",
		]);
	});
});

const program = pgbouncerProgram();
describe.skipIf(!program)(`behind a real PgBouncer${program ? "" : " (not installed here)"}`, () => {
	test.each(["transaction", "session"] as const)(
		`with pool_mode=%s and otherwise its defaults: ${ANSWERS} answers of ${MEMBERS} members, and it is killed in between`,
		async (mode) => {
			const bouncer = await startPgBouncer(await migratedDatabase(), mode);
			onTestFinished(() => bouncer.stop());
			const opened = await open(bouncer.url);
			expect(opened.isPooled).toBe(true);
			const world = await worldOn(opened);
			await expectKept(opened, await answerAll(world, () => bouncer.restart()));
			await opened.close();
			database = null;
		},
	);

	test("with pool_mode=statement, which allows no transactions, it is refused with the remedy", async () => {
		const bouncer = await startPgBouncer(await migratedDatabase(), "statement");
		onTestFinished(() => bouncer.stop());
		await expect(openServer(bouncer.url, MIGRATIONS, 4)).rejects.toMatchObject({
			name: "UserError",
			message: expect.stringContaining("The pooler at DATABASE_URL allows no transactions"),
			remedy: expect.stringContaining("pool_mode"),
		});
	});

	test("if it cannot reach its server, the start ends with one sentence that quotes it", async () => {
		const unreachable = new URL(await migratedDatabase());
		unreachable.port = "1";
		const bouncer = await startPgBouncer(unreachable.toString(), "transaction");
		onTestFinished(() => bouncer.stop());
		await expect(openServer(`${bouncer.url}?connect_timeout=1`, MIGRATIONS, 4)).rejects.toMatchObject({
			name: "UserError",
			message: expect.stringContaining("Nothing was changed."),
		});
	});
});
