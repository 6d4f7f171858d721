import postgres from "postgres";
import { freePort } from "./ports.ts";
import { PostgresHome, type ServerProcess, SUPERUSER } from "./postgres-home.ts";
import { newestPrograms } from "./postgres-programs.ts";
import { SlowWire } from "./slow-wire.ts";

/** A primary and its synchronous standby. */
export interface PostgresPair {
	/** Names both servers, and demands the one that accepts writes. */
	readonly url: string;
	/** Only the standby. */
	readonly standbyUrl: string;
	/** Stops replication: commits from now on never reach the standby, and so are never acknowledged. */
	cutReplication(): void;
	/** Kills the primary with everything it is doing, as a machine that dies. Settles when it is gone. */
	killPrimary(): Promise<void>;
	/** Makes the standby accept writes, as Patroni does when the primary is gone. */
	promoteStandby(): void;
	stop(): Promise<void>;
}

const STANDBY = "standby";
const CONNECTIONS = "max_connections=60";
const DATABASE = "postgres";

const addressOf = (hosts: string) => `postgres://${SUPERUSER}@${hosts}/${DATABASE}`;

/** Settles when the primary's commits wait for the standby. */
async function untilSynchronous(url: string): Promise<void> {
	const client = postgres(url, { max: 1 });
	try {
		for (;;) {
			const rows = await client`select from pg_stat_replication where sync_state = 'sync' and state = 'streaming'`;
			if (rows.length > 0) return;
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
	} finally {
		await client.end();
	}
}

async function end({ server, ended }: ServerProcess, signal: NodeJS.Signals): Promise<void> {
	server.kill(signal);
	await ended;
}

/** Starts both. The standby copies the stopped primary's files, since npm's binaries lack pg_basebackup. */
export async function startPair(): Promise<PostgresPair> {
	const [home, standbyHome] = [new PostgresHome(newestPrograms()), new PostgresHome(newestPrograms())];
	const [port, standbyPort] = [await freePort(), await freePort()];
	home.initialise();
	await end(await home.begin(port, [CONNECTIONS]), "SIGINT");
	const wire = new SlowWire("127.0.0.1", port, 0);
	standbyHome.becomeStandbyOf(home, await wire.open(), STANDBY);
	const primary = await home.begin(port, [CONNECTIONS, `synchronous_standby_names=${STANDBY}`]);
	const standby = await standbyHome.begin(standbyPort, [CONNECTIONS]);
	const hosts = [`127.0.0.1:${port}`, `127.0.0.1:${standbyPort}`];
	await untilSynchronous(addressOf(`127.0.0.1:${port}`));
	return {
		url: `${addressOf(hosts.join(","))}?target_session_attrs=read-write`,
		standbyUrl: addressOf(`127.0.0.1:${standbyPort}`),
		cutReplication: () => wire.fallSilent(true),
		killPrimary: () => end(primary, "SIGKILL"),
		promoteStandby: () => standbyHome.run("pg_ctl", "promote", "-w", "-D", standbyHome.data),
		stop: async () => {
			primary.server.kill("SIGKILL");
			await end(standby, "SIGINT");
			await primary.ended;
			wire.close();
			for (const each of [home, standbyHome]) each.remove();
		},
	};
}
