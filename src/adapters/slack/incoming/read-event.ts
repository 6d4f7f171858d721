/** Turns Slack's events into interactions: what happens without a member's command or press. */
import * as z from "zod";
import type { Interaction } from "./interaction.ts";
import { homeWith } from "./read-body.ts";

/** The fields that every event has. */
interface Told {
	readonly event_id?: string;
	readonly team_id?: string | null | undefined;
	readonly enterprise_id?: string | null | undefined;
}

/** The fields shared by events that need no answer to a member. */
function happened({ event_id = "", team_id, enterprise_id }: Told, receivedAt: Date) {
	return {
		key: `slack:${event_id}`,
		receivedAt: receivedAt.getTime(),
		workspaceId: team_id ?? "",
		enterpriseId: enterprise_id ?? null,
		workspaceName: "",
		memberId: "",
		memberName: "",
		where: { type: "home" as const },
		triggerId: null,
	};
}

const homeBody = z.object({
	event_id: z.string(),
	team_id: z.string(),
	enterprise_id: z.string().nullish(),
	event: z.object({
		user: z.string(),
		tab: z.string().default("home"),
		view: z.object({ hash: z.string().optional() }).optional(),
	}),
});

/** Reads the opening of the Home tab; null for the messages tab. @throws ZodError for another payload */
export function readHomeBody(raw: unknown, receivedAt: Date): Interaction | null {
	const body = homeBody.parse(raw);
	if (body.event.tab !== "home") return null;
	return {
		...happened(body, receivedAt),
		memberId: body.event.user,
		where: homeWith(body.event.view?.hash),
		act: { type: "home" },
	};
}

const removalBody = z.object({
	event_id: z.string(),
	event_time: z.number(),
	team_id: z.string().nullish(),
	enterprise_id: z.string().nullish(),
	authorizations: z.array(z.object({ enterprise_id: z.string().nullish() })).nullish(),
	event: z.object({
		type: z.string(),
		tokens: z.object({ bot: z.array(z.string()).nullish() }).optional(),
		team_ids: z.array(z.string()).nullish(),
	}),
});

/** The workspaces that a removal names; none if it means a whole organisation. */
function removedWorkspaces({ team_id, event }: z.infer<typeof removalBody>): string[] {
	if (event.type === "team_access_revoked") return event.team_ids ?? [];
	// An organisation's id begins with E.
	return team_id?.startsWith("T") ? [team_id] : [];
}

/** Reads the end of an installation; null if it ends none of ours. @throws ZodError for another payload */
export function readRemovalBody(raw: unknown, receivedAt: Date): Interaction | null {
	const body = removalBody.parse(raw);
	const workspaceIds = removedWorkspaces(body);
	// We have no tokens of members, so their revocation does not matter.
	if (body.event.type === "tokens_revoked" && (body.event.tokens?.bot ?? []).length === 0) return null;
	if (body.event.type === "team_access_revoked" && workspaceIds.length === 0) return null;
	const enterprise_id = body.enterprise_id ?? body.authorizations?.[0]?.enterprise_id;
	return {
		...happened({ ...body, enterprise_id }, receivedAt),
		// Slack reports whole seconds. Take the end of the second, so that an installation made in it is removed too.
		act: { type: "removed", at: body.event_time * 1000 + 999, workspaceIds },
	};
}

const joinedBody = z.object({
	event_id: z.string(),
	team_id: z.string(),
	enterprise_id: z.string().nullish(),
	event: z.object({ user: z.string(), channel: z.string() }),
});

/** Reads that somebody, perhaps the bot, joined a channel of ours. @throws ZodError for another payload */
export function readJoinedBody(raw: unknown, receivedAt: Date): Interaction {
	const body = joinedBody.parse(raw);
	const { user: userId, channel: channelId } = body.event;
	return { ...happened(body, receivedAt), act: { type: "joined", userId, channelId } };
}

const messageBody = z.object({
	team_id: z.string(),
	enterprise_id: z.string().nullish(),
	event: z.object({
		type: z.string(),
		subtype: z.string().optional(),
		user: z.string().optional(),
		bot_id: z.string().nullish(),
		text: z.string().default(""),
		ts: z.string(),
		channel: z.string(),
		channel_type: z.string().optional(),
		thread_ts: z.string().optional(),
		edited: z.unknown().optional(),
	}),
});

/**
 * Reads a message in which a person addresses the bot: it mentions the bot, or is direct. Null for edits, for Slack's
 * own messages, and for those of bots, including ours. @throws ZodError for another payload
 */
export function readMessageBody(raw: unknown, receivedAt: Date): Interaction | null {
	const body = messageBody.parse(raw);
	const { type, subtype, user, bot_id, text, ts, channel, channel_type, thread_ts, edited } = body.event;
	if (user === undefined || bot_id || subtype !== undefined || edited !== undefined) return null;
	if (type === "message" && channel_type !== "im") return null;
	return {
		...happened(body, receivedAt),
		// Keyed by the message's channel and time: two events may report the same message.
		key: `slack:${body.team_id}:${channel}:${ts}`,
		memberId: user,
		where: {
			type: "message",
			channelId: channel,
			channelName: "",
			threadId: thread_ts ?? null,
			responseUrl: null,
			since: receivedAt.getTime(),
			replaceable: false,
		},
		act: { type: "said", text },
	};
}
