import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./ports.ts";
import { unprivileged } from "./postgres-home.ts";

/** Where Debian and others install it. */
const PLACES = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer", "/opt/homebrew/bin/pgbouncer"];

export const pgbouncerProgram = (): string | undefined => PLACES.find((place) => existsSync(place));

/** A real PgBouncer in front of a server, on loopback. */
export interface PgBouncer {
	/** The server's address through PgBouncer. */
	readonly url: string;
	/** Kills it and starts it again. */
	restart(): Promise<void>;
	stop(): Promise<void>;
}

/** Settles when somebody listens on a port. */
async function untilListening(port: number): Promise<void> {
	for (;;) {
		const isThere = await new Promise<boolean>((resolve) => {
			const socket = createConnection(port, "127.0.0.1");
			socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
			socket.once("connect", () => socket.destroy());
		});
		if (isThere) return;
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
}

/**
 * Starts PgBouncer with its default settings, except for what it needs.
 * @param to address of the server behind it
 */
export async function startPgBouncer(to: string, mode: "transaction" | "session" | "statement"): Promise<PgBouncer> {
	const program = pgbouncerProgram();
	if (!program) throw new Error("PgBouncer is not installed");
	const server = new URL(to);
	const [folder, port, user] = [mkdtempSync(join(tmpdir(), "nlpq-pgbouncer-")), await freePort(), unprivileged()];
	const settings = join(folder, "pgbouncer.ini");
	writeFileSync(join(folder, "users.txt"), `"${server.username}" ""\n`);
	writeFileSync(
		settings,
		`[databases]
* = host=${server.hostname} port=${server.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${join(folder, "users.txt")}
pool_mode = ${mode}
`,
	);
	if (user.uid !== undefined && user.gid !== undefined) spawnSync("chown", ["-R", `${user.uid}:${user.gid}`, folder]);
	const begin = async () => {
		const started = spawn(program, [settings], { ...user, cwd: folder, stdio: "ignore" });
		await untilListening(port);
		const ended = new Promise<void>((resolve) => started.once("exit", () => resolve()));
		return { started, ended };
	};
	let running = await begin();
	const kill = async () => {
		running.started.kill("SIGKILL");
		await running.ended;
	};
	const url = new URL(to);
	url.port = String(port);
	return {
		url: url.toString(),
		restart: async () => {
			await kill();
			running = await begin();
		},
		stop: async () => {
			await kill();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}
