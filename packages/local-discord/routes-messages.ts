import * as spec from "discord-api-spec/zod";
import { ChannelType, MessageFlags, PermissionFlagsBits } from "discord-api-types/v10";
import { z } from "zod";
import type { MessageBody } from "./bodies.ts";
import { readBodyAs, readMessage } from "./bodies-check.ts";
import type { LocalChannel, PermissionName, StoredMessage } from "./entities.ts";
import { botPermissionsIn } from "./entities.ts";
import { failures } from "./failures.ts";
import type { ApiRequest } from "./http.ts";
import { channelPayload, messagePayload, threadPayload } from "./payloads.ts";
import { type Answer, noContent, ok, param, type Route, route, type Services } from "./routes.ts";
import type { World } from "./world.ts";

/** How long a nonce stays unique, in milliseconds; Discord says "a few minutes". */
const NONCE_MS = 5 * 60 * 1000;
const MAX_LISTED = 100;
const USUALLY_LISTED = 50;

/** The channel in the path. Throws if it does not exist, or the bot cannot see it or lacks these permissions. */
function channelOf(request: ApiRequest, { world }: Services, needed: readonly PermissionName[] = []): LocalChannel {
	const channel = world.channels.get(param(request, "channel"));
	if (!channel) throw failures.unknownChannel();
	if (!channel.guild) return channel;
	const bits = botPermissionsIn(channel);
	if ((bits & PermissionFlagsBits.ViewChannel) === 0n) throw failures.missingAccess();
	const lacking = needed.some((name) => (bits & PermissionFlagsBits[name]) === 0n);
	if (lacking) throw failures.missingPermissions();
	return channel;
}

function messageOf(request: ApiRequest, { world }: Services, channel: LocalChannel): StoredMessage {
	const message = world.messages.get(param(request, "message"));
	const known = message?.channel === channel && !message.deleted && !message.visibleTo;
	if (!message || !known) throw failures.unknownMessage();
	return message;
}

function neededToSend(channel: LocalChannel | undefined, body: MessageBody, files: number): PermissionName[] {
	const needed: PermissionName[] = [channel?.parent ? "SendMessagesInThreads" : "SendMessages"];
	if ((body.embeds ?? []).length > 0) needed.push("EmbedLinks");
	if (files > 0) needed.push("AttachFiles");
	if (body.message_reference) needed.push("ReadMessageHistory");
	return needed;
}

/** A nonce is unique per author, across all channels. */
function sentBefore(world: World, body: MessageBody): StoredMessage | undefined {
	if (!body.enforce_nonce || body.nonce === undefined || body.nonce === null) return undefined;
	const since = world.clock.now() - NONCE_MS;
	const nonce = String(body.nonce);
	return [...world.messages.values()].find(
		(message) =>
			message.author === world.bot &&
			message.createdAt > since &&
			message.nonce !== undefined &&
			String(message.nonce) === nonce,
	);
}

function createMessage(request: ApiRequest, services: Services): Answer {
	const { world } = services;
	const body = readMessage("create", request);
	const where = world.channels.get(param(request, "channel"));
	const channel = channelOf(request, services, neededToSend(where, body, request.files.length));
	if (channel.recipient && !channel.recipient.acceptsDirectMessages) throw failures.cannotMessageUser();
	const before = sentBefore(world, body);
	if (before) return ok(messagePayload(world, before));
	const message = world.addMessage({ channel, author: world.bot, body, files: request.files });
	return ok(messagePayload(world, message));
}

function editMessage(request: ApiRequest, services: Services): Answer {
	const message = messageOf(request, services, channelOf(request, services));
	if (message.author !== services.world.bot) throw failures.notTheAuthor();
	services.world.editMessage(message, readMessage("edit", request, message), request.files);
	return ok(messagePayload(services.world, message));
}

function deleteMessage(request: ApiRequest, services: Services): Answer {
	const { world } = services;
	const channel = channelOf(request, services);
	const message = messageOf(request, services, channel);
	const mayModerate = (botPermissionsIn(channel) & PermissionFlagsBits.ManageMessages) !== 0n;
	if (message.author !== world.bot && !mayModerate) throw failures.missingPermissions();
	world.deleteMessage(message);
	return noContent;
}

/** Publishes a message of an announcement channel to its followers. */
function crosspost(request: ApiRequest, services: Services): Answer {
	const channel = channelOf(request, services, ["SendMessages"]);
	const message = messageOf(request, services, channel);
	const mayModerate = (botPermissionsIn(channel) & PermissionFlagsBits.ManageMessages) !== 0n;
	if (message.author !== services.world.bot && !mayModerate) throw failures.missingPermissions();
	if (channel.type !== ChannelType.GuildAnnouncement) throw failures.notInThisChannelType();
	if ((message.flags & MessageFlags.Crossposted) !== 0) throw failures.alreadyPublished();
	message.flags |= MessageFlags.Crossposted;
	return ok(messagePayload(services.world, message));
}

