/**
 * The rule of three seconds under load: so many commands and buttons a second reach a bot of one process over real
 * sockets, while its way to the database is slow. Every answer is checked by the local Slack.
 *
 *     npm run bench -- slack
 *     npx tsx bench/slack.ts --rate 200 --seconds 30 --delay 200
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { cpus } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { Delivery } from "../tests/peers/slack/delivery.ts";
import { controlsOf } from "../tests/peers/slack/schema/blocks.ts";
import { type LocalSlack, startSlack } from "../tests/peers/slack/slack.ts";
import type { Message } from "../tests/peers/slack/world.ts";
import { openBenchDatabase } from "./support/database.ts";
import { Dice } from "./support/dice.ts";
import { SlowWire } from "./support/slow-wire.ts";

const MEMBERS = 2000;
/** Milliseconds after the last interaction until a reply counts as lost: a response_url lives as long. */
const PATIENCE = 29 * 60_000;
const LIMIT = 3000;
const SCOPES = ["channels:read", "chat:write", "commands", "files:write", "groups:read", "users:read"];

interface Options {
	readonly rate: number;
	readonly seconds: number;
	readonly delay: number;
	readonly pool: number;
	readonly seed: number;
}

function readOptions(args: string[]): Options {
	const { values } = parseArgs({
		args,
		options: {
			rate: { type: "string", default: "200" },
			seconds: { type: "string", default: "30" },
			delay: { type: "string", default: "200" },
			pool: { type: "string", default: "50" },
			seed: { type: "string", default: "1" },
		},
	});
	const number = (name: keyof typeof values): number => {
		const value = Number(values[name]);
		if (!Number.isInteger(value) || value < 0) throw new RangeError(`--${name} takes a whole number`);
		return value;
	};
	return {
		rate: number("rate"),
		seconds: number("seconds"),
		delay: number("delay"),
		pool: number("pool"),
		seed: number("seed"),
	};
}

interface Scene {
	readonly slack: LocalSlack;
	readonly channel: string;
	readonly members: readonly string[];
	readonly post: Message;
}

function buttonOf(message: Message, label: string): { actionId: string; blockId: string } {
	for (const block of message.blocks)
		for (const control of controlsOf(block))
			if (control.type === "button" && control.text.text === label)
				return { actionId: control.action_id ?? "", blockId: block.block_id ?? "" };
	throw new Error(`no button ${label}`);
}

/** What members do in the minutes after the daily question: mostly look, then answer. */
function act({ slack, channel, members, post }: Scene, dice: Dice): Delivery {
	const user = dice.pick(members);
	const typed = (text: string) => slack.command({ user, channel, text });
	const throwOf = dice.next();
	if (throwOf < 0.2) return slack.action({ message: post, user, ...buttonOf(post, "Quick check") });
	if (throwOf < 0.4) return typed(`check today ${dice.pick(["A", "B", "C", "D"])}`);
	if (throwOf < 0.5) return slack.action({ message: post, user, ...buttonOf(post, "Hint") });
	if (throwOf < 0.7) return typed("today");
	if (throwOf < 0.85) return typed("random");
	if (throwOf < 0.95) return typed("search attention cache");
	return typed("leaderboard");
}

async function prepare(slack: LocalSlack, team: string, channel: string, boss: string): Promise<Scene> {
	const members = Array.from(
		{ length: MEMBERS },
		(_, index) => slack.settings.addMember({ team, name: `member${index}` }).id,
	);
	for (const member of members) slack.world.channel(channel).members.add(member);
	await slack.command({ user: boss, channel, text: "schedule add 00:00 UTC" }).reply(0, 20_000);
	await slack.command({ user: boss, channel, text: "schedule post" }).reply(0, 20_000);
	const find = () => slack.messages(team, channel).find((message) => message.metadata !== undefined);
	return { slack, channel, members, post: await slack.until("the daily question", find, 20_000) };
}

const quantile = (sorted: readonly number[], share: number): number =>
	sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;

interface Load {
	readonly deliveries: readonly Delivery[];
	/** Milliseconds from each interaction to its reply; null when none came. */
	readonly answered: readonly Promise<number | null>[];
	readonly rate: number;
}

/** Sends the load on time: whoever is late catches up, so that a slow bot is not spared. */
async function load(scene: Scene, options: Options): Promise<Load> {
	const dice = new Dice(options.seed);
	const total = options.rate * options.seconds;
	const deliveries: Delivery[] = [];
	const answered: Promise<number | null>[] = [];
	const begun = performance.now();
	while (deliveries.length < total) {
		const due = Math.min(total, Math.floor(((performance.now() - begun) / 1000) * options.rate) + 1);
		while (deliveries.length < due) {
			const startedAt = performance.now();
			const delivery = act(scene, dice);
			deliveries.push(delivery);
			answered.push(
				delivery.reply(0, PATIENCE).then(
					() => performance.now() - startedAt,
					() => null,
				),
			);
		}
		await wait(2);
	}
	return { deliveries, answered, rate: total / ((performance.now() - begun) / 1000) };
}

