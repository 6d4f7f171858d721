import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { leaksIn } from "./leaks.ts";

const MAX_SHOWN = 5;

declare module "vitest" {
	interface ProvidedContext {
		/** The file that receives everything logged while the tests run. */
		runLog: string;
	}
}

/** Around all tests: what was logged must contain no secret and no member's words. */
export function setup(project: TestProject): () => void {
	const folder = mkdtempSync(join(tmpdir(), "nlpq-log-"));
	const file = join(folder, "run.log");
	writeFileSync(file, "");
	project.provide("runLog", file);
	return () => {
		const leaks = leaksIn(readFileSync(file, "utf8"));
		rmSync(folder, { recursive: true });
		if (leaks.length === 0) return;
		// A test can no longer fail, and an error thrown here would not fail the run.
		process.stderr.write(`${leaks.length} lines were logged that hold secrets or members' words, such as:\n`);
		for (const line of leaks.slice(0, MAX_SHOWN)) process.stderr.write(`${line}\n`);
		process.exitCode = 1;
	};
}
