import type { KnownBlock, MessageMetadata } from "@slack/types";
import { WebClient } from "@slack/web-api";
import { quietLogger } from "./bolt-app.ts";
import { type MovableClock, movableClock } from "./clock.ts";
import { type LocalSlack, startSlack } from "./slack.ts";
import type { Channel, Member, Team } from "./world.ts";

export const SCOPES = [
	"chat:write",
	"users:read",
	"channels:history",
	"channels:read",
	"files:write",
	"im:write",
	"team:read",
];

interface Posting {
	channel?: string;
	text?: string;
	thread_ts?: string;
	metadata?: MessageMetadata;
	blocks?: KnownBlock[];
}

/** A local Slack with a channel and one member, and Slack's own client of an app in it. */
export interface Stage {
	readonly clock: MovableClock;
	readonly slack: LocalSlack;
	readonly team: Team;
	readonly channel: Channel;
	readonly ana: Member;
	readonly client: WebClient;
	clientFor(token: string): WebClient;
	/** Posts to the channel. */
	post(over?: Posting): ReturnType<WebClient["chat"]["postMessage"]>;
}

export async function setStage(): Promise<Stage> {
	const clock = movableClock();
	const slack = await startSlack({ clock });
	const team = slack.settings.addTeam();
	const ana = slack.settings.addMember({ team: team.id, realName: "Ana Silva", displayName: "ana", isAdmin: true });
	const channel = slack.settings.addChannel({ team: team.id, members: [ana.id] });
	const clientFor = (token: string) =>
		new WebClient(token, {
			slackApiUrl: slack.apiUrl,
			retryConfig: { retries: 0 },
			rejectRateLimitedCalls: true,
			timeout: 1000,
			logger: quietLogger(),
		});
	const client = clientFor(slack.settings.install(team.id, { scopes: SCOPES }).token);
	const post = (over: Posting = {}) => client.chat.postMessage({ channel: channel.id, text: "question", ...over });
	return { clock, slack, team, channel, ana, client, clientFor, post };
}
