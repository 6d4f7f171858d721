/**
 * A process of the bot on one local platform, for `npm run chaos -- --commands`. It is killed by itself at a given
 * moment, or by its parent. Its argument is the address of the database.
 */
import { PassThrough } from "node:stream";
import { pino } from "pino";
import { z } from "zod";
import { systemClock } from "../../../../src/adapters/clock.ts";
import { createDiscord } from "../../../../src/adapters/discord/discord.ts";
import { KeyRing } from "../../../../src/adapters/keys.ts";
import type { Db } from "../../../../src/adapters/postgres/db.ts";
import { openServer } from "../../../../src/adapters/postgres/open.ts";
import { createStore } from "../../../../src/adapters/postgres/store.ts";
import { createSlack } from "../../../../src/adapters/slack/slack.ts";
import { Screen } from "../../../../src/adapters/terminal/screen.ts";
import { tellEnds } from "../../../../src/adapters/terminal/start.ts";
import { Terminal } from "../../../../src/adapters/terminal/terminal.ts";
import { COMMANDS } from "../../../../src/chat/commands/index.ts";
import { Dispatcher } from "../../../../src/chat/dispatch.ts";
import type { Platform } from "../../../../src/chat/platform.ts";
import { Bank } from "../../../../src/core/question/bank.ts";
import { createServices, type Services } from "../../../../src/core/service/services.ts";
import { makeBank } from "../../question.ts";
import { StepKiller } from "../step-killer.ts";
import { steppedStore } from "../steps.ts";
import { configSchema, QUESTIONS, type WorkerOrder } from "./worker-order.ts";

/** A line typed into a terminal. */
const lineSchema = z.object({ line: z.string() });
/** Steps count from this message on, since the start is not a command. */
const ARMED = "armed";

const CONNECTIONS = 4;

const log = pino({ level: "silent" });
const connection = { acknowledged: () => undefined, reconnected: () => undefined };
const drawPicture = () => Promise.reject(new Error("no pictures here"));
const say = (message: object) => process.send?.(message);

interface Served {
	readonly platform: Platform;
	/** Connects. @returns the port that it listens on */
	start(dispatcher: Dispatcher, services: Services): Promise<number | null>;
	line?(text: string, dispatcher: Dispatcher): Promise<unknown>;
}

function terminal(): Served {
	const out = new PassThrough();
	out.setEncoding("utf8").on("data", (text: string) => say({ out: text }));
	const platform = new Terminal(new Screen(out, { type: "json" }, "owner"), systemClock, "owner");
	return {
		platform,
		start: async (dispatcher, services) => {
			await tellEnds(services, dispatcher, platform, true);
			return null;
		},
		line: (text, dispatcher) => platform.dialogue.handle(text, dispatcher),
	};
}

function serve({ client, settings }: WorkerOrder, services: Services, db: Db): Served {
	const given = (name: string) => settings[name] ?? "";
	if (client === "terminal") return terminal();
	if (client === "discord") {
		const keys = settings.key ? new KeyRing(settings.key) : null;
		const adapter = createDiscord(
			{ token: given("token"), apiUrl: given("url"), guildId: null, shards: null, keys, shared: false },
			{ services, clock: systemClock, log, connection, drawPicture },
		);
		return { platform: adapter.platform, start: (dispatcher) => adapter.start(dispatcher).then(() => null) };
	}
	const shared = { apiUrl: given("url"), botToken: given("token") };
	const adapter = createSlack(
		client === "slack-socket"
			? { way: "socket", ...shared, appToken: given("appToken") }
			: { way: "http-single", ...shared, signingSecret: given("secret"), port: 0, host: "127.0.0.1" },
		{ services, db, urgent: db, clock: systemClock, log, connection, drawPicture },
	);
	return { platform: adapter.platform, start: (dispatcher) => adapter.start(dispatcher).then(() => adapter.port()) };
}

async function work(order: WorkerOrder, db: Db): Promise<void> {
	const killer = new StepKiller(order.death);
	const services = createServices(steppedStore(createStore(db), killer), new Bank(makeBank(QUESTIONS)), Math.random);
	const served = serve(order, services, db);
	const dispatcher = new Dispatcher({
		services,
		clock: systemClock,
		commands: COMMANDS,
		platform: served.platform,
		daily: { wake: () => undefined, deliverSoon: async () => undefined },
		observer: {
			ran: () => undefined,
			fault: (_reference, command, error) =>
				say({ fault: `${command}: ${error instanceof Error ? error.stack : error}` }),
		},
	});
	process.on("message", (message) => {
		if (message === ARMED) killer.armed = true;
		const line = lineSchema.safeParse(message);
		if (line.success) void served.line?.(line.data.line, dispatcher);
	});
	say({ port: await served.start(dispatcher, services), started: true });
}

const [address = ""] = process.argv.slice(2);
process.once("disconnect", () => process.exit());
const { db } = await openServer(address, null, CONNECTIONS);
process.once("message", (message) => void work(configSchema.parse(message), db));
say({ ready: true });
