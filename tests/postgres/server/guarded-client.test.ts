import { sql } from "drizzle-orm";
import { integer, pgTable } from "drizzle-orm/pg-core";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { Db } from "../../../src/adapters/postgres/db.ts";
import { rawRows } from "../../../src/adapters/postgres/raw.ts";
import { readAddress } from "../../../src/adapters/postgres/server/address.ts";
import { MAX_ATTEMPTS, repeatOnConflict } from "../../../src/adapters/postgres/server/conflicts.ts";
import { GuardedClient } from "../../../src/adapters/postgres/server/guarded-client.ts";
import { queryBuilder } from "../../../src/adapters/postgres/server/query-builder.ts";
import { Outage } from "../../../src/core/errors.ts";
import { freshDatabases } from "../../support/databases.ts";
import { freshDatabase } from "../../support/postgres.ts";

const CONNECTIONS = 12;

let db: Db;
let urgent: Db;
/** Pauses before retries, in milliseconds; no real time passes. */
let pauses: number[] = [];

beforeEach(async () => {
	pauses = [];
	const pacing = {
		random: () => 0.5,
		sleep: async (milliseconds: number) => {
			pauses.push(milliseconds);
			await new Promise((resolve) => setImmediate(resolve));
		},
	};
	const client = new GuardedClient(readAddress(await freshDatabase(), {}), CONNECTIONS, pacing);
	onTestFinished(() => client.close());
	urgent = queryBuilder(client, "urgent");
	db = queryBuilder(client);
	await db.execute(sql`create table kept (id int primary key, value int not null default 0)`);
});

/** Makes work wait until as many others have come as far. Whoever comes later goes on at once. */
function meeting(wanted: number): () => Promise<void> {
	let come = 0;
	let meet = (): void => undefined;
	const met = new Promise<void>((resolve) => {
		meet = resolve;
	});
	return () => {
		come += 1;
		if (come === wanted) meet();
		return met;
	};
}

const storedWords = async () =>
	(await rawRows(db, sql`select id, value from kept order by id`)).map(({ id, value }) => [id, value]);

describe("a transaction", () => {
	test.each(["embedded", "server"] as const)(
		"whose work has swallowed an error does not seem to be committed (%s)",
		async (kind) => {
			const database = await freshDatabases[kind]();
			await database.db.execute(sql`create table swallowed (id int primary key)`);
			const transaction = database.db.transaction(async (inside) => {
				await inside.execute(sql`insert into swallowed values (1)`);
				await inside.execute(sql`insert into swallowed values (1)`).catch(() => undefined);
				return "done";
			});
			await expect(transaction).rejects.toThrow();
			expect(await rawRows(database.db, sql`select id from swallowed`)).toEqual([]);
		},
	);

	test("that fails reports the first failure, not what followed from it", async () => {
		const failing = db.transaction(async (inside) => {
			const both = [1, 1, 2].map((id) => inside.execute(sql`insert into kept (id) values (${id})`));
			await Promise.allSettled(both);
			await both[2];
		});
		await expect(failing).rejects.toMatchObject({ code: "23505" });
	});

	test.each(["embedded", "server"] as const)(
		"runs statements that are not awaited in the order in which they are made, whatever rows they return (%s)",
		async (kind) => {
			const database = await freshDatabases[kind]();
			const table = pgTable("made", { id: integer() });
			await database.db.execute(sql`create table made (id int)`);
			const found = await database.db.transaction(async (inside) => {
				const [, first, , second] = await Promise.all([
					inside.execute(sql`insert into made values (1)`),
					inside.select().from(table),
					inside.insert(table).values({ id: 2 }),
					inside.select().from(table),
				]);
				return [first.length, second.length];
			});
			expect(found).toEqual([1, 2]);
		},
	);

	test("that is over does nothing more, even if the work still has it", async () => {
		let endedTransaction: Db | undefined;
		await db.transaction(async (inside) => {
			endedTransaction = inside;
		});
		await expect(endedTransaction?.execute(sql`insert into kept (id) values (1)`)).rejects.toThrow();
		expect(await storedWords()).toEqual([]);
	});

	test("undoes a part that fails, and keeps the rest", async () => {
		await db.transaction(async (inside) => {
			await inside.execute(sql`insert into kept (id) values (1)`);
			await inside
				.transaction(async (part) => {
					await part.execute(sql`insert into kept (id) values (2)`);
					await part.execute(sql`insert into kept (id) values (1)`);
				})
				.catch(() => undefined);
			await inside.transaction((part) => part.execute(sql`insert into kept (id) values (3)`));
		});
		expect((await storedWords()).map(([id]) => id)).toEqual([1, 3]);
	});

	test("has the isolation and access that it asks for, and the next one has the defaults", async () => {
		const standing = sql`select current_setting('transaction_isolation') as isolation, current_setting('transaction_read_only') as reads`;
		const options = { isolationLevel: "repeatable read", accessMode: "read only" } as const;
		for (let round = 0; round < 3; round += 1) {
			expect(await db.transaction((inside) => rawRows(inside, standing), options)).toEqual([
				{ isolation: "repeatable read", reads: "on" },
			]);
			expect(await db.transaction((inside) => rawRows(inside, standing))).toEqual([
				{ isolation: "read committed", reads: "off" },
			]);
		}
	});

	test("prepares statements that run often, but never its own begin and commit", async () => {
		for (let round = 0; round < 6; round += 1)
			await db.transaction((inside) => inside.execute(sql`select ${round}::int as often`));
		const rows = await db.transaction((inside) => rawRows(inside, sql`select statement from pg_prepared_statements`));
		expect(rows.map(({ statement }) => statement)).toEqual(["select $1::int as often"]);
	});
});

