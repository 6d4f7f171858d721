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
import { readLoadOptions, runLoad, type SentInteraction } from "./support/load.ts";

const MEMBERS = 2000;
/** Milliseconds after which a reply counts as lost: nearly as long as an interaction's token lives. */
const REPLY_TIMEOUT = 14 * 60_000;

interface Scene {
	readonly discord: LocalDiscord;
	readonly channel: LocalChannel;
	readonly members: readonly LocalUser[];
	readonly post: StoredMessage;
	/** The id of the button of an option of the quick check. */
	readonly optionButton: (letter: string) => string;
}

function buttonOf(message: StoredMessage, label: string): string {
	const parts = message.components.flatMap((row) => row.components ?? []);
	const found = parts.find((part) => part.label === label)?.custom_id;
	if (!found) throw new Error(`no button ${label}`);
	return found;
}

/** A member does what members do in the minutes after the daily question: mostly look, then answer. */
function act({ discord, channel, members, post, optionButton }: Scene, dice: Dice): Interaction {
	const user = dice.pick(members);
	const type = (name: string, options = {}) =>
		discord.command({ channel, user, name: "nlpq", path: name.split(" "), options });
	const press = (customId: string) => discord.button({ message: post, customId, user });
	const chance = dice.next();
	if (chance < 0.2) return press(buttonOf(post, "Quick check"));
	if (chance < 0.35) return press(optionButton(dice.pick(["A", "B", "C", "D"])));
	if (chance < 0.45) return press(buttonOf(post, "Hint"));
	if (chance < 0.65) return type("today");
	if (chance < 0.85) return type("random");
	if (chance < 0.95) return type("search", { words: "attention cache" });
	return type("leaderboard");
}

async function findDailyPost(discord: LocalDiscord, channel: LocalChannel): Promise<StoredMessage> {
	for (let tries = 0; tries < 100; tries += 1) {
		const post = discord.messages(channel).find((message) => message.components.length > 0);
		if (post) return post;
		await wait(100);
	}
	throw new Error("the daily question was not posted");
}

/** Waits until the bot has connected to the gateway, which it does once it is ready. */
async function waitUntilConnected(discord: LocalDiscord): Promise<void> {
	for (let tries = 0; discord.gateway.connected === 0; tries += 1) {
		if (tries > 300) throw new Error("the bot did not connect");
		await wait(100);
	}
}

async function prepare(discord: LocalDiscord): Promise<Scene> {
	await waitUntilConnected(discord);
	const guild = discord.addGuild("a large server");
	const channel = discord.addChannel(guild, "daily");
	const admin = discord.addUser("Admin");
	discord.addMember(guild, admin, ["ManageGuild"]);
	const members = Array.from({ length: MEMBERS }, (_, index) => discord.addUser(`Member ${index}`));
	for (const member of members) discord.addMember(guild, member);
	const typeAsAdmin = (path: string[], options = {}) =>
		discord.command({ channel, user: admin, name: "nlpq", path, options });
	await typeAsAdmin(["schedule", "add"], { time: "00:00", zone: "UTC" }).reply(20_000);
	await typeAsAdmin(["schedule", "post"]).reply(20_000);
	const post = await findDailyPost(discord, channel);
	const options = await discord
		.button({ message: post, customId: buttonOf(post, "Quick check"), user: admin })
		.reply(20_000);
	// Adds the four options to the post, as if each member had opened the quick check: the buttons are the same for all.
	const letters = new Map(["A", "B", "C", "D"].map((letter) => [letter, buttonOf(options, letter)]));
	const row = {
		type: 1,
		components: [...letters].map(([label, custom_id]) => ({ type: 2, style: 1, label, custom_id: `${custom_id}` })),
	};
	post.components = [...post.components, row];
	return { discord, channel, members, post, optionButton: (letter) => letters.get(letter) ?? "" };
}

function timed(interaction: Interaction): SentInteraction {
	const final = interaction.reply(REPLY_TIMEOUT).then(
		() => performance.now() - interaction.startedAt,
		() => null,
	);
	return { firstResponseMs: () => interaction.first?.latency ?? Number.POSITIVE_INFINITY, finalReplyMs: final };
}

const options = readLoadOptions(process.argv.slice(2));
const discord = await startDiscord({ rateLimits: { routes: {} } });
process.exitCode = await runLoad(
	{
		firstResponseName: "first response",
		program: new URL("./discord/bot.ts", import.meta.url),
		environment: { DISCORD_TOKEN: discord.token, DISCORD_API_URL: `${discord.url}/api` },
		prepare: async () => {
			const scene = await prepare(discord);
			return (dice) => timed(act(scene, dice));
		},
		violations: () => discord.violations,
		rateLimits: () => discord.requests.filter(({ status }) => status === 429).length,
		stop: () => discord.stop(),
	},
	options,
);
