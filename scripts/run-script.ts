import { failureText } from "../src/run/failure.ts";

/** Runs a script's work; any error is said in words and ends it with 1. */
export async function runScript(work: () => Promise<void>): Promise<void> {
	try {
		await work();
	} catch (error) {
		console.error(failureText(error));
		process.exitCode = 1;
	}
}
