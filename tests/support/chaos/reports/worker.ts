/**
 * A process that accepts reports, decides them and tells their reporters, until it is killed. Its argument is the
 * address of the database. It opens that before it reports that it is ready for its order.
 */
import { z } from "zod";
import { systemClock } from "../../../../src/adapters/clock.ts";
import type { Db } from "../../../../src/adapters/postgres/db.ts";
import { openServer } from "../../../../src/adapters/postgres/open.ts";
import { createStore } from "../../../../src/adapters/postgres/store.ts";
import type { Caller } from "../../../../src/chat/caller.ts";
import { COMMANDS } from "../../../../src/chat/commands/index.ts";
import { DailyEngine } from "../../../../src/chat/daily.ts";
import { Dispatcher } from "../../../../src/chat/dispatch.ts";
import { readCommand } from "../../../../src/chat/grammar.ts";
import { isOutage } from "../../../../src/core/errors.ts";
import { Bank } from "../../../../src/core/question/bank.ts";
import { chores } from "../../../../src/core/service/housekeeping.ts";
import { createServices } from "../../../../src/core/service/services.ts";
import { LocalClient } from "../../local-client.ts";
import { makeBank } from "../../question.ts";
import { StepKiller } from "../step-killer.ts";
import { stepped, steppedStore } from "../steps.ts";
import { commandSchema, configSchema, type GivenCommand, QUESTIONS, type WorkerOrder } from "./order.ts";

const CONNECTIONS = 6;
const TICK_INTERVAL = 40;
const SETTINGS = {
	leaseSeconds: 20,
	sendDeadline: 5_000,
	inFlight: 8,
	slowAfter: 100,
	firstRetry: 50,
	longestRetry: 500,
};

const say = (message: object) => process.send?.(message);
/** A database that is too busy to answer is no fault: the command is given again. */
const fault = (what: string, error: unknown) =>
	isOutage(error) ? undefined : say({ fault: `${what}: ${error instanceof Error ? error.stack : error}` });

const callerOf = ({ key, member, repeated }: GivenCommand): Caller => ({
	interaction: { key, repeated, owed: null },
	workspace: { externalId: "home", name: "home" },
	member: { externalId: member, name: member },
	admin: member === "boss",
	place: { kind: "channel", channelId: "general", channelName: "general" },
	mentioned: new Map(),
	receivedAt: systemClock.now(),
});

function work({ worker, platform: address, death }: WorkerOrder, db: Db): void {
	const killer = new StepKiller(death);
	killer.armed = true;
	const services = createServices(steppedStore(createStore(db), killer), new Bank(makeBank(QUESTIONS)), Math.random);
	const platform = stepped(new LocalClient(address), () => killer.step());
	const daily = new DailyEngine({
		services,
		platforms: [platform],
		clock: systemClock,
		worker,
		observer: { delivered: () => undefined, fault },
		settings: SETTINGS,
	});
	const observer = {
		ran: () => undefined,
		fault: (_reference: string, command: string, error: unknown) => fault(command, error),
	};
	const dispatcher = new Dispatcher({ services, clock: systemClock, commands: COMMANDS, platform, daily, observer });
	process.on("message", async (message) => {
		const given = commandSchema.parse(message);
		const outcome = await dispatcher.run(callerOf(given), readCommand(given.line, COMMANDS));
		say({ done: given.key, data: outcome.type === "reply" ? outcome.reply.data : null });
	});
	const [settleRevised] = chores(services);
	const pass = () => {
		void daily.run();
		settleRevised?.step(systemClock.now()).catch((error: unknown) => fault("reports on older revisions", error));
	};
	setInterval(pass, TICK_INTERVAL);
}

const [address] = z.tuple([z.string()]).parse(process.argv.slice(2));
process.once("disconnect", () => process.exit());
const { db } = await openServer(address, null, CONNECTIONS);
process.once("message", (message) => work(configSchema.parse(message), db));
say({ ready: true });
