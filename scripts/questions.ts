/** `npm run questions`, the authors' tool: checks the bank and shows what it covers, shows a question, or starts a new one. */
import { endQuietly } from "../src/run/broken-pipe.ts";
import { failureText } from "../src/run/failure.ts";
import { runProgram } from "../tools/bank/program.ts";

endQuietly(process.stdout);
try {
	process.exitCode = await runProgram(process.argv.slice(2), new Date(), { out: console.log, err: console.error });
} catch (error) {
	process.stderr.write(`${failureText(error)}\n`);
	process.exitCode = 1;
}
