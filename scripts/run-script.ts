import { UserError } from "../src/core/errors.ts";

/** Runs a script's work; a UserError is said in words, and any error ends it with 1. */
export async function runScript(work: () => Promise<void>): Promise<void> {
	try {
		await work();
	} catch (error) {
		if (error instanceof UserError) console.error(`${error.message}\n${error.remedy}`);
		else console.error(error instanceof Error ? error.stack : String(error));
		process.exitCode = 1;
	}
}
