/** A process that runs nlpq's daily engine, for `bench/daily.ts`. Its argument is the address of the database. */
import { join } from "node:path";
import { SendBudget } from "../../src/adapters/discord/outgoing/budget.ts";
import { projectRoot } from "../../src/adapters/files/root.ts";
import { openServer } from "../../src/adapters/postgres/open.ts";
import { createStore } from "../../src/adapters/postgres/store.ts";
import { DailyEngine } from "../../src/chat/daily.ts";
import { Bank } from "../../src/core/question/bank.ts";
import { createServices } from "../../src/core/service/services.ts";
import { LocalClient } from "../../tests/support/local-client.ts";
import { MovedClock } from "../../tests/support/moved-clock.ts";
import { makeBank } from "../../tests/support/question.ts";
import { configSchema, type WorkerConfig } from "./messages.ts";

const QUESTIONS = 60;

const [address = ""] = process.argv.slice(2);
process.once("disconnect", () => process.exit());
const { db } = await openServer(address, join(projectRoot(), "migrations"));
const store = createStore(db);

function runEngine({ worker, platform, clock, budget, tickInterval }: WorkerConfig): void {
	const sends = budget === null ? null : new SendBudget(store, budget);
	const engine = new DailyEngine({
		services: createServices(store, new Bank(makeBank(QUESTIONS)), Math.random),
		platforms: [new LocalClient(platform, async (signal) => sends?.take(signal))],
		clock: new MovedClock(clock),
		worker,
		observer: {
			delivered: () => undefined,
			fault: (what, error) => process.send?.({ fault: `${what}: ${error instanceof Error ? error.stack : error}` }),
		},
	});
	setInterval(() => void engine.run(), tickInterval);
	setInterval(() => process.send?.({ memory: process.memoryUsage.rss() }), 1000);
}

process.once("message", (message) => runEngine(configSchema.parse(message)));
process.send?.("ready");
