import type { HealthServer } from "../adapters/health.ts";
import { withDeadline } from "../chat/deadlines.ts";
import { SECOND } from "../core/durations.ts";
import { lastBackupWords } from "./daily-backup.ts";
import { serveReadiness } from "./readiness.ts";
import { beginRounds } from "./rounds.ts";
import { type ProcessParts, type WiredProcess, wireProcess } from "./wired-process.ts";

/** Longest time for an orderly stop, in milliseconds. */
const STOP_DEADLINE = 10 * SECOND;

/** Settles when the process is asked to stop. */
function stopSignal(): Promise<void> {
	return new Promise((resolve) => {
		process.once("SIGTERM", resolve);
		process.once("SIGINT", resolve);
	});
}

function sayReady({ config, database, adapters, clock, log, worker }: WiredProcess, health: HealthServer | null): void {
	const backup = database.kind === "embedded" ? lastBackupWords(config.NLPQ_DATA_DIR, clock.now()) : null;
	const platforms = adapters.map(({ platform }) => platform.name);
	log.info({ platforms, database: database.kind, worker, health: health?.port ?? null, backup }, "ready");
}

/** Settles when the process is asked to stop, or when no platform can serve any more. */
async function served({ starter }: WiredProcess, asked: Promise<void>): Promise<void> {
	const hopeless = starter.exhausted.then(() => {
		process.exitCode = 1;
	});
	await Promise.race([asked, hopeless]);
}

/**
 * Runs the study bot on every configured chat platform in one process. Settles after an orderly stop.
 * @throws UserError when the only platform refuses to start
 */
export async function runPlatforms(parts: ProcessParts): Promise<void> {
	const stopRequest = stopSignal();
	const wired = await wireProcess(parts);
	const { adapters, daily, log, starter, watch } = wired;
	// Served before the platforms connect, so that monitoring sees one that is down at the start.
	const health = await serveReadiness(wired);
	watch.start();
	let stopRounds: () => Promise<void> = async () => undefined;
	try {
		await Promise.race([starter.start(adapters), stopRequest]);
		sayReady(wired, health);
		stopRounds = beginRounds(wired);
		await served(wired, stopRequest);
		log.info("stopping");
	} finally {
		watch.stop();
		// An adapter that is still starting must finish before it can stop.
		const closing = starter.stop().then(() => Promise.all(adapters.map((adapter) => adapter.stop())));
		await withDeadline(Promise.all([stopRounds(), daily.stop(), health?.stop(), closing]), STOP_DEADLINE, undefined);
	}
	log.info("stopped");
}
