import { freePort } from "./ports.ts";
import { PostgresHome, SUPERUSER } from "./postgres-home.ts";
import { newestPrograms } from "./postgres-programs.ts";

/** A Postgres server of the tests' own. */
export interface PostgresServer {
	/** Address of its maintenance database, as a superuser. */
	readonly url: string;
	/** Kills it with all that it was doing, as a power cut would; settles when it is gone. */
	kill(): Promise<void>;
	/** Starts it again after a kill, on its files and its port; it recovers by itself. */
	restart(): Promise<void>;
	stop(): Promise<void>;
}

/**
 * Starts a server on loopback with its files in a new folder under the system's temporary one.
 * @param connections most connections that it takes
 * @param programs of its version
 * @param settings more of the server's, as `name=value`
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
			// Its output closes with the last of its processes.
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
