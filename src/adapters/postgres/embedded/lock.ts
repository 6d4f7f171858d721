import {
	linkSync,
	mkdtempSync,
	readFileSync,
	realpathSync,
	renameSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { connect, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { UserError } from "../../../core/errors.ts";
import { codeOf } from "../../network-errors.ts";
import { isSameKernel, isSamePlace, type SystemProbe, systemProbe } from "../../process-identity.ts";
import { type Owner, readOwner, textOf } from "./lock-owner.ts";

/** Names the folder's owner. It remains after a crash, and the next process decides whether its owner is dead. */
export const LOCK_FILE = "in-use.json";
/** The owner's socket, if the file system has sockets. The kernel closes it when the process ends. */
export const LOCK_SOCKET = "in-use.sock";
/** Longest socket path that every system accepts, in bytes. */
const MAX_SOCKET_PATH_LENGTH = 100;
/** Milliseconds between heartbeats in the lock file. */
const HEARTBEAT_INTERVAL = 5_000;
/** After this many milliseconds without a heartbeat, an owner that cannot be asked counts as dead. */
const SILENT_FOR = 30_000;
const POLL_INTERVAL = 500;
/** How long a rival that saw the same dead owner may take to replace our file, in milliseconds. */
const TAKEOVER_PAUSE = 150;
const MAX_TRIES = 5;

/** A folder locked for this process until it is released or the process ends. */
export interface FolderLock {
	/** Settles when another process has taken the folder: this one must stop writing at once. */
	readonly lost: Promise<void>;
	release(): Promise<void>;
}

/** What the lock needs from the machine; tests replace parts of it. */
export interface LockTools {
	readonly probe: SystemProbe;
	/** Waits for a number of milliseconds. */
	wait(milliseconds: number): Promise<unknown>;
	/** Tells the user why the start takes longer. */
	notice(text: string): void;
	/** Whether to listen on a socket beside the file. */
	readonly sockets: boolean;
	/** Milliseconds between heartbeats. */
	readonly beatEvery: number;
}

const DEFAULT_TOOLS: LockTools = {
	probe: systemProbe,
	wait,
	notice: (text) => void process.stderr.write(`${text}\n`),
	sockets: true,
	beatEvery: HEARTBEAT_INTERVAL,
};

function inUse(folder: string, owner: Owner | null): UserError {
	const who = owner ? ` (process ${owner.pid} on ${owner.host})` : "";
	return new UserError(
		`The data folder ${folder} is in use by another nlpq process${who}.`,
		"Stop that process, or give this one a folder of its own with NLPQ_DATA_DIR. Several processes at once need a Postgres server: set DATABASE_URL.",
	);
}

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
function listenInside(folder: string): Promise<Server | null> {
	return withSocketPath(folder, (path) => {
		rmSync(path, { force: true });
		return new Promise<Server | null>((resolve) => {
			const server = createServer((socket) => socket.destroy());
			server.once("error", () => resolve(null));
			server.listen(path, () => {
				server.unref();
				resolve(server);
			});
		});
	}).catch(() => null);
}

/** Whether a process of this machine listens on the folder's socket; null if there is no socket. */
function askSocket(folder: string): Promise<boolean | null> {
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

/** Creates the complete lock file; false if it exists already. */
function createLockFile(path: string, owner: Owner): boolean {
	const draft = `${path}.${owner.token}`;
	writeFileSync(draft, textOf(owner), { mode: 0o600 });
	try {
		linkSync(draft, path);
		return true;
	} catch (error) {
		if (codeOf(error) === "EEXIST") return false;
		// On a file system without hard links, such as exFAT, create the file first and then fill it.
		return createWithoutLink(path, owner);
	} finally {
		rmSync(draft, { force: true });
	}
}

function createWithoutLink(path: string, owner: Owner): boolean {
	try {
		writeFileSync(path, textOf(owner), { flag: "wx", mode: 0o600 });
		return true;
	} catch (error) {
		if (codeOf(error) === "EEXIST") return false;
		throw error;
	}
}

const contentOf = (path: string): string | null => {
	try {
		return readFileSync(path, "utf8");
	} catch (error) {
		if (codeOf(error) === "ENOENT") return null;
		throw error;
	}
};

/** Watches the lock file. True if there is a heartbeat or if the file disappears. */
async function showsLife(path: string, seen: string, tools: LockTools): Promise<boolean> {
	for (let waited = 0; waited < SILENT_FOR; waited += POLL_INTERVAL) {
		await tools.wait(POLL_INTERVAL);
		if (contentOf(path) !== seen) return true;
	}
	return false;
}

/**
 * Whether the lock file's owner is dead. The kernel knows its own processes; any other owner can only be watched.
 * @throws UserError when the owner is alive
 */
async function isGone(folder: string, seen: string, tools: LockTools): Promise<boolean> {
	const owner = readOwner(seen);
	if (owner?.socket && isSameKernel(owner, tools.probe)) {
		const listens = await askSocket(folder);
		if (listens === true) throw inUse(folder, owner);
		if (listens === false) return true;
	}
	if (owner && isSamePlace(owner, tools.probe)) {
		const process = tools.probe.processState(owner);
		if (process === "gone") return true;
		if (process === "running") throw inUse(folder, owner);
	}
	tools.notice(
		owner
			? `${folder} was last used by process ${owner.pid} on ${owner.host}. Waiting up to ${SILENT_FOR / 1000} s to see whether it still is …`
			: `${folder} holds an unreadable ${LOCK_FILE}. Waiting up to ${SILENT_FOR / 1000} s to see whether somebody writes it …`,
	);
	const lives = await showsLife(join(folder, LOCK_FILE), seen, tools);
	if (lives && contentOf(join(folder, LOCK_FILE)) !== null) throw inUse(folder, owner);
	return !lives;
}

/** Moves a dead owner's file away, unless a rival was quicker. */
function removeDead(path: string, seen: string, token: string): void {
	if (contentOf(path) !== seen) return;
	const away = `${path}.${token}.old`;
	try {
		renameSync(path, away);
	} catch (error) {
		if (codeOf(error) !== "ENOENT") throw error;
	}
	rmSync(away, { force: true });
}

/** Whether the file is still ours. If somebody deleted it, writes it again. */
function isStillOurs(path: string, owner: Owner): boolean {
	const content = contentOf(path);
	return content === null ? createLockFile(path, owner) : readOwner(content)?.token === owner.token;
}

/** Writes heartbeats until released, and notices when another process has taken the folder. */
function keepAlive(path: string, owner: Owner, every: number): { lost: Promise<void>; stop(): void } {
	let beat = 0;
	let timer: NodeJS.Timeout | undefined;
	const lost = new Promise<void>((resolve) => {
		timer = setInterval(() => {
			try {
				if (!isStillOurs(path, owner)) {
					clearInterval(timer);
					return resolve();
				}
				beat += 1;
				writeFileSync(path, textOf({ ...owner, beat }), { flag: "r+" });
			} catch {
				// A full disk, or a network share that is briefly unavailable: the next heartbeat tries again.
			}
		}, every).unref();
	});
	return { lost, stop: () => clearInterval(timer) };
}

/**
 * Locks a folder for this process, on any file system and at any path length. After a crash on this machine the folder
 * is free at once; an owner on another machine counts as dead after 30 s of silence.
 * @throws UserError when another process holds it
 */
export async function lockFolder(folder: string, changed: Partial<LockTools> = {}): Promise<FolderLock> {
	const tools = { ...DEFAULT_TOOLS, ...changed };
	const real = realpathSync(folder);
	const path = join(real, LOCK_FILE);
	const owner: Owner = { ...tools.probe.self(), token: crypto.randomUUID(), socket: false, beat: 0 };
	// A live socket decides at once, even without a lock file: old versions of nlpq have none, and somebody may delete
	// it.
	if (await askSocket(real)) throw inUse(folder, readOwner(contentOf(path) ?? ""));
	for (let tries = 0; !createLockFile(path, owner); tries += 1) {
		const seen = contentOf(path);
		if (tries >= MAX_TRIES) throw inUse(folder, readOwner(seen ?? ""));
		if (seen === null) continue;
		if (await isGone(real, seen, tools)) removeDead(path, seen, owner.token);
	}
	await tools.wait(TAKEOVER_PAUSE);
	const holder = readOwner(contentOf(path) ?? "");
	if (holder?.token !== owner.token) throw inUse(folder, holder);
	const server = tools.sockets ? await listenInside(real) : null;
	// Not earlier: a dead owner's socket must not be mistaken for ours.
	const listening = { ...owner, socket: server !== null };
	writeFileSync(path, textOf(listening), { flag: "r+" });
	const alive = keepAlive(path, listening, tools.beatEvery);
	return {
		lost: alive.lost,
		release: async () => {
			alive.stop();
			if (server) await new Promise<void>((resolve) => server.close(() => resolve()));
			if (readOwner(contentOf(path) ?? "")?.token === owner.token) rmSync(path, { force: true });
		},
	};
}
