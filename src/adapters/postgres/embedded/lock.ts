import {
	constants,
	copyFileSync,
	linkSync,
	readFileSync,
	realpathSync,
	renameSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import type { Server } from "node:net";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { UserError } from "../../../core/errors.ts";
import { codeOf } from "../../network-errors.ts";
import { isSameKernel, isSamePlace, type SystemProbe, systemProbe } from "../../process-identity.ts";
import { type Owner, readOwner, textOf } from "./lock-owner.ts";
import { askSocket, closeSocket, listenInside } from "./lock-socket.ts";

/** Names the folder's owner. It remains after a crash, and the next process decides whether its owner is dead. */
export const LOCK_FILE = "in-use.json";
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
		// A rival may have replaced it just before: give the rival's file back, unless there is another already.
		if (contentOf(away) !== seen) copyFileSync(away, path, constants.COPYFILE_EXCL);
	} catch (error) {
		if (!["ENOENT", "EEXIST"].includes(codeOf(error))) throw error;
	}
	rmSync(away, { force: true });
}

/** Removes the lock file unless it is another's. */
function removeOwn(path: string, { token }: Owner): void {
	if (readOwner(contentOf(path) ?? "")?.token === token) rmSync(path, { force: true });
}

/** @throws UserError when the lock file is another's */
function demandOwn(folder: string, path: string, { token }: Owner): void {
	const holder = readOwner(contentOf(path) ?? "");
	if (holder?.token !== token) throw inUse(folder, holder);
}

/** Whether the file is still ours. If somebody deleted it, writes it again. */
function isStillOurs(path: string, owner: Owner): boolean {
	const content = contentOf(path);
	return content === null ? createLockFile(path, owner) : readOwner(content)?.token === owner.token;
}

/**
 * Listens on the folder's socket, which nobody else may do. A process that was held up may have moved a living owner's
 * file away and written its own: each asks for the other's socket before it listens, and looks at the file afterwards,
 * so that at least one of the two sees the other.
 * @throws UserError when another process listens, or the lock file is another's
 */
async function listenAlone(folder: string, path: string, owner: Owner): Promise<Server | null> {
	const real = dirname(path);
	if (await askSocket(real)) {
		removeOwn(path, owner);
		throw inUse(folder, null);
	}
	const server = await listenInside(real);
	try {
		demandOwn(folder, path, owner);
	} catch (error) {
		if (server) await closeSocket(server);
		throw error;
	}
	return server;
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
	demandOwn(folder, path, owner);
	const server = tools.sockets ? await listenAlone(folder, path, owner) : null;
	// Not earlier: a dead owner's socket must not be mistaken for ours.
	const listening = { ...owner, socket: server !== null };
	writeFileSync(path, textOf(listening), { flag: "r+" });
	const alive = keepAlive(path, listening, tools.beatEvery);
	return {
		lost: alive.lost,
		release: async () => {
			alive.stop();
			if (server) await closeSocket(server);
			removeOwn(path, owner);
		},
	};
}
