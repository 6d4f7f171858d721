import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { installPrograms, newestPrograms, type PostgresPrograms } from "./postgres-programs.ts";

/** The superuser of the tests' servers. */
export const SUPERUSER = "nlpq";
/** When the tests run as root, which Postgres refuses, the server runs as the first of these users that exists. */
const UNPRIVILEGED = ["postgres", "nobody"];
const READY = "database system is ready to accept";

/** A server's process; `ended` settles when it and its children are gone. */
export interface ServerProcess {
	readonly server: ChildProcess;
	readonly ended: Promise<void>;
}

/** Uid and gid to drop to; empty for an ordinary user. */
export function unprivileged(): { uid?: number; gid?: number } {
	if (process.getuid?.() !== 0) return {};
	for (const name of UNPRIVILEGED) {
		const ids = ["-u", "-g"].map((which) => spawnSync("id", [which, name], { encoding: "utf8" }));
		const [uid, gid] = ids.map((result) => (result.status === 0 ? Number(result.stdout) : Number.NaN));
		if (uid && gid) return { uid, gid };
	}
	throw new Error("Postgres does not run as root, and there is neither a user postgres nor nobody to run it as.");
}

/** Settles when the server accepts connections. If it ends first, the error has its output. */
function untilReady(server: ChildProcess): Promise<void> {
	return new Promise((resolve, reject) => {
		let output = "";
		server.stderr?.on("data", (chunk: Buffer) => {
			output = `${output}${chunk.toString("utf8")}`.slice(-4000);
			if (output.includes(READY)) resolve();
		});
		server.once("error", reject);
		server.once("exit", (code) => reject(new Error(`Postgres ended with ${code} before it was ready:\n${output}`)));
	});
}

/** Environment variable with the folder of a prepared home. Other processes copy from it, which saves a second each. */
const SHARED = "NLPQ_TEST_POSTGRES_HOME";
const PROGRAMS = "programs";

/** The prepared home, if it has the same version and still exists. */
function sharedHome({ folder }: PostgresPrograms): string | null {
	const [shared, of] = (process.env[SHARED] ?? "").split(delimiter);
	return shared && of === folder && existsSync(shared) ? shared : null;
}

/** Prepares the newest version for all tests of a run: their processes inherit this one's environment. */
export function shareHome(): PostgresHome {
	const programs = newestPrograms();
	const home = new PostgresHome(programs);
	home.initialise();
	process.env[SHARED] = [home.folder, programs.folder].join(delimiter);
	return home;
}

/** A new temporary folder with the programs and files of one server. */
export class PostgresHome {
	readonly folder = mkdtempSync(join(tmpdir(), "nlpq-postgres-"));
	readonly data = join(this.folder, "data");
	readonly #shared: string | null;
	readonly #binaries: string;
	readonly #options: { uid?: number; gid?: number; cwd: string; env: Record<string, string> };

	constructor(programs: PostgresPrograms) {
		const user = unprivileged();
		this.#shared = sharedHome(programs);
		const installed = this.#shared === null ? null : join(this.#shared, PROGRAMS, "bin");
		this.#binaries =
			installed !== null && existsSync(installed) ? installed : installPrograms(programs, join(this.folder, PROGRAMS));
		mkdirSync(this.data, { mode: 0o700 });
		if (user.uid !== undefined && user.gid !== undefined)
			for (const place of [this.data, this.folder]) chownSync(place, user.uid, user.gid);
		const env = { PATH: process.env.PATH ?? "", LC_ALL: "C", HOME: this.folder };
		this.#options = { ...user, cwd: this.folder, env };
	}

	/** Gives a folder and its contents to the server's user. */
	own(folder: string): void {
		const { uid, gid } = this.#options;
		if (uid === undefined || gid === undefined) return;
		for (const name of ["", ...readdirSync(folder)]) chownSync(join(folder, name), uid, gid);
	}

	/** Creates the files of a new server. */
	initialise(): void {
		const args = [`--pgdata=${this.data}`, `--username=${SUPERUSER}`, "--auth=trust", "--encoding=UTF8", "--no-sync"];
		if (this.#shared) this.#execute("cp", "-a", `${join(this.#shared, "data")}/.`, this.data);
		else this.run("initdb", ...args);
	}

	/** Turns this server into the standby of a stopped one, by copying its files. */
	becomeStandbyOf(stopped: PostgresHome, port: number, name: string): void {
		rmSync(this.data, { recursive: true });
		this.#execute("cp", "-a", stopped.data, this.data);
		const primary = `host=127.0.0.1 port=${port} user=${SUPERUSER} application_name=${name}`;
		writeFileSync(join(this.data, "standby.signal"), "");
		writeFileSync(join(this.data, "postgresql.auto.conf"), `primary_conninfo = '${primary}'\n`);
	}

	/** Runs one of the programs to its end, as the server's user. */
	run(program: string, ...given: readonly string[]): void {
		this.#execute(join(this.#binaries, program), ...given);
	}

	#execute(program: string, ...given: readonly string[]): void {
		execFileSync(program, given, { ...this.#options, stdio: "pipe" });
	}

	/** Starts the server on its files. Settles when it accepts connections. */
	async begin(port: number, settings: readonly string[]): Promise<ServerProcess> {
		const always = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off"];
		const args = [...always, ...settings].flatMap((setting) => ["-c", setting]);
		const server = spawn(join(this.#binaries, "postgres"), ["-D", this.data, "-p", String(port), ...args], {
			...this.#options,
			stdio: ["ignore", "ignore", "pipe"],
		});
		await untilReady(server);
		const ended = new Promise<void>((resolve) => server.once("close", () => resolve()));
		return { server, ended };
	}

	remove(): void {
		rmSync(this.folder, { recursive: true, force: true });
	}
}
