/** One replica of the whole program, for the soak: only its clock differs from production. */
import { getHeapCodeStatistics } from "node:v8";
import { createStore } from "../../src/adapters/postgres/store.ts";
import { readConfig } from "../../src/config.ts";
import { createServices } from "../../src/core/service/services.ts";
import { chatAdapters } from "../../src/run/adapters.ts";
import { loadBank, openDatabase } from "../../src/run/open.ts";
import { runPlatforms } from "../../src/run/platforms.ts";
import { MovedClock } from "../../tests/support/moved-clock.ts";

const { SOAK_CLOCK = "" } = process.env;

/** Bytes in use after a garbage collection, without compiled code. If this grows, the program leaks memory. */
function bytesInUse(): number {
	globalThis.gc?.();
	const { heapUsed, external } = process.memoryUsage();
	const { code_and_metadata_size: compiled, bytecode_and_metadata_size: bytecode } = getHeapCodeStatistics();
	return heapUsed + external - compiled - bytecode;
}

const config = readConfig(process.env);
const clock = new MovedClock(SOAK_CLOCK);
const database = await openDatabase(config);
const bank = await loadBank();
const services = createServices(createStore(database.db), bank, Math.random);
await services.transaction(({ store }) => store.bank.synchronise(bank.all(), clock.now()));
// Nobody else would end it.
process.once("disconnect", () => process.exit(1));
process.on("message", () => process.send?.({ bytes: bytesInUse(), resident: process.memoryUsage().rss }));
await runPlatforms({
	config,
	services,
	database,
	create: (tools) => chatAdapters(config, { ...tools, services, database, shard: 0 }),
	clock,
});
await database.close();
process.exit();
