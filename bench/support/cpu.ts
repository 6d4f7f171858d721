import { readFileSync } from "node:fs";

/** Of `/proc`: hundredths of a second, whatever the kernel's own clock. */
const TICK = 10;

/**
 * Milliseconds of the processor that processes have used so far. Unlike the clock on the wall, it hardly changes with
 * what else the machine does. NaN where there is no `/proc`.
 */
export function cpuOf(processes: readonly number[]): number {
	return processes.reduce((sum, id) => sum + cpuOfOne(id), 0);
}

function cpuOfOne(id: number): number {
	try {
		// A program's name may have spaces; the fields after it have none.
		const fields = readFileSync(`/proc/${id}/stat`, "utf8")
			.replace(/^.*\) /s, "")
			.split(" ");
		return (Number(fields[11]) + Number(fields[12])) * TICK;
	} catch {
		return Number.NaN;
	}
}
