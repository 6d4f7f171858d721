/** `npm run fuzz -- --inputs 100000`: every command with random options. Prints what went wrong; 0 is expected. */
import { parseArgs } from "node:util";
import { openBenchDatabase } from "./support/bench-database.ts";
import { fuzz } from "./support/fuzz.ts";

const { values } = parseArgs({
	options: { inputs: { type: "string", default: "100000" }, seed: { type: "string", default: "1" } },
});
const bench = await openBenchDatabase();
const { db, close } = bench.database;
const result = await fuzz(Number(values.inputs), Number(values.seed), { database: { db, close } });
await bench.drop();
for (const fault of [...result.unhandled, ...result.illegal].slice(0, 20)) console.log(fault);
console.log(`inputs: ${result.inputs}`);
console.log(`unhandled errors: ${result.unhandled.length}`);
console.log(`illegal replies: ${result.illegal.length}`);
if (result.unhandled.length + result.illegal.length > 0) process.exitCode = 1;