async function startBot(environment: Readonly<Record<string, string>>, faults: string[]) {
	const child = fork(new URL("./slack/bot.ts", import.meta.url), {
		execArgv: ["--import", "tsx"],
		env: { ...process.env, ...environment },
	});
	let memory = 0;
	child.on("message", (message: { fault?: string; memory?: number }) => {
		if (message.fault !== undefined) faults.push(message.fault);
		memory = message.memory ?? memory;
	});
	await new Promise<void>((resolve, reject) => {
		child.on("message", (message: { ready?: boolean }) => message.ready && resolve());
		child.once("exit", (code) => reject(new Error(`the bot ended with ${code}`)));
	});
	return {
		async stop(): Promise<number> {
			const ended = new Promise<void>((resolve) =>
				child.on("message", (message: { stopped?: boolean }) => message.stopped && resolve()),
			);
			child.send("stop");
			await ended;
			const gone = once(child, "exit");
			child.disconnect();
			await gone;
			return memory;
		},
	};
}

const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : Math.round(value)} ms`;

async function run(options: Options): Promise<number> {
	const bench = await openBenchDatabase();
	const address = new URL(bench.url);
	const wire = new SlowWire(address.hostname, Number(address.port), 0);
	address.hostname = "127.0.0.1";
	address.port = String(await wire.open());
	const slack = await startSlack();
	const faults: string[] = [];
	try {
		const team = slack.settings.addTeam().id;
		const boss = slack.settings.addMember({ team, name: "boss", isAdmin: true }).id;
		const channel = slack.settings.addChannel({ team, name: "daily", members: [boss] }).id;
		const { token } = slack.settings.install(team, { scopes: SCOPES });
		const bot = await startBot(
			{
				BENCH_DATABASE: address.toString(),
				BENCH_SLACK: slack.apiUrl,
				BENCH_TOKEN: token,
				BENCH_APP_TOKEN: slack.credentials.newAppToken(),
				BENCH_POOL: String(options.pool),
			},
			faults,
		);
		await slack.sockets.waitFor(2, 20_000);
		const scene = await prepare(slack, team, channel, boss);
		wire.delay = options.delay;
		const sent = await load(scene, options);
		const finals = await Promise.all(sent.answered);
		const acks = sent.deliveries
			.map(({ attempts }) => attempts[0]?.latencyMs ?? Number.POSITIVE_INFINITY)
			.toSorted((a, b) => a - b);
		const done = finals.filter((value) => value !== null).toSorted((a, b) => a - b);
		wire.delay = 0;
		const memory = await bot.stop();
		const late = acks.filter((latency) => latency > LIMIT).length;
		const count = sent.deliveries.length;
		const limited = slack.requests.filter(({ outcome }) => outcome.includes("ratelimited")).length;
		const figures: readonly (readonly [string, string])[] = [
			[
				"machine",
				`${cpus().length} cores, Node ${process.version}, one process of the bot, ${options.pool} connections`,
			],
			["load", `${count} interactions at ${sent.rate.toFixed(0)} a second, the database slowed by ${options.delay} ms`],
			["ack", `p50 ${ms(quantile(acks, 0.5))}, p99 ${ms(quantile(acks, 0.99))}, max ${ms(acks.at(-1) ?? Number.NaN)}`],
			["over 3 s", `${late} of ${count} (${((100 * late) / count).toFixed(2)} %)`],
			[
				"final replies",
				`${done.length} of ${count}, p50 ${ms(quantile(done, 0.5))}, p99 ${ms(quantile(done, 0.99))}, max ${ms(done.at(-1) ?? Number.NaN)}`,
			],
			["violations, faults, 429s", `${slack.violations.length}, ${faults.length}, ${limited}`],
			["memory of the bot", `${Math.round(memory / 2 ** 20)} MiB`],
		];
		for (const [name, value] of figures) process.stdout.write(`${name.padEnd(26)}${value}\n`);
		for (const fault of faults.slice(0, 5)) process.stdout.write(`  ${fault}\n`);
		for (const violation of slack.violations.slice(0, 5)) process.stdout.write(`  ${JSON.stringify(violation)}\n`);
		return late === 0 && done.length === count && faults.length === 0 && slack.violations.length === 0 ? 0 : 1;
	} finally {
		await slack.stop();
		wire.close();
		await bench.drop();
	}
}

process.exitCode = await run(readOptions(process.argv.slice(2)));
