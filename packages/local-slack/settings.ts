import type { Grant } from "./credentials.ts";
import type { Peer } from "./peer.ts";
import type { Channel, Member, Message, SlackFileRecord, Team } from "./world.ts";

export interface TeamInit {
	id?: string;
	name?: string;
	enterprise?: { id: string; name: string };
}

export interface MemberInit {
	team: string;
	id?: string;
	name?: string;
	realName?: string;
	displayName?: string;
	isAdmin?: boolean;
	isOwner?: boolean;
	isRestricted?: boolean;
	isBot?: boolean;
	tz?: string;
}

export interface ChannelInit {
	team: string;
	id?: string;
	name?: string;
	kind?: "public" | "private";
	members?: string[];
	/** Whether the app's bot is in the channel; true by default. */
	withBot?: boolean;
	archived?: boolean;
	/** Whether only admins may post. */
	restricted?: boolean;
	sharedWith?: string[];
}

/** The scopes that a study bot needs. */
const USUAL_SCOPES = ["commands", "chat:write", "users:read"];

export interface InstallInit {
	/** USUAL_SCOPES by default. */
	scopes?: string[];
	rotation?: boolean;
	user?: string;
}

/** Creates teams, members, channels and installations. */
export class Settings {
	private readonly peer: Peer;

	constructor(peer: Peer) {
		this.peer = peer;
	}

	/** Adds a file that a member has uploaded, to be chosen in a form. `size` is the size that Slack reports. */
	addFile(team: string, filename: string, content: string | Uint8Array, size?: number): SlackFileRecord {
		const { world } = this.peer;
		const bytes = Buffer.from(content);
		const rest = { altTxt: undefined, title: undefined, completed: true, declaredLength: size ?? bytes.length };
		const file = { id: world.newId("F"), team, filename, bytes, ...rest };
		world.files.set(file.id, file);
		return file;
	}

	/** Adds a workspace, with the app's bot user. */
	addTeam(init: TeamInit = {}): Team {
		const { world } = this.peer;
		const id = init.id ?? world.newId("T");
		const name = init.name ?? "Study Group";
		const domain = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
		const { enterprise } = init;
		const team: Team = { id, name, domain, enterprise, botUserId: world.newId("U"), botId: world.newId("B") };
		world.teams.set(id, team);
		this.addMember({ team: id, id: team.botUserId, name: "nlpq", isBot: true });
		return team;
	}

	/** Adds a person whose home is the workspace. */
	addMember(init: MemberInit): Member {
		const { world } = this.peer;
		const id = init.id ?? world.newId("U");
		const name = init.name ?? id.toLowerCase();
		const member: Member = {
			id,
			team: world.team(init.team).id,
			name,
			realName: init.realName ?? name,
			displayName: init.displayName ?? "",
			isAdmin: init.isAdmin ?? false,
			isOwner: init.isOwner ?? false,
			isRestricted: init.isRestricted ?? false,
			isBot: init.isBot ?? false,
			deleted: false,
			tz: init.tz ?? "Europe/London",
		};
		world.members.set(id, member);
		return member;
	}

	/** Adds a channel. Its record may be changed later: archived, without the bot, and so on. */
	addChannel(init: ChannelInit): Channel {
		const { world } = this.peer;
		const team = world.team(init.team);
		const id = init.id ?? world.newId("C");
		const sharedWith = init.sharedWith ?? [];
		const bots = [team, ...sharedWith.map((other) => world.team(other))].map((one) => one.botUserId);
		const channel: Channel = {
			id,
			team: team.id,
			name: init.name ?? id.toLowerCase(),
			kind: init.kind ?? "public",
			members: new Set([...(init.members ?? []), ...((init.withBot ?? true) ? bots : [])]),
			archived: init.archived ?? false,
			restricted: init.restricted ?? false,
			sharedWith,
		};
		world.channels.set(id, channel);
		return channel;
	}

	/** Adds the app's bot to the channel or removes it. */
	setBotIn(channel: string, inside: boolean): void {
		const { world } = this.peer;
		const { members, team } = world.channel(channel);
		if (inside) members.add(world.team(team).botUserId);
		else members.delete(world.team(team).botUserId);
	}

	/** Installs the app in a workspace directly, without the walk through OAuth. */
	install(team: string, init: InstallInit = {}): Grant {
		const { enterprise } = this.peer.world.team(team);
		return this.grant({ team, enterprise: enterprise?.id }, init);
	}

	/** Installs the app in a whole organisation directly. */
	installEnterprise(enterprise: string, init: InstallInit = {}): Grant {
		return this.grant({ team: undefined, enterprise }, init);
	}

	private grant(where: { team: string | undefined; enterprise: string | undefined }, init: InstallInit): Grant {
		const installation = {
			...where,
			user: init.user ?? "U0INSTALLER",
			scopes: new Set(init.scopes ?? USUAL_SCOPES),
			rotation: init.rotation ?? false,
			dead: false,
		};
		this.peer.installations.set(where.team ?? where.enterprise ?? "", installation);
		return this.peer.credentials.grant(installation);
	}

	/** A member writes something, so that the channel has more than the app's messages. */
	say(channel: string, user: string, text: string): Message {
		const { world, clock } = this.peer;
		const message: Message = {
			team: world.channel(channel).team,
			channel,
			ts: world.newTs(clock.now()),
			threadTs: undefined,
			text,
			blocks: [],
			metadata: undefined,
			files: [],
			user: world.member(user).id,
			botId: undefined,
			ephemeralTo: undefined,
			source: "member",
			edits: [],
			editedTs: undefined,
			deleted: false,
		};
		world.messages.push(message);
		return message;
	}
}
