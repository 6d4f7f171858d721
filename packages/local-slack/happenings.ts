import type { Delivery } from "./delivery.ts";
import type { Interactions, Travel } from "./interactions.ts";
import type { Peer } from "./peer.ts";
import type { Settings } from "./settings.ts";
import type { Channel, Message, Team } from "./world.ts";

interface Said {
	readonly channel: string;
	readonly user: string;
	readonly text: string;
	readonly threadTs?: string;
}

/** What happens in channels and direct messages, reported to the app within its subscriptions and scopes. */
export class Happenings {
	private readonly peer: Peer;
	private readonly settings: Settings;
	private readonly interactions: Interactions;

	constructor(peer: Peer, settings: Settings, interactions: Interactions) {
		this.peer = peer;
		this.settings = settings;
		this.interactions = interactions;
	}

	/** Somebody joins a channel, by default the app's bot. Undefined if the app is not told. */
	invite({ channel: id, user, ...travel }: Travel & { channel: string; user?: string; inviter?: string }) {
		const { world } = this.peer;
		const channel = world.channel(id);
		const team = world.team(channel.team);
		const newcomer = user ?? team.botUserId;
		channel.members.add(newcomer);
		const scope = channel.kind === "private" ? "groups:read" : "channels:read";
		// Slack tells bots in the channel, and the newcomer itself.
		if (!channel.members.has(team.botUserId) || !this.hears(team, "member_joined_channel", scope)) return undefined;
		const { inviter, ...way } = travel;
		const channel_type = "C";
		const event = { type: "member_joined_channel", user: newcomer, channel: id, channel_type, team: team.id };
		return this.interactions.event({ ...way, team: team.id, event: { ...event, ...(inviter ? { inviter } : {}) } });
	}

	/** A member writes a message. Undefined if the app is not told. */
	say({ threadTs, ...said }: Said, travel: Travel = {}): Delivery | undefined {
		const message = this.settings.say(said.channel, said.user, said.text);
		message.threadTs = threadTs;
		return this.tell(message, {}, travel);
	}

	/** A member edits a message. Slack reports it in direct messages, and if the edit adds a mention. */
	amend(message: Message, text: string, travel: Travel = {}): Delivery | undefined {
		const { world, clock } = this.peer;
		message.edits.push({ text: message.text, blocks: message.blocks });
		message.text = text;
		message.editedTs = world.newTs(clock.now());
		const edited = { user: message.user, ts: message.editedTs };
		const channel = world.channel(message.channel);
		if (channel.kind !== "im") return this.tell(message, { edited }, travel);
		const team = this.homeOf(channel);
		if (!this.hears(team, "message.im", "im:history")) return undefined;
		const inner = { type: "message", user: message.user, text, ts: message.ts, edited };
		const event = { type: "message", subtype: "message_changed", hidden: true, message: inner };
		return this.interactions.event({
			...travel,
			team: team.id,
			event: { ...event, channel: channel.id, channel_type: "im", ts: message.editedTs },
		});
	}

	/** Slack reports an app's own messages to it too. */
	tell(message: Message, more: Record<string, unknown> = {}, travel: Travel = {}): Delivery | undefined {
		const channel = this.peer.world.channel(message.channel);
		const team = this.homeOf(channel);
		const direct = channel.kind === "im";
		const isMention = message.text.includes(`<@${team.botUserId}>`) && channel.members.has(team.botUserId);
		if (!direct && !isMention) return undefined;
		const isSubscribed = direct
			? this.hears(team, "message.im", "im:history")
			: this.hears(team, "app_mention", "app_mentions:read");
		if (!isSubscribed) return undefined;
		const { user, text, ts, threadTs, botId } = message;
		const event = {
			...(direct ? { type: "message", channel_type: "im" } : { type: "app_mention" }),
			user,
			text,
			ts,
			channel: channel.id,
			team: team.id,
			...(threadTs === undefined ? {} : { thread_ts: threadTs }),
			...(botId === undefined ? {} : { bot_id: botId }),
			...more,
		};
		return this.interactions.event({ ...travel, team: team.id, event });
	}

	private homeOf(channel: Channel): Team {
		const { world, installations } = this.peer;
		const teams = [channel.team, ...channel.sharedWith].map((id) => world.team(id));
		return teams.find(({ id }) => installations.has(id)) ?? world.team(channel.team);
	}

	private hears(team: Team, event: string, scope: string): boolean {
		const { installations, app } = this.peer;
		const installation = installations.get(team.id) ?? installations.get(team.enterprise?.id ?? "");
		const isSubscribed = app.events?.includes(event) ?? true;
		return isSubscribed && installation?.dead === false && installation.scopes.has(scope);
	}
}
