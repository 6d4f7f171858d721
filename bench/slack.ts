/**
 * The three-second rule under load: commands and buttons reach a bot of one process over real sockets at a fixed rate,
 * while its database is slow to reach. The local Slack checks every answer.
 *
 *     npm run bench -- slack
 *     npx tsx bench/slack.ts --rate 200 --seconds 30 --delay 200
 */
import type { Delivery } from "../packages/local-slack/delivery.ts";
import { controlsOf } from "../packages/local-slack/schema/blocks.ts";
import { type LocalSlack, startSlack } from "../packages/local-slack/slack.ts";
import type { Message } from "../packages/local-slack/world.ts";
import type { Dice } from "../tests/support/dice.ts";
import { readLoadOptions, runLoad, type SentInteraction } from "./support/load.ts";

const MEMBERS = 2000;
/** Milliseconds after which a reply counts as lost: nearly as long as a response_url lives. */
const REPLY_TIMEOUT = 29 * 60_000;
const SCOPES = ["channels:read", "chat:write", "commands", "files:write", "groups:read", "users:read"];

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

/** A member does what members do in the minutes after the daily question: mostly look, then answer. */
function act({ slack, channel, members, post }: Scene, dice: Dice): Delivery {
	const user = dice.pick(members);
	const type = (text: string) => slack.command({ user, channel, text });
	const chance = dice.next();
	if (chance < 0.2) return slack.action({ message: post, user, ...buttonOf(post, "Quick check") });
	if (chance < 0.4) return type(`check today ${dice.pick(["A", "B", "C", "D"])}`);
	if (chance < 0.5) return slack.action({ message: post, user, ...buttonOf(post, "Hint") });
	if (chance < 0.7) return type("today");
	if (chance < 0.85) return type("random");
	if (chance < 0.95) return type("search attention cache");
	return type("leaderboard");
}

async function prepare(slack: LocalSlack, team: string, channel: string, admin: string): Promise<Scene> {
	await slack.sockets.waitFor(2, 20_000);
	const members = Array.from(
		{ length: MEMBERS },
		(_, index) => slack.settings.addMember({ team, name: `member${index}` }).id,
	);
	for (const member of members) slack.world.channel(channel).members.add(member);
	await slack.command({ user: admin, channel, text: "schedule add 00:00 UTC" }).reply(0, 20_000);
	await slack.command({ user: admin, channel, text: "schedule post" }).reply(0, 20_000);
	const find = () => slack.messages(team, channel).find((message) => message.metadata !== undefined);
	return { slack, channel, members, post: await slack.until("the daily question", find, 20_000) };
}

function timed(delivery: Delivery): SentInteraction {
	const startedAt = performance.now();
	const final = delivery.reply(0, REPLY_TIMEOUT).then(
		() => performance.now() - startedAt,
		() => null,
	);
	return { firstResponseMs: () => delivery.attempts[0]?.latencyMs ?? Number.POSITIVE_INFINITY, finalReplyMs: final };
}

const options = readLoadOptions(process.argv.slice(2));
const slack = await startSlack();
const team = slack.settings.addTeam().id;
const admin = slack.settings.addMember({ team, name: "admin", isAdmin: true }).id;
const channel = slack.settings.addChannel({ team, name: "daily", members: [admin] }).id;
const { token } = slack.settings.install(team, { scopes: SCOPES });
process.exitCode = await runLoad(
	{
		firstResponseName: "ack",
		program: new URL("./slack/bot.ts", import.meta.url),
		environment: {
			SLACK_API_URL: slack.apiUrl,
			SLACK_BOT_TOKEN: token,
			SLACK_APP_TOKEN: slack.credentials.newAppToken(),
		},
		prepare: async () => {
			const scene = await prepare(slack, team, channel, admin);
			return (dice) => timed(act(scene, dice));
		},
		violations: () => slack.violations,
		rateLimits: () => slack.requests.filter(({ outcome }) => outcome.includes("ratelimited")).length,
		stop: () => slack.stop(),
	},
	options,
);
