/**
 * How long the bot is deaf after each way in which its connection to Discord can fail, and what is lost. Members give
 * four commands a second all the time. The gateway asks for a heartbeat every second instead of Discord's 41.25 s: a
 * half-open connection is noticed after one to two heartbeats.
 *
 *     npm run bench -- discord-gateway
 */
import { setTimeout as wait } from "node:timers/promises";
import type { Interaction } from "../packages/local-discord/interactions.ts";
import type { LocalDiscord } from "../packages/local-discord/local-discord.ts";
import { type Bot, closeStore, openBot, type as typeCommand } from "../tests/support/discord-bot.ts";

const HEARTBEAT = 1000;
/** Milliseconds between the members' commands. */
const COMMAND_INTERVAL = 250;
/** A case ends after this many milliseconds without a reply. */
const MAX_DEAF_TIME = 60_000;
/** How long commands go on after the bot replies again, in milliseconds. */
const TIME_AFTER_RECOVERY = 5000;
/** How long replies to the last commands may take, in milliseconds. */
const REPLY_TIME = 2000;
/** Replies that arrive within this many milliseconds of the failure were already on their way. */
const IN_FLIGHT_TIME = 50;

interface Case {
	readonly name: string;
	readonly prepare?: (discord: LocalDiscord) => void;
	readonly fail: (discord: LocalDiscord) => void | Promise<void>;
}

const CASES: readonly Case[] = [
	{ name: "every socket is cut", fail: ({ gateway }) => gateway.dropConnections() },
	{ name: "asked to reconnect (op 7)", fail: ({ gateway }) => gateway.requestReconnect() },
	{ name: "session invalid (op 9)", fail: ({ gateway }) => gateway.invalidateSessions(false) },
	{
		name: "cut, and away for 10 s",
		fail: async ({ gateway }) => {
			gateway.refusesConnections = true;
			gateway.dropConnections();
			await wait(10_000);
			gateway.refusesConnections = false;
		},
	},
	{
		name: "half open",
		fail: async ({ gateway }) => {
			const before = gateway.counts.connections;
			gateway.delivers = false;
			gateway.acknowledgesHeartbeats = false;
			while (gateway.connected > 0 && gateway.counts.connections === before) await wait(20);
			gateway.delivers = true;
			gateway.acknowledgesHeartbeats = true;
		},
	},
	{
		name: "half open, ignores closing",
		prepare: ({ gateway }) => {
			gateway.ignoresCloseFrames = true;
		},
		fail: async ({ gateway }) => {
			const before = gateway.counts.connections;
			gateway.delivers = false;
			gateway.acknowledgesHeartbeats = false;
			gateway.ignoresCloseFrames = false;
			while (gateway.counts.connections === before) await wait(20);
			gateway.delivers = true;
			gateway.acknowledgesHeartbeats = true;
		},
	},
];

interface SentCommand {
	/** On the monotonic clock, in milliseconds. */
	readonly at: number;
	readonly interaction: Interaction;
}

const sendCommand = (bot: Bot): SentCommand => ({
	at: performance.now(),
	interaction: typeCommand(bot, bot.ada, bot.channel, "help"),
});
const isAnswered = ({ interaction }: SentCommand): boolean => interaction.first !== undefined;

async function measure({ name, prepare, fail }: Case): Promise<string> {
	const bot = await openBot({ heartbeatMs: HEARTBEAT, now: Date.now }, {}, prepare);
	await sendCommand(bot).interaction.reply();
	const commands: SentCommand[] = [];
	const sending = setInterval(() => commands.push(sendCommand(bot)), COMMAND_INTERVAL);
	const failedAt = performance.now();
	await fail(bot.discord);
	const isAnsweredAgain = () =>
		commands.find(
			(one) => isAnswered(one) && (one.interaction.first?.latency ?? 0) + one.at > failedAt + IN_FLIGHT_TIME,
		);
	while (!isAnsweredAgain() && performance.now() - failedAt < MAX_DEAF_TIME) await wait(20);
	const [first] = commands
		.filter(isAnswered)
		.map((one) => one.at + (one.interaction.first?.latency ?? 0))
		.toSorted((a, b) => a - b);
	await wait(TIME_AFTER_RECOVERY);
	clearInterval(sending);
	await wait(REPLY_TIME);
	const recoveredAt = first ?? Number.POSITIVE_INFINITY;
	const after = commands.filter(({ at }) => at > recoveredAt);
	const meanwhile = commands.filter(({ at }) => at <= recoveredAt);
	const countLost = (of: readonly SentCommand[]) => of.filter((one) => !isAnswered(one)).length;
	await bot.close();
	const seconds = ((recoveredAt - failedAt) / 1000).toFixed(1);
	return `${name.padEnd(28)}${seconds.padStart(6)} s deaf; unanswered meanwhile: ${String(countLost(meanwhile)).padStart(3)} of ${String(meanwhile.length).padStart(3)} commands; afterwards: ${countLost(after)} of ${after.length}`;
}

for (const one of CASES) process.stdout.write(`${await measure(one)}\n`);
await closeStore();
process.exit(0);
