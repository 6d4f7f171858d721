import { ChannelType, MessageFlags, PermissionFlagsBits } from "discord-api-types/v10";
import type { MessageBody } from "./bodies.ts";
import { type ServerClock, Snowflakes } from "./clock.ts";
import type {
	LocalChannel,
	LocalGuild,
	LocalMember,
	LocalRole,
	LocalUser,
	StoredFile,
	StoredMessage,
} from "./entities.ts";
import { BOT_PERMISSIONS, botPermissionsIn } from "./entities.ts";
import type { UploadedFile } from "./http.ts";
import {
	channelPayload,
	guildPayload,
	guildSummary,
	memberPayload,
	messagePayload,
	threadPayload,
} from "./payloads.ts";

/** An event for the gateway. `guildId` decides the shard; without it the event goes to shard 0. */
export interface WorldEvent {
	readonly name: string;
	readonly guildId: string | undefined;
	readonly data: object;
	readonly directMessage?: boolean;
}

export interface NewMessage {
	readonly channel: LocalChannel;
	readonly author: LocalUser;
	readonly body: MessageBody;
	readonly files?: readonly UploadedFile[];
	readonly visibleTo?: LocalUser | undefined;
	readonly loading?: boolean;
	readonly interaction?: StoredMessage["interaction"];
}

interface NewThread {
	readonly name: string;
	/** The message that the thread starts from; they share an id. */
	readonly source?: StoredMessage;
	readonly type?: ChannelType.PublicThread | ChannelType.PrivateThread;
	readonly autoArchiveMinutes?: number | undefined;
}

/** Everything in this Discord: users, guilds, channels and messages. Changes are announced through `emit`. */
export class World {
	readonly clock: ServerClock;
	readonly ids: Snowflakes;
	readonly bot: LocalUser;
	readonly applicationId: string;
	readonly users = new Map<string, LocalUser>();
	readonly guilds = new Map<string, LocalGuild>();
	readonly channels = new Map<string, LocalChannel>();
	readonly messages = new Map<string, StoredMessage>();
	/** Files that users have attached to commands. */
	readonly uploads = new Map<string, StoredFile>();
	/** Where clients download those files; the local server replaces it with its own address. */
	filesUrl = "https://cdn.discordapp.com";
	/** Channels of guilds that the bot was removed from, by guild. */
	readonly #outOfReach = new Map<string, readonly LocalChannel[]>();
	emit: (event: WorldEvent) => void = () => {};

	constructor(clock: ServerClock) {
		this.clock = clock;
		this.ids = new Snowflakes(clock);
		this.bot = this.addUser("nlpq", true);
		this.applicationId = this.bot.id;
	}

	addUser(name: string, bot = false): LocalUser {
		const user: LocalUser = { id: this.ids.next(), name, bot, acceptsDirectMessages: true };
		this.users.set(user.id, user);
		return user;
	}

	/** @param joinedAt when the bot joined, in milliseconds since 1970 */
	addGuild(id: string, name: string, joinedAt: number): LocalGuild {
		const owner = this.addUser(`owner of ${name}`);
		const guild: LocalGuild = {
			id,
			name,
			ownerId: owner.id,
			locale: "en-US",
			systemChannel: null,
			members: new Map(),
			roles: new Map(),
		};
		this.addMember(guild, owner, 0n);
		this.addMember(guild, this.bot, BOT_PERMISSIONS, joinedAt);
		this.restoreGuild(guild);
		return guild;
	}

