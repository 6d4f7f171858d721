/** `npm run questions`: checks the bank and shows what it covers, shows a question, or starts a new one. */
import { runProgram } from "./program.ts";

// `npm run questions | head` closes the pipe before everything is written.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
	if (error.code !== "EPIPE") throw error;
});
process.exitCode = await runProgram(process.argv.slice(2), new Date(), { out: console.log, err: console.error });
