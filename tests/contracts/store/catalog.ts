import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import type { Db } from "../../../src/adapters/postgres/db.ts";
import { rawRows } from "../../../src/adapters/postgres/raw.ts";
import type { StoreFixture } from "./fixture.ts";

/** Columns by which rows are found when a row they refer to is deleted: `table.column`, for every foreign key. */
const REFERRING = sql`
	select conrelid as table_id, conkey as columns from pg_constraint
	where contype = 'f' and connamespace = current_schema()::regnamespace
	union
	-- Erasing and exporting a member look for these, with or without a foreign key.
	select attrelid, array[attnum] from pg_attribute
	join pg_class on pg_class.oid = attrelid and relkind = 'r' and relnamespace = current_schema()::regnamespace
	where attname = 'member_id'`;

/** Whether an index contains every row that has a value, and begins with the columns. */
const LEADING = sql`
	exists (
		select from pg_index
		where indrelid = referring.table_id and indisvalid
			and (string_to_array(indkey::text, ' ')::int2[])[1:cardinality(referring.columns)] @> referring.columns
			and (indpred is null or pg_get_expr(indpred, indrelid) = '(' || names.list || ' IS NOT NULL)')
	)`;

async function referring(db: Db): Promise<{ name: string; indexed: boolean }[]> {
	const rows = await rawRows(
		db,
		sql`
		select referring.table_id::regclass || '.' || names.list as name, ${LEADING} as indexed
		from (${REFERRING}) as referring
		cross join lateral (
			select string_agg(attname, ', ' order by attnum) as list from pg_attribute
			where attrelid = referring.table_id and attnum = any(referring.columns)
		) as names
		order by name`,
	);
	return rows.map((row) => ({ name: String(row.name), indexed: row.indexed === true }));
}

/** Rules for every table, checked in the real database's catalog. */
export function catalogContract(fixture: StoreFixture): void {
	test("every foreign key has an index that begins with it, so that no deletion reads a whole table", async () => {
		const found = await referring(fixture.db);
		expect(found.length).toBeGreaterThan(20);
		expect(found.filter(({ indexed }) => !indexed).map(({ name }) => name)).toEqual([]);
	});

	test("an index that begins with another column, or leaves rows out, does not count for a foreign key", async () => {
		const rolledBack = new Error("rolled back");
		const inTransaction = fixture.db.transaction(async (transaction) => {
			await transaction.execute(sql`drop index reveals_occurrence`);
			await transaction.execute(sql`create index on reveals (at, occurrence_id)`);
			await transaction.execute(sql`create index on reveals (occurrence_id) where workspace_id > 1`);
			const references = await referring(transaction);
			expect(references.filter(({ indexed }) => !indexed).map(({ name }) => name)).toEqual(["reveals.occurrence_id"]);
			throw rolledBack;
		});
		await expect(inTransaction).rejects.toBe(rolledBack);
	});
}
