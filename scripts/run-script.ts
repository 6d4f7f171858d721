import { type ProgramName, programHelp, UsageError } from "../src/cli.ts";
import { endQuietly } from "../src/run/broken-pipe.ts";
import { failureText } from "../src/run/failure.ts";

/** Runs a script's work, unless its arguments ask for help or are wrong. Prints any error in words. */
export async function runScript(name: ProgramName, work: () => Promise<void>): Promise<void> {
	endQuietly(process.stdout);
	try {
		const help = programHelp(name, process.argv.slice(2));
		if (help === null) await work();
		else process.stdout.write(help);
	} catch (error) {
		process.stderr.write(`${error instanceof UsageError ? error.message : failureText(error)}\n`);
		process.exitCode = error instanceof UsageError ? 2 : 1;
	}
}