	restoreGuild(guild: LocalGuild): void {
		this.guilds.set(guild.id, guild);
		const own = guild.members.get(this.bot.id);
		// The bot was removed and invited again, so it has a new join date.
		if (own && this.#outOfReach.has(guild.id)) this.addMember(guild, this.bot, own.permissions);
		for (const channel of this.#outOfReach.get(guild.id) ?? []) this.channels.set(channel.id, channel);
		this.#outOfReach.delete(guild.id);
		this.emit({ name: "GUILD_CREATE", guildId: guild.id, data: guildPayload(this, guild) });
	}

	announceGuild(guild: LocalGuild): void {
		this.emit({ name: "GUILD_UPDATE", guildId: guild.id, data: guildSummary(guild) });
	}

	removeGuild(guild: LocalGuild, reason: "removed" | "outage"): void {
		if (reason === "removed") {
			this.guilds.delete(guild.id);
			this.#outOfReach.set(guild.id, [...this.channelsOf(guild)]);
			for (const channel of this.channelsOf(guild)) this.channels.delete(channel.id);
		}
		const data = reason === "outage" ? { id: guild.id, unavailable: true } : { id: guild.id };
		this.emit({ name: "GUILD_DELETE", guildId: guild.id, data });
	}

	addMember(guild: LocalGuild, user: LocalUser, permissions: bigint, joinedAt = this.clock.now()): LocalMember {
		const member = { user, roleId: this.ids.next(), permissions, nickname: null, joinedAt };
		guild.members.set(user.id, member);
		return member;
	}

	addRole(guild: LocalGuild, name: string, mentionable: boolean): LocalRole {
		const role = { id: this.ids.next(), name, mentionable };
		guild.roles.set(role.id, role);
		return role;
	}

	addChannel(guild: LocalGuild, name: string, isAnnouncement = false): LocalChannel {
		const type = isAnnouncement ? ChannelType.GuildAnnouncement : ChannelType.GuildText;
		const channel = this.#newChannel({ type, name, guild });
		this.emit({ name: "CHANNEL_CREATE", guildId: guild.id, data: channelPayload(this, channel) });
		return channel;
	}

	addThread(parent: LocalChannel, input: NewThread): LocalChannel {
		const { name, source, type = ChannelType.PublicThread, autoArchiveMinutes = 1440 } = input;
		const id = source?.id ?? this.ids.next();
		const thread = this.#newChannel({ id, type, name, guild: parent.guild, parent, autoArchiveMinutes });
		if (source) {
			source.thread = thread;
			source.flags |= MessageFlags.HasThread;
		}
		const data = { ...threadPayload(this, thread), newly_created: true };
		this.emit({ name: "THREAD_CREATE", guildId: parent.guild?.id, data });
		return thread;
	}

	directChannel(user: LocalUser): LocalChannel {
		for (const channel of this.channels.values()) if (channel.recipient === user) return channel;
		return this.#newChannel({ type: ChannelType.DM, name: "", recipient: user });
	}

	#newChannel(shape: Partial<LocalChannel> & Pick<LocalChannel, "type" | "name">): LocalChannel {
		const defaults = { guild: undefined, parent: undefined, recipient: undefined, autoArchiveMinutes: 1440 };
		const input = { id: this.ids.next(), createdAt: this.clock.now(), botPermissions: BOT_PERMISSIONS };
		const channel: LocalChannel = { ...defaults, ...input, ...shape };
		this.channels.set(channel.id, channel);
		return channel;
	}

	/** Deletes a channel with its threads. `silent` lets every client believe that it still exists. */
	removeChannel(channel: LocalChannel, silent: boolean): void {
		for (const thread of this.threadsOf(channel)) this.channels.delete(thread.id);
		this.channels.delete(channel.id);
		if (silent) return;
		const name = channel.parent ? "THREAD_DELETE" : "CHANNEL_DELETE";
		this.emit({ name, guildId: channel.guild?.id, data: channelPayload(this, channel) });
	}

	setBotPermissions(channel: LocalChannel, permissions: bigint): void {
		channel.botPermissions = permissions;
		this.emit({ name: "CHANNEL_UPDATE", guildId: channel.guild?.id, data: channelPayload(this, channel) });
	}

	channelsOf(guild: LocalGuild): LocalChannel[] {
		return [...this.channels.values()].filter((channel) => channel.guild === guild);
	}

	threadsOf(parent: LocalChannel): LocalChannel[] {
		return [...this.channels.values()].filter((channel) => channel.parent === parent);
	}

	/** The messages of a channel, oldest first, without deleted and private ones. */
	messagesIn(channelId: string): StoredMessage[] {
		return [...this.messages.values()].filter(
			(message) => message.channel.id === channelId && !message.deleted && !message.visibleTo,
		);
	}

	addMessage(input: NewMessage): StoredMessage {
		const message: StoredMessage = {
			id: this.ids.next(),
			channel: input.channel,
			author: input.author,
			content: input.body.content ?? "",
			embeds: input.body.embeds ?? [],
			components: input.body.components ?? [],
			flags: messageFlags(input),
			pinged: pingedRoles(input),
			files: this.#store(input.body, input.files ?? []),
			nonce: input.body.nonce ?? undefined,
			createdAt: this.clock.now(),
			edits: [],
			thread: undefined,
			deleted: false,
			loading: input.loading ?? false,
			visibleTo: input.visibleTo,
			interaction: input.interaction,
			replyTo: input.body.message_reference?.message_id,
		};
		this.messages.set(message.id, message);
		this.#announce("MESSAGE_CREATE", message);
		return message;
	}

	editMessage(message: StoredMessage, body: MessageBody, files: readonly UploadedFile[]): void {
		const { content, embeds, components } = message;
		if (!message.loading) message.edits.push({ at: this.clock.now(), content, embeds, components });
		message.loading = false;
		message.flags &= ~MessageFlags.Loading;
		message.flags |= (body.flags ?? 0) & (MessageFlags.IsComponentsV2 | MessageFlags.SuppressEmbeds);
		if (body.content !== undefined) message.content = body.content ?? "";
		if (body.embeds !== undefined) message.embeds = body.embeds ?? [];
		if (body.components !== undefined) message.components = body.components ?? [];
		const keptFiles = new Set(body.attachments?.map((attachment) => attachment.id));
		const remaining = body.attachments ? message.files.filter((file) => keptFiles.has(file.id)) : message.files;
		message.files = [...remaining, ...this.#store(body, files)];
		this.#announce("MESSAGE_UPDATE", message);
	}

	deleteMessage(message: StoredMessage): void {
		message.deleted = true;
		this.#announce("MESSAGE_DELETE", message);
	}

	redeliverMessage(message: StoredMessage): void {
		this.#announce("MESSAGE_CREATE", message);
	}

	#store(body: MessageBody, files: readonly UploadedFile[]): StoredFile[] {
		return files.map((file) => {
			const described = body.attachments?.find((attachment) => attachment.id === file.key);
			const { contentType, bytes } = file;
			const description = described?.description ?? undefined;
			const name = described?.filename ?? file.name;
			return { id: this.ids.next(), name, size: bytes.length, description, contentType, bytes };
		});
	}

	#announce(name: string, message: StoredMessage): void {
		if (message.visibleTo) return;
		const { guild } = message.channel;
		const author = guild?.members.get(message.author.id);
		const { user: _user, ...member } = author ? memberPayload(author) : { user: null };
		const where = guild ? { guild_id: guild.id, ...(author ? { member } : {}) } : {};
		const data = { ...messagePayload(this, message), ...where };
		this.emit({ name, guildId: guild?.id, data, directMessage: guild === undefined });
	}
}

/** The roles that a message mentions and allows in `allowed_mentions`, and that the bot may ping. */
function pingedRoles({ channel, body }: NewMessage): string[] {
	const { guild } = channel;
	const mayMentionAnyRole = (botPermissionsIn(channel) & PermissionFlagsBits.MentionEveryone) !== 0n;
	return (body.allowed_mentions?.roles ?? []).filter((id) => {
		const role = guild?.roles.get(id);
		return role && (role.mentionable || mayMentionAnyRole) && (body.content ?? "").includes(`<@&${id}>`);
	});
}

function messageFlags(input: NewMessage): number {
	const requestedFlags = (input.body.flags ?? 0) & ~(MessageFlags.Ephemeral | MessageFlags.Loading);
	return requestedFlags | (input.visibleTo ? MessageFlags.Ephemeral : 0) | (input.loading ? MessageFlags.Loading : 0);
}
