import { mkdtempSync, rmSync, statSync, symlinkSync } from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { codeOf } from "../../network-errors.ts";

/** The owner's socket, if the file system has sockets. The kernel closes it when the process ends. */
export const LOCK_SOCKET = "in-use.sock";
/** Longest socket path that every system accepts, in bytes. */
const MAX_SOCKET_PATH_LENGTH = 100;

/**
 * Runs work with a short path to the folder's socket. The socket is in the folder itself, so that processes with
 * different temporary folders meet; a symbolic link keeps the path short.
 */
async function withSocketPath<T>(folder: string, work: (path: string) => Promise<T>): Promise<T> {
	const direct = join(folder, LOCK_SOCKET);
	if (Buffer.byteLength(direct) <= MAX_SOCKET_PATH_LENGTH) return work(direct);
	const base = [tmpdir(), "/tmp"].find((each) => Buffer.byteLength(each) < MAX_SOCKET_PATH_LENGTH / 2) ?? "/tmp";
	const made = mkdtempSync(join(base, "nlpq-"));
	try {
		symlinkSync(folder, join(made, "d"));
		return await work(join(made, "d", LOCK_SOCKET));
	} finally {
		rmSync(made, { recursive: true, force: true });
	}
}

/** Null if the file system has no sockets: then only the heartbeats count. */
export function listenInside(folder: string): Promise<Server | null> {
	return withSocketPath(folder, (path) => {
		rmSync(path, { force: true });
		return new Promise<Server | null>((resolve) => {
			const server = createServer((socket) => socket.destroy());
			// It stays: an error later, such as too many open files, would end the process.
			server.on("error", () => resolve(null));
			server.listen(path, () => {
				server.unref();
				resolve(server);
			});
		});
	}).catch(() => null);
}

/** Whether a process of this machine listens on the folder's socket; null if there is no socket. */
export function askSocket(folder: string): Promise<boolean | null> {
	if (!statSync(join(folder, LOCK_SOCKET), { throwIfNoEntry: false })) return Promise.resolve(null);
	return withSocketPath(
		folder,
		(path) =>
			new Promise<boolean | null>((resolve) => {
				const socket = connect(path);
				socket.once("connect", () => {
					socket.destroy();
					resolve(true);
				});
				socket.once("error", (error) => resolve(codeOf(error) === "ECONNREFUSED" ? false : null));
			}),
	).catch(() => null);
}

/** Stops listening. */
export const closeSocket = (server: Server): Promise<void> =>
	new Promise((resolve) => void server.close(() => resolve()));
