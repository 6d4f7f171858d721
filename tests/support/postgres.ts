import postgres from "postgres";
import { inject, onTestFinished } from "vitest";

/** An empty database on the real server. */
export interface FreshDatabase {
	readonly url: string;
	/** Removes it, with whoever is still connected. */
	drop(): Promise<void>;
}

async function onServer(statement: string): Promise<void> {
	const server = postgres(inject("postgresUrl"), { max: 1, onnotice: () => undefined });
	try {
		await server.unsafe(statement);
	} finally {
		await server.end();
	}
}

/** Creates an empty database of a name of its own; the caller drops it. */
export async function createDatabase(): Promise<FreshDatabase> {
	const name = `nlpq_${crypto.randomUUID().replaceAll("-", "")}`;
	await onServer(`create database ${name} template template0`);
	const url = new URL(inject("postgresUrl"));
	url.pathname = `/${name}`;
	return { url: url.toString(), drop: () => onServer(`drop database if exists ${name} with (force)`) };
}

/** Within a test: the address of an empty database that is dropped when the test ends. */
export async function freshDatabase(): Promise<string> {
	const database = await createDatabase();
	onTestFinished(database.drop);
	return database.url;
}
