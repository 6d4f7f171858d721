import { randomBytes } from "node:crypto";
import type { LocalChannel, LocalUser, StoredMessage } from "../../../../packages/local-discord/entities.ts";
import type { Interaction } from "../../../../packages/local-discord/interactions.ts";
import { type LocalDiscord, startDiscord } from "../../../../packages/local-discord/local-discord.ts";
import type { Delivery } from "../../../../packages/local-slack/delivery.ts";
import { startSlack } from "../../../../packages/local-slack/slack.ts";
import type { Message } from "../../../../packages/local-slack/world.ts";
import { type Act, lineOf, type Peer } from "./peer.ts";

/** The text that a member reads. */
const textOfDiscord = ({ content, embeds }: StoredMessage): string => JSON.stringify({ content, embeds });
const textOfSlack = ({ text, blocks }: Message): string => JSON.stringify({ text, blocks });

interface DiscordMember {
	readonly user: LocalUser;
	readonly channel: LocalChannel;
	readonly interactions: Interaction[];
}

function optionsOf(act: Act): Record<string, string> {
	if (act.type === "report") return { question: "question-1", text: act.mark };
	return { time: "09:00", zone: "UTC" };
}

const shownIn = ({ original, followUps }: Interaction): StoredMessage[] =>
	[...(original ? [original] : []), ...followUps].filter((message) => !message.deleted && !message.loading);

function discordMembers(discord: LocalDiscord) {
	const guild = discord.addGuild("study group");
	const members = new Map<string, DiscordMember>();
	const memberOf = (mark: string): DiscordMember => {
		const known = members.get(mark);
		if (known) return known;
		const member = { user: discord.addUser(mark), channel: discord.addChannel(guild, mark), interactions: [] };
		discord.addMember(guild, member.user, ["ManageGuild"]);
		members.set(mark, member);
		return member;
	};
	const type = (mark: string, path: string[], options: Record<string, string>): Interaction => {
		const { user, channel, interactions } = memberOf(mark);
		const given = discord.command({ channel, user, name: "nlpq", path, options });
		interactions.push(given);
		return given;
	};
	return { memberOf, type };
}

/** @param isSealed whether the operator has set a key, so that tokens are kept */
export async function discordPeer(isSealed: boolean): Promise<Peer> {
	const discord = await startDiscord({ rateLimits: false });
	const { memberOf, type } = discordMembers(discord);
	const key = isSealed ? { key: `k1:${randomBytes(32).toString("base64")}` } : {};
	return {
		kinds: ["report", "schedule"],
		settings: { token: discord.token, url: `${discord.url}/api`, ...key },
		connected: () => undefined,
		act: (act) => void type(act.mark, act.type === "schedule" ? ["schedule", "add"] : ["report"], optionsOf(act)),
		askForHelp: async (mark) => void (await type(mark, ["help"], {}).reply()),
		told: (mark) => memberOf(mark).interactions.flatMap(shownIn).map(textOfDiscord),
		wasTaken: (mark) => memberOf(mark).interactions[0]?.first !== undefined,
		channelOf: (mark) => memberOf(mark).channel.id,
		stop: () => discord.stop(),
	};
}

interface SlackMember {
	readonly id: string;
	readonly channel: string;
	readonly deliveries: Delivery[];
}

export async function slackPeer(client: "slack-socket" | "slack-http"): Promise<Peer> {
	const slack = await startSlack();
	const team = slack.settings.addTeam({ id: "T0CHAOS" }).id;
	const { token } = slack.settings.install(team, {
		scopes: ["channels:read", "chat:write", "commands", "files:write", "groups:read", "users:read"],
	});
	const members = new Map<string, SlackMember>();
	const memberOf = (mark: string): SlackMember => {
		const known = members.get(mark);
		if (known) return known;
		const number = String(members.size).padStart(6, "0");
		const { id } = slack.settings.addMember({ team, id: `U${number}`, name: mark, displayName: mark, isAdmin: true });
		const channel = slack.settings.addChannel({ team, id: `C${number}`, name: mark, members: [id] }).id;
		const member = { id, channel, deliveries: [] };
		members.set(mark, member);
		return member;
	};
	const say = (mark: string, text: string): Delivery => {
		const { id, channel, deliveries } = memberOf(mark);
		const given = slack.command({ user: id, channel, text });
		deliveries.push(given);
		return given;
	};
	const app =
		client === "slack-socket" ? { appToken: slack.credentials.newAppToken() } : { secret: slack.app.signingSecret };
	return {
		kinds: ["report", "answer", "schedule"],
		settings: { token, url: slack.apiUrl, ...app },
		connected: (port) => {
			if (port !== null) slack.requestUrl = `http://127.0.0.1:${port}/slack/events`;
		},
		act: (act) => void say(act.mark, lineOf(act)),
		askForHelp: async (mark) => void (await say(mark, "help").reply()),
		told: (mark) => memberOf(mark).deliveries.flatMap(({ replies }) => replies.map(textOfSlack)),
		wasTaken: (mark) => memberOf(mark).deliveries[0]?.acknowledged ?? false,
		channelOf: (mark) => memberOf(mark).channel,
		stop: () => slack.stop(),
	};
}

export function terminalPeer(): Peer {
	const textsByMember = new Map<string, string[]>();
	let buffered = "";
	let give: (line: string) => void = () => undefined;
	return {
		// The terminal has a single channel, which can hold only a few schedules.
		kinds: ["report", "answer"],
		settings: {},
		connected: (_port, line) => {
			buffered = "";
			give = line;
		},
		act: (act) => give(`${act.mark}: /nlpq ${lineOf(act)}`),
		askForHelp: async (mark) => give(`${mark}: /nlpq help`),
		told: (mark) => textsByMember.get(mark) ?? [],
		wasTaken: () => false,
		channelOf: () => "terminal",
		hear: (text) => {
			const lines = (buffered + text).split("\n");
			buffered = lines.pop() ?? "";
			for (const line of lines) {
				const [, to = ""] = /"to":"([^"]*)"/.exec(line) ?? [];
				textsByMember.set(to, [...(textsByMember.get(to) ?? []), line]);
			}
		},
		stop: async () => undefined,
	};
}
