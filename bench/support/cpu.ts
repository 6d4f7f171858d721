import { readFileSync } from "node:fs";

/** Milliseconds of a clock tick in /proc: a hundredth of a second on every usual kernel. */
const TICK_MS = 10;

/**
 * CPU time that processes have used so far, in milliseconds. Unlike elapsed time, it hardly depends on what else the
 * machine does. NaN where there is no /proc.
 */
export function cpuOf(processes: readonly number[]): number {
	return processes.reduce((sum, id) => sum + cpuOfOne(id), 0);
}

function cpuOfOne(id: number): number {
	try {
		// A program's name may contain spaces; the fields after it do not.
		const fields = readFileSync(`/proc/${id}/stat`, "utf8")
			.replace(/^.*\) /s, "")
			.split(" ");
		return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
	} catch {
		return Number.NaN;
	}
}
