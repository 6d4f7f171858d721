import type {
	ConversationsHistoryArguments,
	ConversationsInfoArguments,
	ConversationsOpenArguments,
	ConversationsRepliesArguments,
} from "@slack/web-api";
import { ApiError } from "../errors.ts";
import type { Channel, Message } from "../world.ts";
import {
	type Answer,
	argsOf,
	botMethod,
	type Call,
	count,
	family,
	flag,
	id,
	messageJson,
	visibleChannel,
	words,
} from "./method.ts";

const info = botMethod({
	name: "conversations.info",
	scope: (args, call) => `${family(call, args.channel)}:read`,
	args: argsOf<ConversationsInfoArguments>()({ channel: id, include_locale: flag, include_num_members: flag }),
	run(args, call) {
		const { channel, member } = visibleChannel(call, args.channel);
		return { channel: { ...channelJson(channel), is_member: member, num_members: channel.members.size } };
	},
});

function channelJson(channel: Channel): Answer {
	return {
		id: channel.id,
		name: channel.name,
		is_channel: channel.kind !== "im",
		is_group: false,
		is_im: channel.kind === "im",
		is_private: channel.kind !== "public",
		is_archived: channel.archived,
		is_ext_shared: channel.sharedWith.length > 0,
		is_shared: channel.sharedWith.length > 0,
		context_team_id: channel.team,
		shared_team_ids: [channel.team, ...channel.sharedWith],
	};
}

const paging = {
	channel: id,
	latest: words,
	oldest: words,
	inclusive: flag,
	limit: count,
	cursor: words,
	include_all_metadata: flag,
};

interface Range {
	latest?: string | undefined;
	oldest?: string | undefined;
	inclusive?: boolean | undefined;
	limit?: number | undefined;
	cursor?: string | undefined;
	include_all_metadata?: boolean | undefined;
}

/** Timestamps can be compared as text: seconds have ten digits, fractions six. */
function within(message: Message, { latest, oldest, inclusive = false }: Range): boolean {
	if (inclusive && (message.ts === latest || message.ts === oldest)) return true;
	return (latest === undefined || message.ts < latest) && (oldest === undefined || message.ts > oldest);
}

function page(call: Call, all: Message[], range: Range, most: number): Answer {
	const start = range.cursor === undefined || range.cursor === "" ? 0 : Number(range.cursor);
	if (Number.isNaN(start)) throw new ApiError("invalid_cursor");
	const end = start + Math.min(range.limit ?? 100, most);
	const messages = all
		.slice(start, end)
		.map((message) => messageJson(call.peer, message, range.include_all_metadata === true));
	const more = end < all.length;
	return { messages, has_more: more, response_metadata: { next_cursor: more ? String(end) : "" } };
}

function readable(call: Call, name: string): Channel {
	const { channel, member } = visibleChannel(call, name);
	if (!member) throw new ApiError("not_in_channel");
	return channel;
}

const shown = (call: Call, channel: Channel) =>
	call.peer.world.messages.filter((one) => one.channel === channel.id && !one.deleted && one.ephemeralTo === undefined);

const history = botMethod({
	name: "conversations.history",
	scope: (args, call) => `${family(call, args.channel)}:history`,
	args: argsOf<ConversationsHistoryArguments>()(paging),
	run(args, call) {
		const top = shown(call, readable(call, args.channel)).filter(
			(one) => one.threadTs === undefined && within(one, args),
		);
		return page(
			call,
			top.sort((a, b) => b.ts.localeCompare(a.ts)),
			args,
			999,
		);
	},
});

const replies = botMethod({
	name: "conversations.replies",
	scope: (args, call) => `${family(call, args.channel)}:history`,
	args: argsOf<ConversationsRepliesArguments>()({ ...paging, ts: id }),
	run(args, call) {
		const all = shown(call, readable(call, args.channel));
		const parent = all.find((one) => one.ts === args.ts);
		if (parent === undefined) throw new ApiError("thread_not_found");
		const root = parent.threadTs ?? parent.ts;
		const thread = all.filter((one) => one.ts === root || (one.threadTs === root && within(one, args)));
		return page(
			call,
			thread.sort((a, b) => a.ts.localeCompare(b.ts)),
			args,
			1000,
		);
	},
});

const open = botMethod({
	name: "conversations.open",
	scope: "im:write",
	args: argsOf<ConversationsOpenArguments>()({ users: id, return_im: flag, prevent_creation: flag }),
	run(args, call) {
		const users = args.users.split(",");
		const [user] = users;
		// Group direct messages are not modelled.
		if (users.length !== 1 || user === undefined) throw new ApiError("not_enough_users");
		const member = call.peer.world.members.get(user);
		if (member === undefined) throw new ApiError("user_not_found");
		if (member.isBot || member.deleted) throw new ApiError("cannot_dm_bot");
		return { channel: { id: call.peer.world.directChannel(call.team, user).id } };
	},
});

export const conversationMethods = [info, history, replies, open];
