/**
 * The rule of three seconds under load: so many interactions a second reach a bot of one process through a real
 * gateway, while its way to the database is slow. Every answer is checked by the local Discord.
 *
 *     npm run bench -- discord
 *     npx tsx bench/discord.ts --rate 200 --seconds 30 --delay 200
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { cpus } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";
import type { LocalChannel, LocalUser, StoredMessage } from "../tests/peers/discord/entities.ts";
import type { Interaction } from "../tests/peers/discord/interactions.ts";
import { type LocalDiscord, startDiscord } from "../tests/peers/discord/local-discord.ts";
import { openBenchDatabase } from "./support/database.ts";
import { Dice } from "./support/dice.ts";
import { SlowWire } from "./support/slow-wire.ts";

const MEMBERS = 2000;
/** Milliseconds after the last interaction until a reply counts as lost: the tokens of Discord live as long. */
const PATIENCE = 14 * 60_000;
const LIMIT = 3000;

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
	const [rate, seconds, delay] = [number("rate"), number("seconds"), number("delay")];
	return { rate, seconds, delay, pool: number("pool"), seed: number("seed") };
}

interface Scene {
	readonly discord: LocalDiscord;
	readonly channel: LocalChannel;
	readonly members: readonly LocalUser[];
	readonly post: StoredMessage;
	readonly check: (letter: string) => string;
}

function buttonOf(message: StoredMessage, label: string): string {
	const parts = message.components.flatMap((row) => row.components ?? []);
	const found = parts.find((part) => part.label === label)?.custom_id;
	if (!found) throw new Error(`no button ${label}`);
	return found;
}

/** What members do in the minutes after the daily question: mostly look, then answer. */
function act({ discord, channel, members, post, check }: Scene, dice: Dice): Interaction {
	const user = dice.pick(members);
	const typed = (name: string, options = {}) =>
		discord.command({ channel, user, name: "nlpq", path: name.split(" "), options });
	const pressed = (customId: string) => discord.button({ message: post, customId, user });
	const throwOf = dice.next();
	if (throwOf < 0.2) return pressed(buttonOf(post, "Quick check"));
	if (throwOf < 0.35) return pressed(check(dice.pick(["A", "B", "C", "D"])));
	if (throwOf < 0.45) return pressed(buttonOf(post, "Hint"));
	if (throwOf < 0.65) return typed("today");
	if (throwOf < 0.85) return typed("random");
	if (throwOf < 0.95) return typed("search", { words: "attention cache" });
	return typed("leaderboard");
}

async function prepare(discord: LocalDiscord): Promise<Scene> {
	const guild = discord.addGuild("a large server");
	const channel = discord.addChannel(guild, "daily");
	const boss = discord.addUser("Boss");
	discord.addMember(guild, boss, ["ManageGuild"]);
	const members = Array.from({ length: MEMBERS }, (_, index) => discord.addUser(`Member ${index}`));
	for (const member of members) discord.addMember(guild, member);
	const typed = (path: string[], options = {}) => discord.command({ channel, user: boss, name: "nlpq", path, options });
	await typed(["schedule", "add"], { time: "00:00", zone: "UTC" }).reply(20_000);
	await typed(["schedule", "post"]).reply(20_000);
	let post: StoredMessage | undefined;
	for (let tries = 0; !post && tries < 100; tries += 1) {
		post = discord.messages(channel).find((message) => message.components.length > 0);
		await wait(100);
	}
	if (!post) throw new Error("the daily question was not posted");
	const options = await discord
		.button({ message: post, customId: buttonOf(post, "Quick check"), user: boss })
		.reply(20_000);
	const shown = post;
	// The four answers, as if each member had opened the quick check before: the buttons are the same for all.
	const letters = new Map(["A", "B", "C", "D"].map((letter) => [letter, buttonOf(options, letter)]));
	const row = {
		type: 1,
		components: [...letters].map(([label, custom_id]) => ({ type: 2, style: 1, label, custom_id: `${custom_id}` })),
	};
	shown.components = [...shown.components, row];
	return { discord, channel, members, post: shown, check: (letter) => letters.get(letter) ?? "" };
}

