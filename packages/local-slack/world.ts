import type { MessageMetadata } from "@slack/types";
import type { PostedBlock } from "./schema/blocks.ts";
import type { PostedView } from "./schema/view.ts";
import type { StateValues } from "./state-values.ts";

/** A workspace. With `enterprise` it belongs to an Enterprise organisation. */
export interface Team {
	id: string;
	name: string;
	domain: string;
	enterprise: { id: string; name: string } | undefined;
	/** The ids of the app's user and bot there. */
	botUserId: string;
	botId: string;
}

/** A person or a bot. `team` is the home workspace; members of other teams are strangers in a shared channel. */
export interface Member {
	id: string;
	team: string;
	name: string;
	realName: string;
	displayName: string;
	isAdmin: boolean;
	isOwner: boolean;
	isRestricted: boolean;
	isBot: boolean;
	deleted: boolean;
	/** IANA zone. */
	tz: string;
}

export interface Channel {
	id: string;
	team: string;
	name: string;
	kind: "public" | "private" | "im";
	/** User ids. The bot can post only if its own is among them. */
	members: Set<string>;
	archived: boolean;
	/** Whether only admins may post: chat.postMessage then answers restricted_action. */
	restricted: boolean;
	/** Other workspaces that share it by Slack Connect. */
	sharedWith: string[];
}

export interface SlackFileRecord {
	id: string;
	team: string;
	filename: string;
	/** The description for screen readers; undefined if none was given. */
	altTxt: string | undefined;
	declaredLength: number;
	title: string | undefined;
	bytes: Buffer | undefined;
	completed: boolean;
}

/** A message's content before an edit. */
interface FormerContent {
	text: string;
	blocks: PostedBlock[];
}

export interface Message {
	team: string;
	channel: string;
	ts: string;
	threadTs: string | undefined;
	text: string;
	blocks: PostedBlock[];
	metadata: MessageMetadata | undefined;
	files: SlackFileRecord[];
	/** The author's user id, and the app's bot id if an app wrote it. */
	user: string;
	botId: string | undefined;
	/** The only member who sees it; undefined if the whole channel does. */
	ephemeralTo: string | undefined;
	/** How it was sent. */
	source: "api" | "response_url" | "ack" | "upload" | "member";
	/** Earlier contents, oldest first. */
	edits: FormerContent[];
	editedTs: string | undefined;
	deleted: boolean;
}

/** A modal on somebody's screen, or a Home tab. */
export interface OpenView {
	id: string;
	team: string;
	user: string;
	view: PostedView;
	hash: string;
	rootId: string;
	previousId: string | undefined;
	/** What the member has chosen so far in controls that notify the app at once. */
	chosen: StateValues;
	/** Errors shown under inputs, by block_id. */
	errors: Record<string, string>;
	closed: boolean;
	/** How often views.update, views.publish or an ack replaced it. */
	updates: number;
}

const key = (team: string, id: string) => `${team}/${id}`;

/** Everything that exists in the local Slack. */
export class World {
	readonly teams = new Map<string, Team>();
	readonly members = new Map<string, Member>();
	readonly channels = new Map<string, Channel>();
	readonly messages: Message[] = [];
	readonly files = new Map<string, SlackFileRecord>();
	readonly views = new Map<string, OpenView>();
	private readonly homes = new Map<string, OpenView>();
	private counter = 0;
	private lastMicroseconds = 0;

	/** A new id such as `C0000000012`. */
	newId(prefix: string): string {
		this.counter += 1;
		return `${prefix}${this.counter.toString(36).toUpperCase().padStart(10, "0")}`;
	}

	/** A message timestamp, `seconds.microseconds`: unique and rising. */
	newTs(nowMs: number): string {
		this.lastMicroseconds = Math.max(this.lastMicroseconds + 1, nowMs * 1000);
		const seconds = Math.floor(this.lastMicroseconds / 1_000_000);
		return `${seconds}.${String(this.lastMicroseconds % 1_000_000).padStart(6, "0")}`;
	}

	/** @throws Error if the test has not created it. */
	team(id: string): Team {
		const team = this.teams.get(id);
		if (team === undefined) throw new Error(`no team ${id}`);
		return team;
	}

	/** @throws Error if the test has not created it. */
	member(id: string): Member {
		const member = this.members.get(id);
		if (member === undefined) throw new Error(`no user ${id}`);
		return member;
	}

	/** @throws Error if the test has not created it. */
	channel(id: string): Channel {
		const channel = this.channels.get(id);
		if (channel === undefined) throw new Error(`no channel ${id}`);
		return channel;
	}

	message(channel: string, ts: string): Message | undefined {
		return this.messages.find((one) => one.channel === channel && one.ts === ts && !one.deleted);
	}

	/** The app's direct-message channel with a member, created when first needed. */
	directChannel(team: Team, user: string): Channel {
		for (const channel of this.channels.values()) {
			if (channel.kind === "im" && channel.team === team.id && channel.members.has(user)) return channel;
		}
		const channel: Channel = {
			id: this.newId("D"),
			team: team.id,
			name: "directmessage",
			kind: "im",
			members: new Set([user, team.botUserId]),
			archived: false,
			restricted: false,
			sharedWith: [],
		};
		this.channels.set(channel.id, channel);
		return channel;
	}

	home(team: string, user: string): OpenView | undefined {
		return this.homes.get(key(team, user));
	}

	setHome(view: OpenView): void {
		this.homes.set(key(view.team, view.user), view);
		this.views.set(view.id, view);
	}
}