function getMessage(request: ApiRequest, services: Services): Answer {
	const channel = channelOf(request, services, ["ReadMessageHistory"]);
	return ok(messagePayload(services.world, messageOf(request, services, channel)));
}

/** Newest first. The list is empty if the bot may not read the history. */
function listMessages(request: ApiRequest, services: Services): Answer {
	const channel = channelOf(request, services);
	const mayRead = !channel.guild || (botPermissionsIn(channel) & PermissionFlagsBits.ReadMessageHistory) !== 0n;
	const all = mayRead ? services.world.messagesIn(channel.id).toReversed() : [];
	const requested = Number(request.query.get("limit") ?? USUALLY_LISTED);
	const limit = Math.min(Math.max(requested, 1), MAX_LISTED);
	return ok(pageOf(all, request.query, limit).map((message) => messagePayload(services.world, message)));
}

function pageOf(newestFirst: readonly StoredMessage[], query: URLSearchParams, limit: number): StoredMessage[] {
	const [before, after, around] = [query.get("before"), query.get("after"), query.get("around")];
	if (before) return newestFirst.filter((message) => BigInt(message.id) < BigInt(before)).slice(0, limit);
	if (after) return newestFirst.filter((message) => BigInt(message.id) > BigInt(after)).slice(-limit);
	if (!around) return newestFirst.slice(0, limit);
	const half = Math.floor(limit / 2);
	const newer = newestFirst.filter((message) => BigInt(message.id) > BigInt(around)).slice(-half);
	const rest = newestFirst.filter((message) => BigInt(message.id) <= BigInt(around)).slice(0, limit - newer.length);
	return [...newer, ...rest];
}

const ThreadSchema = z.looseObject({
	name: z.string(),
	auto_archive_duration: z.number().nullish(),
	type: z.literal([ChannelType.PublicThread, ChannelType.PrivateThread]).nullish(),
});

/** discord.js sends the type even if the message decides it, and Discord accepts that. */
function withoutType(body: unknown): unknown {
	if (typeof body !== "object" || body === null) return body;
	return Object.fromEntries(Object.entries(body).filter(([key]) => key !== "type"));
}

function startThreadFromMessage(request: ApiRequest, services: Services): Answer {
	const schema = spec.CreateTextThreadWithMessageRequestSchema;
	const body = readBodyAs(schema, ThreadSchema, withoutType(request.body));
	const channel = channelOf(request, services, ["CreatePublicThreads"]);
	const source = messageOf(request, services, channel);
	if (source.thread) throw failures.threadExists();
	const autoArchiveMinutes = body.auto_archive_duration ?? undefined;
	const thread = services.world.addThread(channel, { name: body.name, source, autoArchiveMinutes });
	return { status: 201, body: threadPayload(services.world, thread) };
}

function startThread(request: ApiRequest, services: Services): Answer {
	const body = readBodyAs(spec.CreateTextThreadWithoutMessageRequestSchema, ThreadSchema, request.body);
	// Without a type Discord creates a private thread.
	const type = body.type ?? ChannelType.PrivateThread;
	const isPublic = type === ChannelType.PublicThread;
	const channel = channelOf(request, services, [isPublic ? "CreatePublicThreads" : "CreatePrivateThreads"]);
	const autoArchiveMinutes = body.auto_archive_duration ?? undefined;
	const thread = services.world.addThread(channel, { name: body.name, type, autoArchiveMinutes });
	return { status: 201, body: threadPayload(services.world, thread) };
}

/** Channels, their messages and threads. */
export const messageRoutes: readonly Route[] = [
	route("GET", "/channels/{channel}", (request, services) =>
		ok(channelPayload(services.world, channelOf(request, services))),
	),
	route("GET", "/channels/{channel}/messages", listMessages),
	route("POST", "/channels/{channel}/messages", createMessage),
	route("GET", "/channels/{channel}/messages/{message}", getMessage),
	route("PATCH", "/channels/{channel}/messages/{message}", editMessage),
	route("DELETE", "/channels/{channel}/messages/{message}", deleteMessage),
	route("POST", "/channels/{channel}/messages/{message}/crosspost", crosspost),
	route("POST", "/channels/{channel}/messages/{message}/threads", startThreadFromMessage),
	route("POST", "/channels/{channel}/threads", startThread),
	route("POST", "/channels/{channel}/typing", (request, services) => {
		channelOf(request, services, ["SendMessages"]);
		return noContent;
	}),
];
