import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { leaksIn } from "./leaks.ts";

const SHOWN = 5;

declare module "vitest" {
	interface ProvidedContext {
		/** The file that takes all that is logged while the tests run. */
		runLog: string;
	}
}

/** Once around all tests: what was logged meanwhile must hold no secret and no member's words. */
export function setup(project: TestProject): () => void {
	const folder = mkdtempSync(join(tmpdir(), "nlpq-log-"));
	const file = join(folder, "run.log");
	writeFileSync(file, "");
	project.provide("runLog", file);
	return () => {
		const leaks = leaksIn(readFileSync(file, "utf8"));
		rmSync(folder, { recursive: true });
		if (leaks.length === 0) return;
		// Too late for a test to fail, and an error in here would not end the run with one.
		process.stderr.write(`${leaks.length} lines were logged that hold secrets or members' words, such as:\n`);
		for (const line of leaks.slice(0, SHOWN)) process.stderr.write(`${line}\n`);
		process.exitCode = 1;
	};
}
