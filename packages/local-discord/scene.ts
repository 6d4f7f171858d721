import { MessageBodySchema } from "./bodies.ts";
import type {
	LocalChannel,
	LocalGuild,
	LocalMember,
	LocalRole,
	LocalUser,
	PermissionName,
	StoredFile,
	StoredMessage,
} from "./entities.ts";
import { permissionBits } from "./entities.ts";
import type { World } from "./world.ts";

/** Milliseconds for which the bot has been in the guilds that a test begins with: 30 days. */
const LONG_AGO = 30 * 86_400_000;

/** Guilds, channels, members and messages, as a test sets them up and changes them. */
export abstract class Scene {
	readonly world: World;
	/** How many shards GET /gateway/bot recommends. */
	protected readonly shards: number;

	constructor(world: World, shards: number) {
		this.world = world;
		this.shards = shards;
	}

	protected abstract botIsConnected(): boolean;

	/** The server's clock, in milliseconds since 1970. */
	now(): number {
		return this.world.clock.now();
	}

	/** Moves the server's clock on: first responses get late, tokens and nonces expire. Rate limits follow real time. */
	advance(milliseconds: number): void {
		this.world.clock.advance(milliseconds);
	}

	addUser(name: string): LocalUser {
		return this.world.addUser(name);
	}

	/**
	 * A guild with the bot in it; `shard` picks an id that belongs to that shard of the recommended number. `joinedAt` says
	 * when the bot came in: now while it is connected, else long ago.
	 */
	addGuild(
		name = "guild",
		{ id, shard = 0, joinedAt }: { id?: string; shard?: number; joinedAt?: number } = {},
	): LocalGuild {
		const since = joinedAt ?? (this.botIsConnected() ? this.now() : this.now() - LONG_AGO);
		return this.world.addGuild(id ?? this.world.ids.nextForShard(shard, this.shards), name, since);
	}

	/** Names the channel in which Discord greets the guild's members. */
	setSystemChannel(guild: LocalGuild, channel: LocalChannel | null): void {
		guild.systemChannel = channel;
		this.world.announceGuild(guild);
	}

	/** The bot is thrown out, or (an outage) the guild is unavailable for a while. */
	removeGuild(guild: LocalGuild, reason: "removed" | "outage" = "removed"): void {
		this.world.removeGuild(guild, reason);
	}

	/** The end of an outage, or a new invitation: the bot gets the guild again. */
	restoreGuild(guild: LocalGuild): void {
		this.world.restoreGuild(guild);
	}

	/** Makes a user a member, with these permissions above @everyone's. */
	addMember(guild: LocalGuild, user: LocalUser, permissions: readonly PermissionName[] = []): LocalMember {
		return this.world.addMember(guild, user, permissionBits(permissions));
	}

	addChannel(guild: LocalGuild, name: string, { announcement = false } = {}): LocalChannel {
		return this.world.addChannel(guild, name, announcement);
	}

	/** A role that can be mentioned: by anyone, or else by those who may mention all. */
	addRole(guild: LocalGuild, name: string, { mentionable = true } = {}): LocalRole {
		return this.world.addRole(guild, name, mentionable);
	}

	removeRole(guild: LocalGuild, role: LocalRole): void {
		guild.roles.delete(role.id);
	}

	/** Deletes a channel (REST answers 10003 then); `silent` hides it from the gateway. */
	removeChannel(channel: LocalChannel, { silent = false }: { silent?: boolean } = {}): void {
		this.world.removeChannel(channel, silent);
	}

	/** Takes permissions of the bot away: without ViewChannel REST answers 50001, without another 50013. */
	deny(channel: LocalChannel, permissions: readonly PermissionName[]): void {
		this.world.setBotPermissions(channel, channel.botPermissions & ~permissionBits(permissions));
	}

	allow(channel: LocalChannel, permissions: readonly PermissionName[]): void {
		this.world.setBotPermissions(channel, channel.botPermissions | permissionBits(permissions));
	}

	/** The direct messages between a user and the bot. */
	directChannel(user: LocalUser): LocalChannel {
		return this.world.directChannel(user);
	}

	/** A file that a user attaches to a command: hand it over as the option's value. `size` is what Discord says of it. */
	attach(name: string, content: string | Uint8Array, size?: number): StoredFile {
		const bytes = Buffer.from(content);
		const facts = { name, size: size ?? bytes.length, description: undefined, contentType: "text/plain" };
		const file = { id: this.world.ids.next(), ...facts, bytes };
		this.world.uploads.set(file.id, file);
		return file;
	}

	/** A message that a user writes, in answer to another if told. */
	say(
		channel: LocalChannel,
		user: LocalUser,
		content: string,
		{ replyTo }: { replyTo?: StoredMessage } = {},
	): StoredMessage {
		const reference = replyTo ? { message_reference: { message_id: replyTo.id } } : {};
		return this.world.addMessage({ channel, author: user, body: MessageBodySchema.parse({ content, ...reference }) });
	}

	/** A user changes what they wrote. */
	amend(message: StoredMessage, content: string): void {
		this.world.editMessage(message, MessageBodySchema.parse({ content }), []);
	}

	/** Sends a message to the bot a second time, as a resumed connection may. */
	repeat(message: StoredMessage): void {
		this.world.announceMessage(message);
	}

	/** The messages of a channel that everybody sees, oldest first, without deleted ones. */
	messages(channel: LocalChannel | string): readonly StoredMessage[] {
		return this.world.messagesIn(typeof channel === "string" ? channel : channel.id);
	}
}
