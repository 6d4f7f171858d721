/** Who wrote a file: whether that process still runs, told by what the machine says of its processes. */
import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import * as z from "zod";

export const processIdentitySchema = z.object({
	host: z.string(),
	/** Identifies one boot of one kernel; null if the system does not say. */
	boot: z.string().nullable(),
	/** Process ids are comparable only within a namespace; a container has its own. */
	namespace: z.string().nullable(),
	pid: z.int(),
	/** When the process started, in the kernel's unit; null if the system does not say. */
	started: z.string().nullable(),
});

export type ProcessIdentity = z.infer<typeof processIdentitySchema>;

/** What a machine can tell about its processes. */
export interface SystemProbe {
	self(): ProcessIdentity;
	/** `unknown` if a process has that id but may be a different one. */
	processState(owner: ProcessIdentity): "running" | "gone" | "unknown";
}

/** Whether a process runs under the same kernel, perhaps in another container. */
export function isSameKernel(owner: ProcessIdentity, probe: SystemProbe): boolean {
	const own = probe.self();
	return owner.boot === own.boot && (own.boot !== null || owner.host === own.host);
}

/** Whether a process's id has a meaning here. */
export function isSamePlace(owner: ProcessIdentity, probe: SystemProbe): boolean {
	const own = probe.self();
	return isSameKernel(owner, probe) && owner.host === own.host && owner.namespace === own.namespace;
}

function tryRead<T>(read: () => T): T | null {
	try {
		return read();
	} catch {
		return null;
	}
}

/** Field 22 of `/proc/<pid>/stat`, counted after the command's name, which may hold spaces. */
const startOf = (pid: number): string | null =>
	tryRead(() => readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ")[19] ?? null);

function isRunning(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		// A process of another user exists too.
		return error instanceof Error && "code" in error && error.code === "EPERM";
	}
}

/** This machine. Linux can tell everything, other systems only whether a process id is in use. */
export const systemProbe: SystemProbe = {
	self: () => ({
		host: hostname(),
		boot: tryRead(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()),
		namespace: tryRead(() => readlinkSync("/proc/self/ns/pid")),
		pid: process.pid,
		started: startOf(process.pid),
	}),
	processState: (owner) => {
		if (!isRunning(owner.pid)) return "gone";
		const started = startOf(owner.pid);
		if (started === null || owner.started === null) return "unknown";
		return started === owner.started ? "running" : "gone";
	},
};
