import { randomUUID } from "node:crypto";
import { systemClock } from "../../src/adapters/clock.ts";
import { createLog } from "../../src/adapters/log.ts";
import { drawPicture } from "../../src/adapters/pictures/draw.ts";
import { type OpenDatabase, openServer } from "../../src/adapters/postgres/open.ts";
import { createStore } from "../../src/adapters/postgres/store.ts";
import { COMMANDS } from "../../src/chat/commands/index.ts";
import { DailyEngine } from "../../src/chat/daily.ts";
import { Dispatcher } from "../../src/chat/dispatch.ts";
import type { ConnectionObserver, Platform } from "../../src/chat/platform.ts";
import { createServices, type Services } from "../../src/core/service/services.ts";
import { loadBank, migrationsFolder } from "../../src/run/open.ts";

const clock = systemClock;

/** What the bot under load consists of, apart from its platform. */
export interface BotParts {
	readonly services: Services;
	readonly db: OpenDatabase["db"];
	readonly urgent: OpenDatabase["urgent"];
	readonly clock: typeof clock;
	readonly log: ReturnType<typeof createLog>;
	readonly connection: ConnectionObserver;
	readonly drawPicture: typeof drawPicture;
}

interface Adapter {
	readonly platform: Platform;
	start(dispatcher: Dispatcher): Promise<unknown>;
	stop(): Promise<unknown>;
}

/**
 * Runs the bot under load, with one platform, on the database of DATABASE_URL. Reports to its parent process when it is
 * ready, each fault, and at the end its memory in bytes.
 */
export async function runBot(connect: (parts: BotParts) => Adapter): Promise<void> {
	const report = (message: object) => process.send?.(message);
	const { DATABASE_URL = "", DATABASE_POOL = "50" } = process.env;
	const bank = await loadBank();
	const database = await openServer(DATABASE_URL, migrationsFolder(), Number(DATABASE_POOL));
	const services = createServices(createStore(database.db), bank, Math.random);
	await services.transaction(({ store }) => store.bank.synchronise(bank.all(), clock.now()));
	const connection = { acknowledged: () => undefined, reconnected: () => undefined };
	const { db, urgent } = database;
	const log = createLog("error");
	const adapter = connect({ services, db, urgent, clock, log, connection, drawPicture });
	const { platform } = adapter;
	const fault = (what: string, error: unknown) => report({ fault: `${what}: ${String(error)}` });
	const worker = randomUUID();
	const deliveryObserver = { delivered: () => undefined, fault };
	const daily = new DailyEngine({ services, platforms: [platform], clock, worker, observer: deliveryObserver });
	const commandObserver = {
		ran: () => undefined,
		fault: (_reference: string, command: string, error: unknown) => fault(command, error),
	};
	await adapter.start(
		new Dispatcher({ services, clock, commands: COMMANDS, platform, daily, observer: commandObserver }),
	);
	process.once("disconnect", () => process.exit(0));
	process.on("message", async () => {
		await adapter.stop();
		await daily.stop();
		await database.close();
		report({ stopped: true, memory: process.memoryUsage().rss });
	});
	report({ ready: true });
}
