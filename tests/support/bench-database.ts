import { randomUUID } from "node:crypto";
import { join } from "node:path";
import postgres from "postgres";
import { projectRoot } from "../../src/adapters/files/root.ts";
import { type OpenDatabase, openServer } from "../../src/adapters/postgres/open.ts";
import { startPostgres } from "./postgres-server.ts";

/** A migrated database on a real server, for one bench. */
export interface BenchDatabase {
	readonly url: string;
	readonly database: OpenDatabase;
	/** Drops it, and stops the server if it was started for it. */
	drop(): Promise<void>;
}

/** Uses the server at `url` or of TEST_DATABASE_URL; otherwise starts one that stops with the database. */
export async function openBenchDatabase(url = process.env.TEST_DATABASE_URL, connections = 10): Promise<BenchDatabase> {
	const own = url ? null : await startPostgres();
	const server = new URL(own?.url ?? url ?? "");
	const name = `nlpq_bench_${randomUUID().replaceAll("-", "")}`;
	const control = postgres(server.toString(), { max: 1, onnotice: () => undefined });
	await control.unsafe(`create database ${name} template template0`);
	server.pathname = `/${name}`;
	const database = await openServer(server.toString(), join(projectRoot(), "migrations"), connections);
	return {
		url: server.toString(),
		database,
		async drop() {
			await database.close();
			await control.unsafe(`drop database if exists ${name} with (force)`);
			await control.end();
			await own?.stop();
		},
	};
}
