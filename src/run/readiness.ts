import { type HealthServer, type Readiness, serveHealth } from "../adapters/health.ts";
import { migrationStatus } from "../adapters/postgres/migrations/migrate.ts";
import { explained } from "./failure.ts";
import { migrationsFolder } from "./open.ts";
import type { WiredProcess } from "./wired-process.ts";

/** The named things that the process needs in order to serve. */
async function readiness({ database, adapters }: WiredProcess): Promise<Readiness[]> {
	const connections = adapters.map((adapter) => ({
		name: adapter.platform.name,
		ready: adapter.healthy(),
		detail: adapter.healthy() ? "connected" : "not connected",
	}));
	try {
		const { known, missing } = await migrationStatus(database.db, migrationsFolder(), database.schema);
		return [
			{ name: "database", ready: true, detail: database.kind },
			{ name: "migrations", ready: missing === 0, detail: `${known - missing} of ${known} applied` },
			...connections,
		];
	} catch (error) {
		const detail = explained(error)?.message ?? "cannot be asked";
		return [{ name: "database", ready: false, detail }, ...connections];
	}
}

/** Serves health and metrics if the settings name a port. */
export async function serveReadiness(wired: WiredProcess): Promise<HealthServer | null> {
	const { NLPQ_HEALTH_PORT, NLPQ_HEALTH_HOST } = wired.config;
	if (NLPQ_HEALTH_PORT === undefined) return null;
	return serveHealth(NLPQ_HEALTH_PORT, NLPQ_HEALTH_HOST, wired.metrics, () => readiness(wired));
}
