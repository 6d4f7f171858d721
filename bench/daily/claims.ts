import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "drizzle-orm";
import { drizzle } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import * as schema from "../../drizzle/schema.ts";
import type { Db } from "../../src/adapters/postgres/db.ts";
import { createStore } from "../../src/adapters/postgres/store.ts";
import type { Delivery } from "../../src/core/model.ts";
import type { Claim } from "../../src/core/ports/deliveries.ts";
import type { Store } from "../../src/core/ports/store.ts";
import { openBenchDatabase } from "../../tests/support/bench-database.ts";
import { runPgbench, whyPgbenchIsMissing } from "../support/pgbench.ts";

const NOW = new Date("2027-03-22T09:00:00Z");
const WORKSPACES = 1000;
const SENT = { state: "sent" as const, messageId: "1", fault: null };
const CLAIM = { platform: "local", worker: "bench", now: NOW, leaseSeconds: 30, without: [] };

export interface ClaimFigures {
	/** Deliveries claimed and recorded as sent per second, one at a time on each connection. */
	readonly oneByOne: number;
	/** The same statements sent by pgbench; null if it is not installed. */
	readonly pgbench: number | null;
	/** Deliveries claimed per second, several in each claim, as the program does. */
	readonly inBatches: number;
}

/** Fills the outbox with `count` waiting deliveries, about ten per workspace, and nothing else. */
async function fill(db: Db, count: number): Promise<void> {
	await db.execute(sql`truncate deliveries`);
	await db.execute(sql`
		insert into deliveries (workspace_id, platform, kind, key, payload, state, fairness_rank, due_at, expires_at, next_try_at)
		select workspaces.id, 'local', 'alert', 'bench:' || workspaces.id || ':' || rank, '{}', 'pending', rank,
			${NOW.toISOString()}, ${NOW.toISOString()}::timestamptz + interval '1 day', ${NOW.toISOString()}
		from workspaces, generate_series(0, ${Math.ceil(count / WORKSPACES) - 1}::int) as rank`);
	await db.execute(sql`vacuum analyze deliveries`);
}

/**
 * Repeats some work on all connections until it has nothing left to do.
 * @param work returns how many items it did
 * @returns items per second
 */
async function perSecond(connections: number, work: () => Promise<number>): Promise<number> {
	const startedAt = performance.now();
	const totals = await Promise.all(
		Array.from({ length: connections }, async () => {
			let total = 0;
			for (let done = await work(); done > 0; done = await work()) total += done;
			return total;
		}),
	);
	return (totals.reduce((sum, total) => sum + total, 0) * 1000) / (performance.now() - startedAt);
}

/** @returns 0 when nothing is left to claim, else 1 */
async function deliverOne({ deliveries }: Store): Promise<number> {
	const [claimed] = await deliveries.claim({ ...CLAIM, limit: 1 });
	if (!claimed) return 0;
	if (!(await deliveries.change(claimed, SENT))) throw new Error("another worker took over the claim");
	return 1;
}

interface Statement {
	readonly text: string;
	readonly values: readonly unknown[];
}

/** Claims a delivery and records it as sent. @returns the statements that the program sent for this */
async function captureStatements(url: string): Promise<{ claim: Statement; change: Statement; claimed: Delivery }> {
	const client = postgres(url, { max: 1, onnotice: () => undefined });
	const statements: Statement[] = [];
	const logger = { logQuery: (text: string, values: unknown[]) => void statements.push({ text, values }) };
	try {
		const { deliveries } = createStore(drizzle(client, { schema, logger }));
		const request: Claim = { ...CLAIM, limit: 1 };
		const [claimed] = await deliveries.claim(request);
		if (!claimed) throw new Error("there was nothing to claim");
		await deliveries.change(claimed, SENT);
		const [claim, change] = statements;
		if (!claim || !change || statements.length !== 2) throw new Error("a claim is no longer two statements");
		return { claim, change, claimed };
	} finally {
		await client.end();
	}
}

/** The statement with its values as literals, except those that pgbench reads from the claim. */
function inlineValues({ text, values }: Statement, claimed: Delivery | null): string {
	const filled = text.replaceAll(/\$(\d+)/g, (_, index) => {
		const value = values[Number(index) - 1];
		if (claimed && value === claimed.id) return ":id";
		if (claimed && value === claimed.fence) return ":fence";
		if (value === null || typeof value === "number") return String(value);
		return `'${String(value).replaceAll("'", "''")}'`;
	});
	return filled.replaceAll(/\s+/g, " ");
}

async function measurePgbench(url: string, connections: number, count: number): Promise<number> {
	const { claim, change, claimed } = await captureStatements(url);
	const folder = mkdtempSync(join(tmpdir(), "nlpq-pgbench-"));
	try {
		const file = join(folder, "claim.sql");
		writeFileSync(file, `${inlineValues(claim, null)} \\gset\n${inlineValues(change, claimed)};\n`);
		const perConnection = Math.floor((count - 1) / connections);
		const flags = [
			"-n",
			"-M",
			"prepared",
			"-c",
			`${connections}`,
			"-j",
			"2",
			"-t",
			`${perConnection}`,
			"-f",
			file,
			url,
		];
		return await runPgbench(flags, perConnection * connections);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** How fast the outbox hands out work: by the program, and by pgbench with the same statements on the same server. */
export async function measureClaims(
	server: string,
	{ count, connections, batchSize }: { count: number; connections: number; batchSize: number },
): Promise<ClaimFigures> {
	const { url, database, drop } = await openBenchDatabase(server, connections * 4);
	try {
		const store = createStore(database.db);
		for (let number = 0; number < WORKSPACES; number += 1)
			await store.people.ensureWorkspace("local", `workspace-${number}`, `Workspace ${number}`, NOW);
		const measure = async (work: () => Promise<number>) => {
			await fill(database.db, count);
			return perSecond(connections, work);
		};
		// The first run warms up.
		await measure(() => deliverOne(store));
		const program = await measure(() => deliverOne(store));
		await fill(database.db, count);
		const pgbench = whyPgbenchIsMissing() === null ? await measurePgbench(url, connections, count) : null;
		const inBatches = await measure(async () => (await store.deliveries.claim({ ...CLAIM, limit: batchSize })).length);
		return { oneByOne: program, pgbench, inBatches };
	} finally {
		await drop();
	}
}
