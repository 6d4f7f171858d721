import type { TestProject } from "vitest/node";
import { oldestPrograms } from "./postgres-programs.ts";
import { startPostgres } from "./postgres-server.ts";
import { provideServer } from "./start-postgres.ts";

const CONNECTIONS = 200;

/** Before the tests on the oldest supported Postgres: starts a server of that version. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
	const programs = oldestPrograms();
	if (!programs) throw new Error("There is no Postgres 15 here.");
	const server = await startPostgres(CONNECTIONS, programs);
	await provideServer(project, server.url);
	return () => server.stop();
}
