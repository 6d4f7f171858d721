/**
 * A process that shares the daily questions with another one, for `bench/chaos.ts`, until it is killed. Its argument is
 * the address of the database. It opens that before it reports that it is ready for its order.
 */
import { join } from "node:path";
import { z } from "zod";
import { projectRoot } from "../../src/adapters/files/root.ts";
import type { Db } from "../../src/adapters/postgres/db.ts";
import { openServer } from "../../src/adapters/postgres/open.ts";
import { createStore } from "../../src/adapters/postgres/store.ts";
import { DailyEngine } from "../../src/chat/daily.ts";
import type { Platform } from "../../src/chat/platform.ts";
import { Bank } from "../../src/core/question/bank.ts";
import { createServices } from "../../src/core/service/services.ts";
import { stepped, steppedStore } from "./chaos/steps.ts";
import { LocalClient } from "./local-client.ts";
import { MovedClock } from "./moved-clock.ts";
import { makeBank } from "./question.ts";

/** The order with which a worker begins. */
export const configSchema = z.object({
	/** Its name in claims. */
	worker: z.string(),
	platform: z.string(),
	clock: z.string(),
	/** The step at which it ends; null to live on. Counted in steps, not time, so that a busy machine does as much. */
	lastStep: z.number().nullable(),
	/** Whether it kills itself before that step, or goes on until it is killed. */
	bySelf: z.boolean(),
	settings: z.object({ leaseSeconds: z.number(), sendDeadline: z.number() }),
});
export type WorkerConfig = z.infer<typeof configSchema>;

const TICK_INTERVAL = 40;
const QUESTIONS = 30;
const CONNECTIONS = 6;

/** Counts a program's steps. Before the last one, kills the program or asks for its end. */
function stepper({ lastStep, bySelf }: WorkerConfig): () => void {
	let steps = 0;
	return () => {
		steps += 1;
		if (steps !== lastStep) return;
		if (bySelf) process.kill(process.pid, "SIGKILL");
		else process.send?.("enough");
	};
}

function work(order: WorkerConfig, db: Db): void {
	const step = stepper(order);
	const store = steppedStore(createStore(db), { step });
	const platform: Platform = stepped(new LocalClient(order.platform), step);
	const engine = new DailyEngine({
		services: createServices(store, new Bank(makeBank(QUESTIONS)), Math.random),
		platforms: [platform],
		clock: new MovedClock(order.clock),
		worker: order.worker,
		observer: {
			delivered: () => undefined,
			fault: (what, error) => process.send?.({ fault: `${what}: ${error instanceof Error ? error.stack : error}` }),
		},
		settings: { ...order.settings, inFlight: 8, slowAfter: 100, firstRetry: 50, longestRetry: 500, planners: 3 },
	});
	setInterval(() => void engine.run(), TICK_INTERVAL);
	void engine.run();
}

const [address = ""] = process.argv.slice(2);
process.once("disconnect", () => process.exit());
const { db } = await openServer(address, join(projectRoot(), "migrations"), CONNECTIONS);
process.once("message", (message) => work(configSchema.parse(message), db));
process.send?.("ready");
