import { sql } from "drizzle-orm";
import { describe, expect, onTestFinished, test } from "vitest";
import { type OpenDatabase, openServer } from "../../../src/adapters/postgres/open.ts";
import { rawRows } from "../../../src/adapters/postgres/raw.ts";
import { recordAnswer } from "../../../src/core/service/answering.ts";
import { testDatabase } from "../../support/embedded.ts";
import { MIGRATIONS } from "../../support/made-once.ts";
import { createDatabase, freshDatabase } from "../../support/postgres.ts";
import { addressAs, runAs } from "../../support/roles.ts";
import { TransactionPooler } from "../../support/transaction-pooler.ts";
import { NINE_O_CLOCK, World } from "../../support/world.ts";

/** What an administrator may have set for a role; in milliseconds if there is no unit. */
const UNUSUAL_SETTINGS = {
	datestyle: "'SQL, DMY'",
	intervalstyle: "'sql_standard'",
	timezone: "'Pacific/Apia'",
	client_encoding: "'LATIN1'",
	standard_conforming_strings: "off",
	backslash_quote: "on",
	escape_string_warning: "off",
	bytea_output: "'escape'",
	extra_float_digits: "-15",
	array_nulls: "off",
	transform_null_equals: "on",
	jit: "on",
	default_transaction_isolation: "'serializable'",
	default_transaction_read_only: "on",
	default_transaction_deferrable: "on",
	statement_timeout: "50",
	lock_timeout: "10",
	idle_in_transaction_session_timeout: "50",
	idle_session_timeout: "'10min'",
	synchronous_commit: "off",
	client_min_messages: "'debug1'",
	search_path: "'pg_temp, elsewhere'",
};

/** A database whose role has unusual settings. @returns that role's address */
async function peculiarRole(settings: Partial<typeof UNUSUAL_SETTINGS> = UNUSUAL_SETTINGS): Promise<string> {
	const url = await freshDatabase();
	const role = `peculiar_${crypto.randomUUID().slice(0, 8)}`;
	const sets = Object.entries(settings).map(([name, value]) => `alter role ${role} set ${name} = ${value};`);
	await runAs(url, `create role ${role} login; grant all on schema public to ${role}; ${sets.join(" ")}`);
	onTestFinished(() => runAs(url, `drop owned by ${role}; drop role ${role}`));
	return addressAs(url, role);
}

async function open(url: string): Promise<OpenDatabase> {
	const database = await openServer(url, MIGRATIONS, 8);
	onTestFinished(() => database.close());
	return database;
}

const connectors = {
	directly: async (url: string) => url,
	"behind a pooler": async (url: string) => {
		const address = new URL(url);
		const pooler = new TransactionPooler(address.hostname, Number(address.port), 4);
		address.port = String(await pooler.listen());
		onTestFinished(() => pooler.close());
		return address.toString();
	},
} as const;