const quantile = (sorted: readonly number[], share: number): number =>
	sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;

interface Load {
	readonly interactions: readonly Interaction[];
	readonly answered: readonly Promise<number | null>[];
	readonly rate: number;
}

/** Milliseconds from an interaction to its finished reply; null when none came. */
function finalOf(interaction: Interaction): Promise<number | null> {
	return interaction.reply(PATIENCE).then(
		() => performance.now() - interaction.startedAt,
		() => null,
	);
}

/** Sends the load on time: whoever is late catches up, so that a slow bot is not spared. */
async function load(scene: Scene, options: Options): Promise<Load> {
	const dice = new Dice(options.seed);
	const total = options.rate * options.seconds;
	const interactions: Interaction[] = [];
	const answered: Promise<number | null>[] = [];
	const begun = performance.now();
	while (interactions.length < total) {
		const due = Math.min(total, Math.floor(((performance.now() - begun) / 1000) * options.rate) + 1);
		while (interactions.length < due) {
			const interaction = act(scene, dice);
			interactions.push(interaction);
			answered.push(finalOf(interaction));
		}
		await wait(2);
	}
	return { interactions, answered, rate: total / ((performance.now() - begun) / 1000) };
}

async function startBot(discord: LocalDiscord, database: string, pool: number, faults: string[]) {
	const child = fork(new URL("./discord/bot.ts", import.meta.url), {
		execArgv: ["--import", "tsx"],
		env: {
			...process.env,
			BENCH_DATABASE: database,
			BENCH_DISCORD: `${discord.url}/api`,
			BENCH_TOKEN: discord.token,
			BENCH_POOL: String(pool),
		},
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
	const discord = await startDiscord({ rateLimits: { routes: {} } });
	const faults: string[] = [];
	try {
		const bot = await startBot(discord, address.toString(), options.pool, faults);
		const scene = await prepare(discord);
		wire.delay = options.delay;
		const sent = await load(scene, options);
		const finals = await Promise.all(sent.answered);
		const firsts = sent.interactions
			.map(({ first }) => first?.latency ?? Number.POSITIVE_INFINITY)
			.toSorted((a, b) => a - b);
		const done = finals.filter((value) => value !== null).toSorted((a, b) => a - b);
		wire.delay = 0;
		const memory = await bot.stop();
		const late = firsts.filter((latency) => latency > LIMIT).length;
		const count = sent.interactions.length;
		const figures: readonly (readonly [string, string])[] = [
			[
				"machine",
				`${cpus().length} cores, Node ${process.version}, one process of the bot, ${options.pool} connections`,
			],
			["load", `${count} interactions at ${sent.rate.toFixed(0)} a second, the database slowed by ${options.delay} ms`],
			[
				"first response",
				`p50 ${ms(quantile(firsts, 0.5))}, p99 ${ms(quantile(firsts, 0.99))}, max ${ms(firsts.at(-1) ?? Number.NaN)}`,
			],
			["over 3 s", `${late} of ${count} (${((100 * late) / count).toFixed(2)} %)`],
			[
				"final replies",
				`${done.length} of ${count}, p50 ${ms(quantile(done, 0.5))}, p99 ${ms(quantile(done, 0.99))}, max ${ms(done.at(-1) ?? Number.NaN)}`,
			],
			[
				"violations, faults, 429s",
				`${discord.violations.length}, ${faults.length}, ${discord.requests.filter(({ status }) => status === 429).length}`,
			],
			["memory of the bot", `${Math.round(memory / 2 ** 20)} MiB`],
		];
		for (const [name, value] of figures) process.stdout.write(`${name.padEnd(26)}${value}\n`);
		for (const fault of faults.slice(0, 5)) process.stdout.write(`  ${fault}\n`);
		for (const violation of discord.violations.slice(0, 5)) process.stdout.write(`  ${JSON.stringify(violation)}\n`);
		return late === 0 && done.length === count && faults.length === 0 && discord.violations.length === 0 ? 0 : 1;
	} finally {
		await discord.stop();
		wire.close();
		await bench.drop();
	}
}

process.exitCode = await run(readOptions(process.argv.slice(2)));
