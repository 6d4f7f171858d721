import {
	and,
	asc,
	eq,
	getTableColumns,
	getTableName,
	isNotNull,
	isNull,
	lt,
	ne,
	notInArray,
	type SQL,
	sql,
} from "drizzle-orm";
import { getTableConfig, type PgColumn, type PgTable } from "drizzle-orm/pg-core";
import * as schema from "../../../../drizzle/schema.ts";
import type { CleanupStore, Items } from "../../../core/ports/cleanup.ts";
import type { Db } from "../db.ts";
import { idsText } from "../raw.ts";
import { allTables } from "./tables.ts";

const { deliveries, workspaces } = schema;

/** Deletes the first rows by an indexed column. Without an order the database might read the whole table. */
async function deleteFirst(db: Db, table: PgTable, column: PgColumn, condition: SQL | undefined, limit: number) {
	const first = db
		.select({ id: sql`ctid` })
		.from(table)
		.where(condition)
		.orderBy(asc(column))
		.limit(limit)
		// Skip rows that another process is deleting.
		.for("update", { skipLocked: true });
	const rows = await db.delete(table).where(sql`ctid = any(array(${first}))`).returning({ one: sql<number>`1` });
	return rows.length;
}

/**
 * The references of this many rows are deleted at a time. It is small because, until a vacuum, the index still leads to
 * deleted rows, and each step has to read past them.
 */
const ROWS_PER_STATEMENT = 20;

interface Referring {
	readonly table: PgTable;
	/** The column with the foreign key. */
	readonly column: PgColumn;
}

let graph: ReadonlyMap<string, readonly Referring[]> | null = null;

/** All foreign keys, by the table they refer to. Read once, because that takes a hundred times as long as a step. */
function readGraph(): ReadonlyMap<string, readonly Referring[]> {
	const found = new Map<string, Referring[]>();
	for (const { table } of allTables())
		for (const key of getTableConfig(table).foreignKeys) {
			const { columns, foreignTable } = key.reference();
			const [column] = columns;
			const name = getTableName(foreignTable);
			if (column) found.set(name, [...(found.get(name) ?? []), { table, column }]);
		}
	const isReferredTo = ({ table }: Referring) => Number(found.has(getTableName(table)));
	for (const referring of found.values()) referring.sort((a, b) => isReferredTo(a) - isReferredTo(b));
	return found;
}

/** The foreign keys that refer to a table, leaves first. */
function referringTo(table: PgTable): readonly Referring[] {
	graph ??= readGraph();
	return graph.get(getTableName(table)) ?? [];
}

/** The key by which other tables refer to a table's rows. */
function identityOf(table: PgTable): PgColumn {
	const identity = Object.values(getTableColumns(table)).find(({ name }) => name === "id");
	if (!identity) throw new Error(`rows of ${getTableConfig(table).name} have no id to refer to`);
	return identity;
}

const isOneOf = (column: PgColumn, ids: readonly number[]) => sql`${column} = any(${idsText(ids)}::bigint[])`;

/** Deletes at most `limit` rows that refer to the given rows; rows that refer to those go first. */
async function deleteReferring(db: Db, table: PgTable, ids: readonly number[], limit: number): Promise<number> {
	// A table that refers to itself would recurse for ever.
	if (ids.length === 0) return 0;
	let remaining = limit;
	for (const referring of referringTo(table)) remaining -= await deleteOne(db, referring, ids, remaining);
	return limit - remaining;
}

/** The same for one foreign key. */
async function deleteOne(db: Db, { table, column }: Referring, ids: readonly number[], limit: number): Promise<number> {
	const refers = isOneOf(column, ids);
	if (limit === 0) return 0;
	if (referringTo(table).length === 0) return deleteFirst(db, table, column, refers, limit);
	const identity = identityOf(table);
	let remaining = limit;
	for (let before = remaining + 1; remaining > 0 && remaining < before; ) {
		before = remaining;
		const most = Math.min(remaining, ROWS_PER_STATEMENT);
		const some = await db.select({ id: identity }).from(table).where(refers).orderBy(asc(column)).limit(most);
		const found = some.map(({ id }) => Number(id));
		remaining -= await deleteReferring(db, table, found, remaining);
		// If the limit was not reached, nothing refers to these rows any more.
		if (remaining > 0) remaining -= await deleteFirst(db, table, identity, isOneOf(identity, found), remaining);
	}
	return limit - remaining;
}

const EVERY_ITEM: Items = { failed: [], begin: () => undefined };
const isNoneOf = (ids: readonly number[]) => (ids.length > 0 ? notInArray(workspaces.id, [...ids]) : undefined);

/** Deletes expired data in bounded steps. */
export class PostgresCleanup implements CleanupStore {
	readonly #db: Db;

	constructor(db: Db) {
		this.#db = db;
	}

	deliveries(before: Date, limit: number): Promise<number> {
		// Worded like the partial index, which has only finished deliveries.
		const done = sql`${deliveries.state} not in ('pending', 'sending') and ${deliveries.kind} <> 'daily'`;
		const { expiresAt, kind } = deliveries;
		// A greeting's key is kept as long as its workspace, so that no workspace is greeted twice.
		const condition = and(done, ne(kind, "welcome"), lt(expiresAt, before));
		return deleteFirst(this.#db, deliveries, expiresAt, condition, limit);
	}

	async removedWorkspace(before: Date, without: readonly number[] = []): Promise<number | null> {
		const [row] = await this.#db
			.select({ id: workspaces.id })
			.from(workspaces)
			.where(and(lt(workspaces.removedAt, before), isNull(workspaces.deletedAt), isNoneOf(without)))
			.orderBy(asc(workspaces.removedAt))
			.limit(1);
		return row?.id ?? null;
	}

	async beginDeletion(workspaceId: number, at: Date): Promise<void> {
		await this.#db
			.update(workspaces)
			.set({ deletedAt: at, externalId: `deleted ${workspaceId}`, name: "", lastAdminId: null })
			.where(eq(workspaces.id, workspaceId));
	}

	async workspaceRows(limit: number, items: Items = EVERY_ITEM): Promise<number> {
		const [gone] = await this.#db
			.select({ id: workspaces.id })
			.from(workspaces)
			.where(and(isNotNull(workspaces.deletedAt), isNoneOf(items.failed)))
			.orderBy(asc(workspaces.deletedAt))
			.limit(1)
			// Another process is working on it: leave it alone.
			.for("no key update", { skipLocked: true });
		if (!gone) return 0;
		items.begin(gone.id);
		const deleted = await deleteReferring(this.#db, workspaces, [gone.id], limit);
		if (deleted === limit) return deleted;
		await this.#db.delete(workspaces).where(eq(workspaces.id, gone.id));
		return deleted + 1;
	}
}
