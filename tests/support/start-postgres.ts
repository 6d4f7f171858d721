import type { TestProject } from "vitest/node";
import { startPostgres } from "./postgres-server.ts";

declare module "vitest" {
	interface ProvidedContext {
		/** Address of a real Postgres server on which tests may create databases. */
		postgresUrl: string;
	}
}

/** Once before all tests: the server of TEST_DATABASE_URL, or one of our own that is stopped at the end. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
	const given = process.env.TEST_DATABASE_URL;
	if (given) {
		project.provide("postgresUrl", given);
		return async () => undefined;
	}
	const server = await startPostgres();
	project.provide("postgresUrl", server.url);
	return () => server.stop();
}
