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

/** How long the bot has been in a test's first guilds, in milliseconds: 30 days. */
const LONG_AGO = 30 * 86_400_000;

/** Guilds, channels, members and messages that a test creates and changes. */
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

	/**
	 * Moves the server's clock: first responses become late, tokens and nonces expire. Rate limits follow real time.
	 */
	advance(milliseconds: number): void {
		this.world.clock.advance(milliseconds);
	}

	addUser(name: string): LocalUser {
		return this.world.addUser(name);
	}

	/**
	 * Adds a guild with the bot in it. `shard` picks an id that belongs to that shard of the recommended number.
	 * `joinedAt` is when the bot joined: now if it is connected, otherwise long ago.
	 */
	addGuild(
		name = "guild",
		{ id, shard = 0, joinedAt }: { id?: string; shard?: number; joinedAt?: number } = {},
	): LocalGuild {
		const since = joinedAt ?? (this.botIsConnected() ? this.now() : this.now() - LONG_AGO);
		return this.world.addGuild(id ?? this.world.ids.nextForShard(shard, this.shards), name, since);
	}

	/** Sets the channel in which Discord greets the guild's members. */
	setSystemChannel(guild: LocalGuild, channel: LocalChannel | null): void {
		guild.systemChannel = channel;
		this.world.announceGuild(guild);
	}

	/** Removes the bot from the guild, or (in an outage) makes the guild unavailable for a while. */
	removeGuild(guild: LocalGuild, reason: "removed" | "outage" = "removed"): void {
		this.world.removeGuild(guild, reason);
	}

	/** Ends an outage, or invites the bot again: the bot gets the guild back. */
	restoreGuild(guild: LocalGuild): void {
		this.world.restoreGuild(guild);
	}

	/** Makes a user a member, with these permissions besides @everyone's. */
	addMember(guild: LocalGuild, user: LocalUser, permissions: readonly PermissionName[] = []): LocalMember {
		return this.world.addMember(guild, user, permissionBits(permissions));
	}

	addChannel(guild: LocalGuild, name: string, { announcement = false } = {}): LocalChannel {
		return this.world.addChannel(guild, name, announcement);
	}

	/** Adds a role that anyone can mention, or only those who may mention everyone. */
	addRole(guild: LocalGuild, name: string, { mentionable = true } = {}): LocalRole {
		return this.world.addRole(guild, name, mentionable);
	}

	removeRole(guild: LocalGuild, role: LocalRole): void {
		guild.roles.delete(role.id);
	}

	/** Deletes a channel: REST then responds with 10003. `silent` hides it from the gateway. */
	removeChannel(channel: LocalChannel, { silent = false }: { silent?: boolean } = {}): void {
		this.world.removeChannel(channel, silent);
	}

	/** Takes permissions from the bot: without ViewChannel REST responds with 50001, without others with 50013. */
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

	/**
	 * A file that a user attaches to a command: pass it as the option's value. `size` is the size that Discord reports.
	 */
	attach(name: string, content: string | Uint8Array, size?: number): StoredFile {
		const bytes = Buffer.from(content);
		const facts = { name, size: size ?? bytes.length, description: undefined, contentType: "text/plain" };
		const file = { id: this.world.ids.next(), ...facts, bytes };
		this.world.uploads.set(file.id, file);
		return file;
	}

	/** A user writes a message, perhaps in reply to another one. */
	say(
		channel: LocalChannel,
		user: LocalUser,
		content: string,
		{ replyTo }: { replyTo?: StoredMessage } = {},
	): StoredMessage {
		const reference = replyTo ? { message_reference: { message_id: replyTo.id } } : {};
		return this.world.addMessage({ channel, author: user, body: MessageBodySchema.parse({ content, ...reference }) });
	}

	/** A user edits a message. */
	amend(message: StoredMessage, content: string): void {
		this.world.editMessage(message, MessageBodySchema.parse({ content }), []);
	}

	/** Delivers a message to the bot a second time, as a resumed connection may. */
	repeat(message: StoredMessage): void {
		this.world.redeliverMessage(message);
	}

	/** The messages of a channel that everybody sees, oldest first, without deleted ones. */
	messages(channel: LocalChannel | string): readonly StoredMessage[] {
		return this.world.messagesIn(typeof channel === "string" ? channel : channel.id);
	}
}
