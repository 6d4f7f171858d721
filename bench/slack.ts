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
import { readLoadOptions, runLoad, type Sent } from "./support/load.ts";

const MEMBERS = 2000;
/** A reply counts as lost this many milliseconds after the last interaction; a response_url lives as long. */
const PATIENCE = 29 * 60_000;
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
	await slack.sockets.waitFor(2, 20_000);
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

function sentAs(delivery: Delivery): Sent {
	const startedAt = performance.now();
	const final = delivery.reply(0, PATIENCE).then(
		() => performance.now() - startedAt,
		() => null,
	);
	return { first: () => delivery.attempts[0]?.latencyMs ?? Number.POSITIVE_INFINITY, final };
}

const options = readLoadOptions(process.argv.slice(2));
const slack = await startSlack();
const team = slack.settings.addTeam().id;
const boss = slack.settings.addMember({ team, name: "boss", isAdmin: true }).id;
const channel = slack.settings.addChannel({ team, name: "daily", members: [boss] }).id;
const { token } = slack.settings.install(team, { scopes: SCOPES });
process.exitCode = await runLoad(
	{
		first: "ack",
		bot: new URL("./slack/bot.ts", import.meta.url),
		environment: {
			SLACK_API_URL: slack.apiUrl,
			SLACK_BOT_TOKEN: token,
			SLACK_APP_TOKEN: slack.credentials.newAppToken(),
		},
		prepare: async () => {
			const scene = await prepare(slack, team, channel, boss);
			return (dice) => sentAs(act(scene, dice));
		},
		violations: () => slack.violations,
		limited: () => slack.requests.filter(({ outcome }) => outcome.includes("ratelimited")).length,
		stop: () => slack.stop(),
	},
	options,
);