test("an urgent statement does not wait while all others do", async () => {
	let waiting: readonly Promise<unknown>[] = [];
	let done = 0;
	await db.transaction(async (inside) => {
		await inside.execute(sql`lock table kept in access exclusive mode`);
		waiting = Array.from({ length: 3 * CONNECTIONS }, () => storedWords().then(() => (done += 1)));
		for (let n = 0; n < 3; n += 1) expect(await rawRows(urgent, sql`select ${n}::int as n`)).toEqual([{ n }]);
		expect(done).toBe(0);
	});
	await Promise.all(waiting);
});

describe("conflicts are retried", () => {
	const increment = (isolationLevel: "serializable" | "repeatable read", haveRead: () => Promise<void>) => () =>
		db.transaction(
			async (inside) => {
				const [row] = await rawRows(inside, sql`select value from kept where id = 1`);
				await haveRead();
				await inside.execute(sql`update kept set value = ${Number(row?.value) + 1}::int where id = 1`);
			},
			{ isolationLevel },
		);

	test.each(["serializable", "repeatable read"] as const)(
		"%s increments that collide all count, once each",
		async (level) => {
			await db.execute(sql`insert into kept (id) values (1)`);
			// Two have read the same value before either writes.
			const results = await Promise.allSettled(Array.from({ length: 5 }, increment(level, meeting(2))));
			const counted = results.filter(({ status }) => status === "fulfilled").length;
			expect(counted).toBe(5);
			expect(await storedWords()).toEqual([[1, 5]]);
			expect(pauses.length).toBeGreaterThan(0);
		},
	);

	test("two transactions in a deadlock both succeed", async () => {
		await db.execute(sql`insert into kept (id) values (1), (2)`);
		const holdsOne = meeting(2);
		const add = (first: number, second: number) =>
			db.transaction(async (inside) => {
				await inside.execute(sql`set local deadlock_timeout = '20ms'`);
				await inside.execute(sql`update kept set value = value + 1 where id = ${first}`);
				await holdsOne();
				await inside.execute(sql`update kept set value = value + 1 where id = ${second}`);
			});
		await Promise.all([add(1, 2), add(2, 1)]);
		expect(await storedWords()).toEqual([
			[1, 2],
			[2, 2],
		]);
		// One of them was aborted, and on a bad day twice.
		expect(pauses[0]).toBe(10);
	});

	test("a conflict in a statement whose reply COMMIT did not wait for is retried like any other", async () => {
		let attempts = 0;
		const increment = async (inside: Db) => {
			attempts += 1;
			const [code, id] = [attempts < 3 ? "40P01" : "00000", attempts];
			const conflict = sql.raw(
				`do $$ begin if '${code}' <> '00000' then raise 'lost' using errcode = '${code}'; end if; end $$`,
			);
			for (const statement of [sql`insert into kept (id) values (${id})`, conflict])
				inside
					.execute(statement)
					.execute()
					.catch(() => undefined);
			await new Promise((resolve) => setImmediate(resolve));
		};
		await db.transaction((inside) => increment(inside as unknown as Db));
		expect(await storedWords()).toEqual([[3, 0]]);
		expect(pauses).toHaveLength(2);
	});

	test("a prepared statement whose table has changed meanwhile is planned again", async () => {
		const read = () => db.transaction((inside) => rawRows(inside, sql`select * from kept where id = ${1}`));
		await db.execute(sql`insert into kept (id) values (1)`);
		for (let round = 0; round < 6; round += 1) await read();
		await db.execute(sql`alter table kept add column later text default 'new'`);
		expect(await read()).toEqual([{ id: 1, value: 0, later: "new" }]);
	});

	test("at most eight times, after growing pauses with jitter", async () => {
		const conflict = Object.assign(new Error("conflict"), { code: "40001" });
		const waits: number[] = [];
		let attempts = 0;
		const pacing = { random: () => 0.5, sleep: async (milliseconds: number) => waits.push(milliseconds) };
		const work = () => {
			attempts += 1;
			return Promise.reject(new Error("wrapped", { cause: conflict }));
		};
		await expect(repeatOnConflict(work, pacing)).rejects.toMatchObject({ cause: conflict });
		expect(attempts).toBe(MAX_ATTEMPTS);
		expect(waits).toEqual([10, 20, 40, 80, 160, 250, 250]);
		await expect(repeatOnConflict(() => Promise.reject(new Outage(null)), pacing)).rejects.toBeInstanceOf(Outage);
		expect(waits).toHaveLength(7);
	});
});
