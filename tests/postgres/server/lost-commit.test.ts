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

/** Milliseconds that the server may take to end a session. */
const PATIENCE = 60_000;

let wire: CuttingWire;
let db: Db;
let direct: Db;
/** What was slept instead of in real time, in milliseconds. */
let slept = 0;

function open(url: string): Db {
	const pacing = {
		random: () => 0.5,
		sleep: async (milliseconds: number) => {
			slept += milliseconds;
			// The server needs its turn to end a session, where it can be asked; else no time has to pass.
			await new Promise((resolve) => setTimeout(resolve, wire.isClosed ? 0 : milliseconds));
		},
	};
	const client = new GuardedClient(readAddress(url, {}), 4, pacing);
	onTestFinished(() => client.close());
	return queryBuilder(client);
}

beforeEach(async () => {
	slept = 0;
	const url = await freshDatabase();
	const address = new URL(url);
	wire = new CuttingWire(address.hostname, Number(address.port));
	address.port = String(await wire.listen());
	onTestFinished(() => wire.close());
	[db, direct] = [open(address.toString()), open(url)];
	await direct.execute(sql`create table kept (word text)`);
});

const keep = (word: string) => db.transaction((inside) => inside.execute(sql`insert into kept values (${word})`));
const kept = async () => (await rawRows(direct, sql`select word from kept`)).map(({ word }) => word);
const failure = (work: Promise<unknown>): Promise<unknown> =>
	work.then(
		() => "it succeeded",
		(error: unknown) => error,
	);

describe("a connection that is lost during COMMIT", () => {
	test("after the server has committed: it has ended, and what was written is there", async () => {
		wire.cut = "after the commit";
		const error = await failure(keep("once"));
		expect(error).toBeInstanceOf(CommitUnknown);
		expect(error).toMatchObject({ hasEnded: true });
		expect(await kept()).toEqual(["once"]);
	});

	test("before the server has heard of it: it has ended, and nothing is there", async () => {
		wire.cut = "before the commit";
		expect(await failure(keep("never"))).toMatchObject({ name: "CommitUnknown", hasEnded: true });
		expect(await kept()).toEqual([]);
	});

	test("on our side alone: the server's transaction is ended, and nothing comes of it later", async () => {
		wire.cut = "on our side before";
		expect(await failure(keep("never"))).toMatchObject({ name: "CommitUnknown", hasEnded: true });
		const [left] = await rawRows(
			direct,
			sql`select count(*)::int as value from pg_stat_activity where datname = current_database() and state like 'idle in transaction%'`,
		);
		expect([left?.value, await kept()]).toEqual([0, []]);
	});

	test("with nobody to ask: it is not said that it has ended, and the question ends after three seconds", async () => {
		await keep("before");
		wire.cut = "after the commit";
		wire.isClosed = true;
		expect(await failure(keep("once"))).toMatchObject({ name: "CommitUnknown", hasEnded: false });
		expect(slept).toBe(3_000);
	});

	test("of what only read is an outage, and nothing more", async () => {
		wire.cut = "before the commit";
		const reading = db.transaction((inside) => inside.execute(sql`select 1`), { accessMode: "read only" });
		const error = await failure(reading);
		expect(error).toBeInstanceOf(Outage);
		expect(error).not.toBeInstanceOf(CommitUnknown);
	});
});

describe("a connection that is lost before COMMIT", () => {
	test("is an outage, and half a transaction never goes on elsewhere", async () => {
		let isCut = false;
		const error = await failure(
			db.transaction(async (inside) => {
				await inside.execute(sql`insert into kept values ('half')`);
				const [row] = await rawRows(inside, sql`select pg_backend_pid() as pid`);
				await direct.execute(sql`select pg_terminate_backend(${row?.pid}::int, ${PATIENCE}::int)`);
				await new Promise((resolve) => setImmediate(resolve));
				isCut = true;
				await inside.execute(sql`insert into kept values ('other half')`);
			}),
		);
		expect(isCut).toBe(true);
		expect(error).toMatchObject({ cause: expect.any(Outage) });
		expect(await kept()).toEqual([]);
		await keep("next");
		expect(await kept()).toEqual(["next"]);
	});

	test("is noticed at COMMIT too, when it was lost without a statement under way", async () => {
		const error = await failure(
			db.transaction(async (inside) => {
				const [row] = await rawRows(inside, sql`insert into kept values ('half') returning pg_backend_pid() as pid`);
				await direct.execute(sql`select pg_terminate_backend(${row?.pid}::int, ${PATIENCE}::int)`);
				await new Promise((resolve) => setImmediate(resolve));
			}),
		);
		expect(error).toBeInstanceOf(Outage);
		expect(error).not.toBeInstanceOf(CommitUnknown);
		expect(await kept()).toEqual([]);
	});
});
