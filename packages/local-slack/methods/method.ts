import { z } from "zod";
import type { Installation } from "../credentials.ts";
import { ApiError } from "../errors.ts";
import type { Peer } from "../peer.ts";
import { issuesOf } from "../schema/exactly.ts";
import { type ContentResult, type MessageContent, slackFilesIn } from "../schema/message.ts";
import type { Channel, Message, Team } from "../world.ts";

/** A call of a Web API method whose token was accepted. */
export interface Call {
	peer: Peer;
	method: string;
	token: string;
	installation: Installation;
	/** The workspace that the call acts on. */
	team: Team;
}

export type Answer = Record<string, unknown>;

/** A method, ready to be called with arguments of any shape. */
export interface Method {
	name: string;
	/** The kind of token it needs; `client` methods need client_id and client_secret instead. */
	auth: "bot" | "app" | "client";
	run(raw: Record<string, unknown>, context: { peer: Peer; call: Call | undefined }): Answer;
}

type KeysOf<Type> = Type extends unknown ? keyof Type : never;

export const flag = z.union([z.boolean(), z.stringbool()]).optional();
export const count = z.coerce.number().int().min(1).optional();
export const id = z.string().min(1);
export const words = z.string().optional();

/**
 * A method's arguments: a strict schema that may name only arguments that `@slack/web-api` knows for the method.
 * `team_id` is always accepted, as Slack does: Bolt adds it to every call.
 */
export function argsOf<Arguments>() {
	return <Shape extends z.ZodRawShape>(shape: Shape & Record<Exclude<keyof Shape, KeysOf<Arguments>>, never>) =>
		z.strictObject<Shape>(shape);
}

/** @throws ApiError invalid_arguments, after recording a violation. */
function parseArgs<Args>(peer: Peer, name: string, schema: z.ZodType<Args>, raw: Record<string, unknown>): Args {
	const { team_id: _team, ...rest } = raw;
	const parsed = schema.safeParse(rest);
	if (parsed.success) return parsed.data;
	throw refusal(peer, name, "invalid_arguments", issuesOf(parsed.error), raw);
}

/** Records a violation. Returns the error to throw. */
export function refusal(peer: Peer, where: string, error: string, faults: string[], payload: unknown): ApiError {
	peer.violations.push({ where, error, faults, payload });
	const messages = faults.map((fault) => `[ERROR] ${fault}`);
	return new ApiError(error, { errors: faults, response_metadata: { messages } });
}

interface BotMethod<Args> {
	name: string;
	args: z.ZodType<Args>;
	/** The scope that the call needs; none if missing. */
	scope?: string | ((args: Args, call: Call) => string);
	run(args: Args, call: Call): Answer;
}

/** A method called with a bot token. */
export function botMethod<Args>(definition: BotMethod<Args>): Method {
	const { name, scope } = definition;
	return {
		name,
		auth: "bot",
		run(raw, { peer, call }) {
			if (call === undefined) throw new ApiError("not_authed");
			const args = parseArgs(peer, name, definition.args, raw);
			if (scope !== undefined) requireScope(call, typeof scope === "string" ? scope : scope(args, call));
			return definition.run(args, call);
		},
	};
}

/** A method called with an app-level token, or with the client id and secret. */
export function appMethod<Args>(definition: {
	name: string;
	auth: "app" | "client";
	args: z.ZodType<Args>;
	run(args: Args, peer: Peer): Answer;
}): Method {
	const { name, auth } = definition;
	return {
		name,
		auth,
		run: (raw, { peer }) => definition.run(parseArgs(peer, name, definition.args, raw), peer),
	};
}

/** @throws ApiError missing_scope with `needed` and `provided`. */
export function requireScope(call: Call, needed: string): void {
	const provided = [...call.installation.scopes];
	if (!provided.includes(needed)) throw new ApiError("missing_scope", { needed, provided: provided.join(",") });
}

/** Whether the installation covers the workspace. */
export function reaches(call: Call, team: string): boolean {
	const { installation, peer } = call;
	if (installation.team !== undefined) return installation.team === team;
	return peer.world.teams.get(team)?.enterprise?.id === installation.enterprise;
}

/** The channel's workspace in which the app is installed. */
function homeOf(call: Call, channel: Channel): Team | undefined {
	const home = [channel.team, ...channel.sharedWith].find((team) => reaches(call, team));
	return home === undefined ? undefined : call.peer.world.team(home);
}

/** The scope family of a channel: `channels`, `groups` or `im`. */
export function family(call: Call, channel: string): string {
	const kind = call.peer.world.channels.get(channel)?.kind ?? "public";
	return { public: "channels", private: "groups", im: "im" }[kind];
}

/** @throws ApiError channel_not_found if the app cannot see the channel. */
export function visibleChannel(call: Call, name: string): { channel: Channel; home: Team; member: boolean } {
	const channel = call.peer.world.channels.get(name);
	const home = channel === undefined ? undefined : homeOf(call, channel);
	if (channel === undefined || home === undefined) throw new ApiError("channel_not_found");
	const member = channel.members.has(home.botUserId);
	if (channel.kind !== "public" && !member) throw new ApiError("channel_not_found");
	return { channel, home, member };
}

/** @throws ApiError channel_not_found, is_archived, not_in_channel, restricted_action. */
export function writableChannel(call: Call, name: string): { channel: Channel; home: Team } {
	const { channel, home, member } = visibleChannel(call, name);
	if (channel.archived) throw new ApiError("is_archived");
	if (!member && !call.installation.scopes.has("chat:write.public")) throw new ApiError("not_in_channel");
	if (channel.restricted) throw new ApiError("restricted_action");
	return { channel, home };
}

/**
 * Returns the content or records the violation. Pictures must be the app's own files. @throws ApiError invalid_blocks
 * and others.
 */
export function accept(peer: Peer, where: string, result: ContentResult, payload: unknown): MessageContent {
	if (!result.ok) throw refusal(peer, where, result.error, result.faults, payload);
	const missing = slackFilesIn(result.content.blocks).filter((file) => peer.world.files.get(file)?.completed !== true);
	if (missing.length > 0) {
		throw refusal(
			peer,
			where,
			"invalid_blocks",
			missing.map((file) => `invalid slack file ${file}`),
			payload,
		);
	}
	if (result.advice.length > 0) peer.advice.push({ where, error: "advice", faults: result.advice, payload });
	return result.content;
}

/** A message as the Web API returns it. */
export function messageJson(peer: Peer, message: Message, withMetadata: boolean): Answer {
	const { world } = peer;
	const replies = world.messages.filter((one) => one.threadTs === message.ts && one !== message && !one.deleted);
	return {
		type: "message",
		user: message.user,
		text: message.text,
		ts: message.ts,
		team: message.team,
		...(message.blocks.length > 0 ? { blocks: message.blocks } : {}),
		...(message.botId === undefined ? {} : { bot_id: message.botId, app_id: peer.app.id }),
		...(message.threadTs === undefined ? {} : { thread_ts: message.threadTs }),
		...(replies.length > 0 ? { thread_ts: message.ts, reply_count: replies.length } : {}),
		...(message.editedTs === undefined ? {} : { edited: { user: message.user, ts: message.editedTs } }),
		...(message.files.length > 0
			? { files: message.files.map(({ id: file, filename, title }) => ({ id: file, name: filename, title })) }
			: {}),
		...(withMetadata && message.metadata !== undefined ? { metadata: message.metadata } : {}),
	};
}
