import { createHash } from "node:crypto";
import { realpathSync, rmSync, statSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { UserError } from "../../core/errors.ts";

/** Longest path of a Unix socket that every system takes. */
const LONGEST_SOCKET_PATH = 100;
/** After taking over a dead holder's socket, how long a rival may still need to replace ours. */
const TAKEOVER_PAUSE = 150;

/** A folder held for this process alone, until released or until the process ends, however it ends. */
export interface FolderLock {
	release(): Promise<void>;
}

function socketPath(folder: string): string {
	const name = createHash("sha256").update(realpathSync(folder)).digest("hex").slice(0, 24);
	if (process.platform === "win32") return `\\\\.\\pipe\\nlpq-${name}`;
	const inside = join(realpathSync(folder), "in-use.sock");
	return inside.length <= LONGEST_SOCKET_PATH ? inside : join(tmpdir(), `nlpq-${name}.sock`);
}

function listen(path: string): Promise<Server> {
	return new Promise((resolve, reject) => {
		const server = createServer((socket) => socket.destroy());
		server.once("error", reject);
		server.listen(path, () => {
			server.unref();
			resolve(server);
		});
	});
}

/** Whether a living process listens on the socket. */
function isAlive(path: string): Promise<boolean> {
	return new Promise((resolve) => {
		const socket = connect(path);
		socket.once("connect", () => {
			socket.destroy();
			resolve(true);
		});
		socket.once("error", () => resolve(false));
	});
}

const codeOf = (error: unknown): unknown => (error instanceof Error && "code" in error ? error.code : undefined);

const inUse = (folder: string) =>
	new UserError(
		`The data folder ${folder} is in use by another nlpq process.`,
		"Stop that process, or give this one a folder of its own with NLPQ_DATA_DIR. Several processes at once need a Postgres server: set DATABASE_URL.",
	);

/** Takes the place of a holder that died. Of several that try at once, the one whose socket stays in place has it. */
async function takeOver(path: string, folder: string): Promise<Server> {
	rmSync(path, { force: true });
	const server = await listen(path).catch((error: unknown) => {
		throw codeOf(error) === "EADDRINUSE" ? inUse(folder) : error;
	});
	const own = statSync(path).ino;
	await wait(TAKEOVER_PAUSE);
	const present = statSync(path, { throwIfNoEntry: false })?.ino;
	if (present === own) return server;
	server.close();
	throw inUse(folder);
}

/**
 * Takes a folder for this process alone. A socket that a process listens on ends with the process, so the
 * lock of one that was killed never has to be removed by hand.
 * @throws UserError when another process holds it
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
	const path = socketPath(folder);
	let server: Server;
	try {
		server = await listen(path);
	} catch (error) {
		if (codeOf(error) !== "EADDRINUSE") throw error;
		if (await isAlive(path)) throw inUse(folder);
		server = await takeOver(path, folder);
	}
	return { release: () => new Promise((resolve) => server.close(() => resolve())) };
}
