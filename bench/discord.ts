/**
 * The three-second rule under load: interactions reach a bot of one process through a real gateway at a fixed rate,
 * while its database is slow to reach. The local Discord checks every answer.
 *
 *     npm run bench -- discord
 *     npx tsx bench/discord.ts --rate 200 --seconds 30 --delay 200
 */
import { setTimeout as wait } from "node:timers/promises";
import type { LocalChannel, LocalUser, StoredMessage } from "../packages/local-discord/entities.ts";
import type { Interaction } from "../packages/local-discord/interactions.ts";
import { type LocalDiscord, startDiscord } from "../packages/local-discord/local-discord.ts";
import type { Dice } from "../tests/support/dice.ts";
import { readLoadOptions, runLoad, type Sent } from "./support/load.ts";

const MEMBERS = 2000;
/** A reply counts as lost this many milliseconds after the last interaction; Discord's tokens live as long. */
const PATIENCE = 14 * 60_000;

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

async function dailyPost(discord: LocalDiscord, channel: LocalChannel): Promise<StoredMessage> {
	for (let tries = 0; tries < 100; tries += 1) {
		const post = discord.messages(channel).find((message) => message.components.length > 0);
		if (post) return post;
		await wait(100);
	}
	throw new Error("the daily question was not posted");
}

/** Waits until the bot has connected to the gateway, which it does once it is ready. */
async function connected(discord: LocalDiscord): Promise<void> {
	for (let tries = 0; discord.gateway.connected === 0; tries += 1) {
		if (tries > 300) throw new Error("the bot did not connect");
		await wait(100);
	}
}

async function prepare(discord: LocalDiscord): Promise<Scene> {
	await connected(discord);
	const guild = discord.addGuild("a large server");
	const channel = discord.addChannel(guild, "daily");
	const boss = discord.addUser("Boss");
	discord.addMember(guild, boss, ["ManageGuild"]);
	const members = Array.from({ length: MEMBERS }, (_, index) => discord.addUser(`Member ${index}`));
	for (const member of members) discord.addMember(guild, member);
	const typed = (path: string[], options = {}) => discord.command({ channel, user: boss, name: "nlpq", path, options });
	await typed(["schedule", "add"], { time: "00:00", zone: "UTC" }).reply(20_000);
	await typed(["schedule", "post"]).reply(20_000);
	const post = await dailyPost(discord, channel);
	const options = await discord
		.button({ message: post, customId: buttonOf(post, "Quick check"), user: boss })
		.reply(20_000);
	// The four answers, as if each member had opened the quick check before; the buttons are the same for all.
	const letters = new Map(["A", "B", "C", "D"].map((letter) => [letter, buttonOf(options, letter)]));
	const row = {
		type: 1,
		components: [...letters].map(([label, custom_id]) => ({ type: 2, style: 1, label, custom_id: `${custom_id}` })),
	};
	post.components = [...post.components, row];
	return { discord, channel, members, post, check: (letter) => letters.get(letter) ?? "" };
}

function sentAs(interaction: Interaction): Sent {
	const final = interaction.reply(PATIENCE).then(
		() => performance.now() - interaction.startedAt,
		() => null,
	);
	return { first: () => interaction.first?.latency ?? Number.POSITIVE_INFINITY, final };
}

const options = readLoadOptions(process.argv.slice(2));
const discord = await startDiscord({ rateLimits: { routes: {} } });
process.exitCode = await runLoad(
	{
		first: "first response",
		bot: new URL("./discord/bot.ts", import.meta.url),
		environment: { DISCORD_TOKEN: discord.token, DISCORD_API_URL: `${discord.url}/api` },
		prepare: async () => {
			const scene = await prepare(discord);
			return (dice) => sentAs(act(scene, dice));
		},
		violations: () => discord.violations,
		limited: () => discord.requests.filter(({ status }) => status === 429).length,
		stop: () => discord.stop(),
	},
	options,
);
