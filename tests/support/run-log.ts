import { appendFileSync } from "node:fs";
import { type Logger, pino } from "pino";
import { inject } from "vitest";

/** Adds to the log of all programs and adapters in this run, which is searched when the run ends. */
export function addToRunLog(text: string): void {
	// Benches run without the test runner, which provides the log.
	if (!process.env.VITEST) return;
	if (text !== "") appendFileSync(inject("runLog"), text.endsWith("\n") ? text : `${text}\n`);
}

/** A log of everything; its lines also go to `lines`. */
export function openRunLog(lines: string[] = []): Logger {
	const write = (line: string) => {
		lines.push(line);
		addToRunLog(line);
	};
	return pino({ level: "trace", base: null }, { write });
}
