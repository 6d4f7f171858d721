/** One process of the bot, for the bench next door: told by its environment where Slack and the database are. */
import { randomUUID } from "node:crypto";
import { systemClock } from "../../src/adapters/clock.ts";
import { createLog } from "../../src/adapters/log.ts";
import { drawPicture } from "../../src/adapters/pictures/draw.ts";
import { openServer } from "../../src/adapters/postgres/open.ts";
import { createStore } from "../../src/adapters/postgres/store.ts";
import { createSlack } from "../../src/adapters/slack/slack.ts";
import { COMMANDS } from "../../src/chat/commands/index.ts";
import { DailyEngine } from "../../src/chat/daily.ts";
import { Dispatcher } from "../../src/chat/dispatch.ts";
import { loadBank, migrationsFolder } from "../../src/run/open.ts";

const {
	BENCH_DATABASE = "",
	BENCH_SLACK = "",
	BENCH_TOKEN = "",
	BENCH_APP_TOKEN = "",
	BENCH_POOL = "50",
} = process.env;

const bank = await loadBank();
const database = await openServer(BENCH_DATABASE, migrationsFolder(), Number(BENCH_POOL));
const store = createStore(database.db);
const services = { store, bank, random: Math.random };
await store.transaction((transaction) => transaction.bank.synchronise(bank.all(), new Date()));
const adapter = createSlack(
	{ way: "socket", botToken: BENCH_TOKEN, appToken: BENCH_APP_TOKEN, apiUrl: BENCH_SLACK },
	{ store, db: database.db, clock: systemClock, log: createLog("error"), drawPicture },
);
const say = (message: object) => process.send?.(message);
const observer = {
	delivered: () => undefined,
	fault: (what: string, error: unknown) => say({ fault: `${what}: ${String(error)}` }),
};
const platforms = [adapter.platform];
const daily = new DailyEngine({ services, platforms, clock: systemClock, worker: randomUUID(), observer });
const dispatcher = new Dispatcher({
	services,
	clock: systemClock,
	commands: COMMANDS,
	platform: adapter.platform,
	daily,
	observer: {
		ran: () => undefined,
		fault: (_reference, command, error) => say({ fault: `${command}: ${String(error)}` }),
	},
});
await adapter.start(dispatcher);
process.once("disconnect", () => process.exit(0));
process.on("message", () => {
	void adapter
		.stop()
		.then(() => daily.stop())
		.then(() => database.close())
		.then(() => say({ stopped: true, memory: process.memoryUsage().rss }));
});
say({ ready: true });
