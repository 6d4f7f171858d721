import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Linux's file system in memory. */
const MEMORY = "/dev/shm";
const PREFIX = "nlpq-tests-";
/** Bytes that must be free in it, and in the memory of the machine or container. The tests use half a gigabyte. */
const ROOM = 4 * 1024 ** 3;

/** Whether programs can be started from a folder: containers often mount this file system without that right. */
function mayExecute(folder: string): boolean {
	const script = join(folder, "script");
	writeFileSync(script, "#!/bin/sh\n", { mode: 0o755 });
	return spawnSync(script).status === 0;
}

/** Removes what runs left that were killed. */
function sweep(): void {
	for (const name of readdirSync(MEMORY))
		if (name.startsWith(PREFIX) && !existsSync(join("/proc", name.slice(PREFIX.length))))
			rmSync(join(MEMORY, name), { recursive: true, force: true });
}

/**
 * Puts the temporary files of this process and its children into memory, if there is room. On a disk, the hundreds of
 * databases that tests create can cost a tenth of their CPU time.
 */
export function useMemory(): void {
	if (process.platform !== "linux" || process.env.TMPDIR !== undefined || !existsSync(MEMORY)) return;
	const { bavail, bsize } = statfsSync(MEMORY);
	if (Math.min(bavail * bsize, process.availableMemory()) < ROOM) return;
	const folder = join(MEMORY, `${PREFIX}${process.pid}`);
	try {
		sweep();
		// Postgres does not run as root: its own user must reach its folder in here.
		mkdirSync(folder, { mode: 0o711 });
		process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
		if (mayExecute(folder)) process.env.TMPDIR = folder;
	} catch {
		// The disk serves as well.
	}
}
