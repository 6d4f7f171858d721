import type {
	ChatDeleteArguments,
	ChatGetPermalinkArguments,
	ChatPostEphemeralArguments,
	ChatPostMessageArguments,
	ChatUpdateArguments,
} from "@slack/web-api";
import { z } from "zod";
import { ApiError } from "../errors.ts";
import { keepMessage } from "../peer.ts";
import { checkContent, type MessageContent, withIdentifiers } from "../schema/message.ts";
import type { Channel, Message, Team } from "../world.ts";
import {
	accept,
	argsOf,
	botMethod,
	type Call,
	flag,
	id,
	messageJson,
	refusal,
	requireScope,
	visibleChannel,
	words,
	writableChannel,
} from "./method.ts";

/** chat.update refuses longer texts. */
const UPDATE_TEXT_LIMIT = 4000;

const content = { channel: id, text: z.unknown().optional(), blocks: z.unknown().optional() };
const authorship = { username: words, icon_emoji: words, icon_url: words };
const parsing = { parse: z.enum(["full", "none"]).optional(), link_names: flag };

function newMessage(call: Call, where: Channel, home: Team, what: MessageContent): Message {
	const { world, clock } = call.peer;
	return {
		team: where.team,
		channel: where.id,
		ts: world.newTs(clock.now()),
		threadTs: undefined,
		text: what.text,
		blocks: withIdentifiers(what.blocks, () => world.newId("b")),
		metadata: what.metadata,
		files: [],
		user: home.botUserId,
		botId: home.botId,
		ephemeralTo: undefined,
		source: "api",
		edits: [],
		editedTs: undefined,
		deleted: false,
	};
}

/** A user id means the direct-message channel with that member. */
function destination(call: Call, name: string): { channel: Channel; home: Team } {
	const member = call.peer.world.members.get(name);
	if (member === undefined) return writableChannel(call, name);
	if (member.isBot || member.deleted) throw new ApiError("channel_not_found");
	return { channel: call.peer.world.directChannel(call.team, name), home: call.team };
}

function checkThread(call: Call, channel: Channel, ts: string | undefined): string | undefined {
	if (ts === undefined) return undefined;
	const parent = call.peer.world.message(channel.id, ts);
	if (parent === undefined || parent.ephemeralTo !== undefined) throw new ApiError("thread_not_found");
	return parent.threadTs ?? parent.ts;
}

const postMessage = botMethod({
	name: "chat.postMessage",
	scope: "chat:write",
	args: argsOf<ChatPostMessageArguments>()({
		...content,
		...authorship,
		...parsing,
		metadata: z.unknown().optional(),
		thread_ts: words,
		reply_broadcast: flag,
		unfurl_links: flag,
		unfurl_media: flag,
		mrkdwn: flag,
	}),
	run(args, call) {
		const { peer } = call;
		if (args.username ?? args.icon_emoji ?? args.icon_url) requireScope(call, "chat:write.customize");
		const { channel, home } = destination(call, args.channel);
		peer.rateLimits.count("chat.postMessage", home.id, channel.id);
		const accepted = accept(peer, call.method, checkContent(args), args);
		const message = newMessage(call, channel, home, accepted);
		message.threadTs = checkThread(call, channel, args.thread_ts);
		keepMessage(peer, message);
		if (channel.kind === "im") peer.announceMessage(message);
		return { channel: channel.id, ts: message.ts, message: messageJson(peer, message, true) };
	},
});

const postEphemeral = botMethod({
	name: "chat.postEphemeral",
	scope: "chat:write",
	args: argsOf<ChatPostEphemeralArguments>()({ ...content, ...authorship, ...parsing, user: id, thread_ts: words }),
	run(args, call) {
		const { peer } = call;
		const { channel, home } = writableChannel(call, args.channel);
		if (!channel.members.has(args.user)) throw new ApiError("user_not_in_channel");
		const message = newMessage(call, channel, home, accept(peer, call.method, checkContent(args), args));
		message.ephemeralTo = args.user;
		message.threadTs = checkThread(call, channel, args.thread_ts);
		keepMessage(peer, message);
		return { message_ts: message.ts };
	},
});

/** @throws ApiError message_not_found, or `denied` if the message is somebody else's. */
function ownMessage(call: Call, name: string, ts: string, denied: string): Message {
	const { channel, home } = visibleChannel(call, name);
	const message = call.peer.world.message(channel.id, ts);
	if (message === undefined || message.ephemeralTo !== undefined) throw new ApiError("message_not_found");
	if (message.botId !== home.botId) throw new ApiError(denied);
	if (channel.archived) throw new ApiError("is_archived");
	return message;
}

/** Replaces a message's content and keeps the former one. With `keepBlocks`, missing blocks are kept, as Slack does. */
export function edit(call: { peer: Call["peer"] }, message: Message, what: MessageContent, keepBlocks: boolean): void {
	const { world, clock, signal } = call.peer;
	message.edits.push({ text: message.text, blocks: message.blocks });
	message.text = what.text;
	if (!keepBlocks) message.blocks = withIdentifiers(what.blocks, () => world.newId("b"));
	if (what.metadata !== undefined) message.metadata = what.metadata;
	message.editedTs = world.newTs(clock.now());
	signal.changed();
}

const update = botMethod({
	name: "chat.update",
	scope: "chat:write",
	args: argsOf<ChatUpdateArguments>()({
		...content,
		...parsing,
		ts: id,
		metadata: z.unknown().optional(),
		reply_broadcast: flag,
		file_ids: z.unknown().optional(),
	}),
	run(args, call) {
		const { peer } = call;
		const message = ownMessage(call, args.channel, args.ts, "cant_update_message");
		const accepted = accept(peer, call.method, checkContent(args), args);
		if (accepted.text.length > UPDATE_TEXT_LIMIT) {
			throw refusal(peer, call.method, "msg_too_long", [`text above ${UPDATE_TEXT_LIMIT}`], args);
		}
		edit(call, message, accepted, args.blocks === undefined);
		return { channel: message.channel, ts: message.ts, text: accepted.text, message: messageJson(peer, message, true) };
	},
});

const remove = botMethod({
	name: "chat.delete",
	scope: "chat:write",
	args: argsOf<ChatDeleteArguments>()({ channel: id, ts: id }),
	run(args, call) {
		ownMessage(call, args.channel, args.ts, "cant_delete_message").deleted = true;
		call.peer.signal.changed();
		return { channel: args.channel, ts: args.ts };
	},
});

const getPermalink = botMethod({
	name: "chat.getPermalink",
	args: argsOf<ChatGetPermalinkArguments>()({ channel: id, message_ts: id }),
	run(args, call) {
		const { channel } = visibleChannel(call, args.channel);
		const message = call.peer.world.message(channel.id, args.message_ts);
		if (message === undefined || message.ephemeralTo !== undefined) throw new ApiError("message_not_found");
		const { domain } = call.peer.world.team(channel.team);
		const thread = message.threadTs === undefined ? "" : `?thread_ts=${message.threadTs}&cid=${channel.id}`;
		const place = `archives/${channel.id}/p${message.ts.replace(".", "")}`;
		return { channel: channel.id, permalink: `https://${domain}.slack.com/${place}${thread}` };
	},
});

export const chatMethods = [postMessage, postEphemeral, update, remove, getPermalink];
