import postgres from "postgres";
import type { TestProject } from "vitest/node";
import { openServer } from "../../src/adapters/postgres/open.ts";
import { createStore } from "../../src/adapters/postgres/store.ts";
import { BANK_KNOWN_SINCE, realBank } from "./bank.ts";
import { MIGRATIONS } from "./made-once.ts";
import { shareHome } from "./postgres-home.ts";
import { newestPrograms } from "./postgres-programs.ts";
import { startPostgres } from "./postgres-server.ts";

declare module "vitest" {
	interface ProvidedContext {
		/** The address of a real Postgres server on which tests may create databases. */
		postgresUrl: string;
		/** An empty, migrated database to copy. The names of all databases of this run begin with its name. */
		postgresTemplate: string;
		/** The same with the project's bank. */
		postgresBankTemplate: string;
	}
}

const CONNECTIONS = 200;
/** Nobody kills this server: its files need not survive it. */
const WITHOUT_RECOVERY = ["full_page_writes=off", "wal_level=minimal", "max_wal_senders=0"];

async function onServer<Result>(url: string, work: (server: postgres.Sql) => Promise<Result>): Promise<Result> {
	const server = postgres(url, { max: 1, onnotice: () => undefined });
	try {
		return await work(server);
	} finally {
		await server.end();
	}
}

async function makeTemplate(url: string): Promise<string> {
	const name = `nlpq_${crypto.randomUUID().slice(0, 8)}`;
	await onServer(url, (server) => server.unsafe(`create database ${name} template template0`));
	const address = new URL(url);
	address.pathname = `/${name}`;
	const database = await openServer(address.toString(), MIGRATIONS, 2);
	await database.close();
	return name;
}

async function addBank(url: string, template: string): Promise<string> {
	const name = `${template}_bank`;
	await onServer(url, (server) => server.unsafe(`create database ${name} template ${template}`));
	const address = new URL(url);
	address.pathname = `/${name}`;
	const { db, close } = await openServer(address.toString(), null, 2);
	const bank = await realBank();
	await createStore(db).transaction((tx) => tx.bank.synchronise(bank.all(), BANK_KNOWN_SINCE));
	await close();
	return name;
}

/** Removes what this run leaves on a server that outlives it. */
function dropAll(url: string, template: string): Promise<void> {
	return onServer(url, async (server) => {
		const rows = await server`select datname as name from pg_database where datname like ${`${template}%`}`;
		for (const { name } of rows) await server.unsafe(`drop database if exists "${name}" with (force)`);
	});
}

/** Provides the tests of a project with a server and a database to copy. */
export async function provideServer(project: TestProject, url: string): Promise<string> {
	const template = await makeTemplate(url);
	project.provide("postgresUrl", url);
	project.provide("postgresTemplate", template);
	project.provide("postgresBankTemplate", await addBank(url, template));
	return template;
}

/**
 * Before all tests of all projects: uses the server of TEST_DATABASE_URL, or starts one that is stopped at the end.
 */
export async function setup({ vitest }: TestProject): Promise<(() => Promise<void>) | undefined> {
	// All other projects inherit what the root project provides.
	const project = vitest.getRootProject();
	if (project.getProvidedContext().postgresUrl !== undefined) return undefined;
	const given = process.env.TEST_DATABASE_URL;
	const home = given ? null : shareHome();
	const server = given ? null : await startPostgres(CONNECTIONS, newestPrograms(), WITHOUT_RECOVERY);
	const url = server?.url ?? given ?? "";
	const template = await provideServer(project, url);
	return async () => {
		if (server) await server.stop();
		else await dropAll(url, template);
		home?.remove();
	};
}
