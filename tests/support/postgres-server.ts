import { freePort } from "./ports.ts";
import { PostgresHome, SUPERUSER } from "./postgres-home.ts";
import { newestPrograms } from "./postgres-programs.ts";

/** A Postgres server that the tests start. */
export interface PostgresServer {
	/** The address of its maintenance database, as a superuser. */
	readonly url: string;
	/** Kills it with everything it is doing, as a power cut would. Settles when it is gone. */
	kill(): Promise<void>;
	/** Starts it again after a kill, on its files and its port. It recovers by itself. */
	restart(): Promise<void>;
	stop(): Promise<void>;
}

/**
 * Starts a server on loopback with its files in a new temporary folder.
 * @param connections the most connections that it accepts
 * @param programs of its version
 * @param settings further settings, as `name=value`
 */
export async function startPostgres(
	connections = 200,
	programs = newestPrograms(),
	settings: readonly string[] = [],
): Promise<PostgresServer> {
	const home = new PostgresHome(programs);
	home.initialise();
	const port = await freePort();
	const begin = () => home.begin(port, [`max_connections=${connections}`, ...settings]);
	let running = await begin();
	return {
		url: `postgres://${SUPERUSER}@127.0.0.1:${port}/postgres`,
		async kill() {
			running.server.kill("SIGKILL");
			// Its output closes when the last of its processes ends.
			await running.ended;
		},
		async restart() {
			running = await begin();
		},
		async stop() {
			// SIGINT is Postgres's fast shutdown: it ends sessions and stops in order.
			running.server.kill("SIGINT");
			await running.ended;
			home.remove();
		},
	};
}
