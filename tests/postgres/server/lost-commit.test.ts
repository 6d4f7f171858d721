import { sql } from "drizzle-orm";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { Db } from "../../../src/adapters/postgres/db.ts";
import { rawRows } from "../../../src/adapters/postgres/raw.ts";
import { readAddress } from "../../../src/adapters/postgres/server/address.ts";
import { GuardedClient } from "../../../src/adapters/postgres/server/guarded-client.ts";
import { queryBuilder } from "../../../src/adapters/postgres/server/query-builder.ts";
import { CommitUnknown, Outage } from "../../../src/core/errors.ts";
import { CuttingWire } from "../../support/cutting-wire.ts";
import { freshDatabase } from "../../support/postgres.ts";

/** How long the server may take to end a session, in milliseconds. */
const TEST_TIMEOUT = 60_000;

let wire: CuttingWire;
let db: Db;
let direct: Db;
/** How long the program would have slept, in milliseconds; no real time passes. */
let sleeps = 0;

function open(url: string): Db {
	const pacing = {
		random: () => 0.5,
		sleep: async (milliseconds: number) => {
			sleeps += milliseconds;
			// If the server can be asked, it needs its turn to end a session; otherwise no time has to pass.
			await new Promise((resolve) => setTimeout(resolve, wire.isClosed ? 0 : milliseconds));
		},
	};
	const client = new GuardedClient(readAddress(url, {}), 4, pacing);
	onTestFinished(() => client.close());
	return queryBuilder(client);
}

beforeEach(async () => {
	sleeps = 0;
	const url = await freshDatabase();
	const address = new URL(url);
	wire = new CuttingWire(address.hostname, Number(address.port));
	address.port = String(await wire.listen());
	onTestFinished(() => wire.close());
	[db, direct] = [open(address.toString()), open(url)];
	await direct.execute(sql`create table kept (word text)`);
});

const keep = (word: string) => db.transaction((inside) => inside.execute(sql`insert into kept values (${word})`));
const storedWords = async () => (await rawRows(direct, sql`select word from kept`)).map(({ word }) => word);
const failure = (work: Promise<unknown>): Promise<unknown> =>
	work.then(
		() => "it succeeded",
		(error: unknown) => error,
	);

describe("a connection that is lost during COMMIT", () => {
	test("after the server has committed: it has ended, and what was written exists", async () => {
		wire.cut = "after the commit";
		const error = await failure(keep("once"));
		expect(error).toBeInstanceOf(CommitUnknown);
		expect(error).toMatchObject({ hasEnded: true });
		expect(await storedWords()).toEqual(["once"]);
	});

	test("before the server gets it: it has ended, and nothing was written", async () => {
		wire.cut = "before the commit";
		expect(await failure(keep("never"))).toMatchObject({ name: "CommitUnknown", hasEnded: true });
		expect(await storedWords()).toEqual([]);
	});

	test("only on our side: the server's transaction is ended, and has no effect later", async () => {
		wire.cut = "on our side before";
		expect(await failure(keep("never"))).toMatchObject({ name: "CommitUnknown", hasEnded: true });
		const [left] = await rawRows(
			direct,
			sql`select count(*)::int as value from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`,
		);
		expect([left?.value, await storedWords()]).toEqual([0, []]);
	});

	test("with nobody to ask: it is not reported as ended, and the question is given up after three seconds", async () => {
		await keep("before");
		wire.cut = "after the commit";
		wire.isClosed = true;
		expect(await failure(keep("once"))).toMatchObject({ name: "CommitUnknown", hasEnded: false });
		expect(sleeps).toBe(3_000);
	});

	test("of a read-only transaction is an outage, and nothing more", async () => {
		wire.cut = "before the commit";
		const reading = db.transaction((inside) => inside.execute(sql`select 1`), { accessMode: "read only" });
		const error = await failure(reading);
		expect(error).toBeInstanceOf(Outage);
		expect(error).not.toBeInstanceOf(CommitUnknown);
	});
});

describe("a connection that is lost before COMMIT", () => {
	test("is an outage, and half a transaction never continues elsewhere", async () => {
		let isCut = false;
		const error = await failure(
			db.transaction(async (inside) => {
				await inside.execute(sql`insert into kept values ('half')`);
				const [row] = await rawRows(inside, sql`select pg_backend_pid() as pid`);
				await direct.execute(sql`select pg_terminate_backend(${row?.pid}::int, ${TEST_TIMEOUT}::int)`);
				await new Promise((resolve) => setImmediate(resolve));
				isCut = true;
				await inside.execute(sql`insert into kept values ('other half')`);
			}),
		);
		expect(isCut).toBe(true);
		expect(error).toMatchObject({ cause: expect.any(Outage) });
		expect(await storedWords()).toEqual([]);
		await keep("next");
		expect(await storedWords()).toEqual(["next"]);
	});

	test("is noticed at COMMIT too, if it was lost between statements", async () => {
		const error = await failure(
			db.transaction(async (inside) => {
				const [row] = await rawRows(inside, sql`insert into kept values ('half') returning pg_backend_pid() as pid`);
				const loss = wire.nextLoss();
				await direct.execute(sql`select pg_terminate_backend(${row?.pid}::int, ${TEST_TIMEOUT}::int)`);
				await loss;
			}),
		);
		expect(error).toBeInstanceOf(Outage);
		expect(error).not.toBeInstanceOf(CommitUnknown);
		expect(await storedWords()).toEqual([]);
	});
});