describe.each(["directly", "behind a pooler"] as const)("a role with unusual settings, %s", (way) => {
	test("makes no difference: the question comes on its day, and the answer is stored word by word", async () => {
		const settings = { ...UNUSUAL_SETTINGS, search_path: "public" };
		const database = await open(await connectors[way](await peculiarRole(settings)));
		const world = await World.open(testDatabase(database.db, database.close));
		const schedule = await world.schedule();
		await world.goTo(NINE_O_CLOCK);
		expect(await world.occurrence(schedule, "2027-03-08")).toMatchObject({ dueAt: NINE_O_CLOCK, number: 1 });
		const text = `It's a \\ "quoted" \\' text of words: 日本語, 🧠; -- '`;
		expect(await world.answer("ana", "today", text)).toMatchObject({ counted: true });
		expect(await rawRows(database.db, sql`select text, at::text from answers`)).toEqual([
			{ text, at: "2027-03-08 09:00:00+00" },
		]);
		expect(await world.streak("ana")).toMatchObject({ current: 1, answered: 1 });
	});

	test("is overruled in single statements and in transactions", async () => {
		const database = await open(
			await connectors[way](await peculiarRole({ ...UNUSUAL_SETTINGS, search_path: "public" })),
		);
		const standing = sql`select current_setting('transaction_isolation') as isolation,
			current_setting('transaction_read_only') as reads, current_setting('statement_timeout') as statements,
			current_setting('lock_timeout') as locks, current_setting('idle_in_transaction_session_timeout') as idle,
			current_setting('synchronous_commit') as commits, date '2027-03-09'::text as day,
			interval '-1 day 2 hours'::text as span, 'a\\b' as backslash, 0.1::float8 + 0.2::float8 as float,
			current_setting('idle_session_timeout') as session, '{null}'::text[] = array[null]::text[] as nulls, '\\x41'::bytea::text as bytes,
			current_setting('jit') as compiles`;
		const expected = {
			isolation: "read committed",
			reads: "off",
			statements: "15s",
			locks: "0",
			idle: "1min",
			// The pooler itself must take care of its own sessions.
			session: way === "directly" ? "0" : "10min",
			commits: "on",
			day: "2027-03-09",
			span: "-1 days +02:00:00",
			backslash: "a\\b",
			float: 0.30000000000000004,
			nulls: true,
			bytes: "\\x41",
			compiles: "off",
		};
		expect(await rawRows(database.db, standing)).toEqual([expected]);
		expect(await database.db.transaction((inside) => rawRows(inside, standing))).toEqual([expected]);
		// Longer than the role's own statements may take, and idle between two.
		await database.db.transaction(async (inside) => {
			await inside.execute(sql`select pg_sleep(0.1)`);
			await new Promise((resolve) => setTimeout(resolve, 100));
			await inside.execute(sql`select pg_sleep(0.1)`);
		});
	});

	test("with serializable transactions: 80 answers at once all count", async () => {
		const role = await peculiarRole({ default_transaction_isolation: "'serializable'" });
		const database = await open(await connectors[way](role));
		const world = await World.open(testDatabase(database.db, database.close));
		await world.schedule();
		await world.goTo(NINE_O_CLOCK);
		const question = await world.question("today", "member 0");
		const askers = await Promise.all(Array.from({ length: 80 }, (_, member) => world.asker(`member ${member}`)));
		const results = await Promise.all(
			askers.map((asker) =>
				recordAnswer(
					world.services,
					asker,
					question,
					{ kind: "text", text: "Mine, in a few words of my own." },
					world.now,
				),
			),
		);
		expect(results.filter(({ counted }) => counted)).toHaveLength(80);
	});

	test("that names another schema in the address creates and finds its tables only there", async () => {
		const url = await peculiarRole({ search_path: "'pg_temp, elsewhere'" });
		await runAs(
			url.replace(/\/\/[^@]*@/, "//nlpq@"),
			'create schema "Study room"; grant all on schema "Study room" to public',
		);
		const { db, schema } = await open(`${await connectors[way](url)}?schema=Study%20room`);
		expect(schema).toBe("Study room");
		const tables = sql`select schemaname as schema, count(*) > 10 as all from pg_tables where tablename in ('answers', 'members', 'workspaces') or schemaname = 'Study room' group by 1`;
		expect(await rawRows(db, tables)).toEqual([{ schema: "Study room", all: true }]);
		expect(await rawRows(db, sql`select count(*)::int as answers from answers`)).toEqual([{ answers: 0 }]);
		expect(await db.transaction((inside) => rawRows(inside, sql`select count(*)::int as n from answers`))).toEqual([
			{ n: 0 },
		]);
	});
});

test("a vendor's options at a server that does not know them end in a sentence with the remedy", async () => {
	const url = await freshDatabase();
	await expect(openServer(`${url}?options=project%3Dfoo`, MIGRATIONS, 2)).rejects.toMatchObject({
		message: expect.stringContaining("does not know the options in its address"),
		remedy: expect.stringContaining("Leave options out"),
	});
});

test.each(["LATIN1", "SQL_ASCII"])("a database in %s is refused with the remedy", async (encoding) => {
	const database = await createDatabase(`encoding '${encoding}' locale 'C'`);
	onTestFinished(database.drop);
	await expect(openServer(database.url, MIGRATIONS, 2)).rejects.toMatchObject({
		message: expect.stringContaining(`The database's encoding is ${encoding}`),
		remedy: expect.stringContaining("encoding 'UTF8'"),
	});
});
