/** Slack's events as interactions: what happens without a member's command or press. */
import { z } from "zod";
import type { Interaction } from "./interaction.ts";

/** What is the same for events that no member is answered for. */
function happened(eventId: string, workspaceId: string, enterpriseId: string | null, receivedAt: Date) {
	return {
		key: `slack:${eventId}`,
		receivedAt: receivedAt.getTime(),
		workspaceId,
		enterpriseId,
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
	event: z.object({ user: z.string(), tab: z.string().default("home") }),
});

/** The opening of the Home tab; null for the messages beside it. @throws ZodError when it is none */
export function readHomeBody(raw: unknown, receivedAt: Date): Interaction | null {
	const body = homeBody.parse(raw);
	if (body.event.tab !== "home") return null;
	return {
		...happened(body.event_id, body.team_id, body.enterprise_id ?? null, receivedAt),
		memberId: body.event.user,
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

/** The workspaces that an event of removal names; none where it means a whole organisation. */
function removedWorkspaces({ team_id, event }: z.infer<typeof removalBody>): string[] {
	if (event.type === "team_access_revoked") return event.team_ids ?? [];
	// An organisation's own id begins with E.
	return team_id?.startsWith("T") ? [team_id] : [];
}

/** The end of an installation; null when it ends nothing of ours. @throws ZodError when it is none */
export function readRemovalBody(raw: unknown, receivedAt: Date): Interaction | null {
	const body = removalBody.parse(raw);
	const workspaceIds = removedWorkspaces(body);
	// Members' own tokens are nothing to us.
	if (body.event.type === "tokens_revoked" && (body.event.tokens?.bot ?? []).length === 0) return null;
	if (body.event.type === "team_access_revoked" && workspaceIds.length === 0) return null;
	const enterpriseId = body.enterprise_id ?? body.authorizations?.[0]?.enterprise_id ?? null;
	return {
		...happened(body.event_id, body.team_id ?? "", enterpriseId, receivedAt),
		// Slack tells whole seconds: the end of the second, so that an installation of the same second goes too.
		act: { type: "removed", at: body.event_time * 1000 + 999, workspaceIds },
	};
}

const joinedBody = z.object({
	event_id: z.string(),
	team_id: z.string(),
	enterprise_id: z.string().nullish(),
	event: z.object({ user: z.string(), channel: z.string() }),
});

/** Somebody's arrival in a channel of ours, perhaps our own. @throws ZodError when it is none */
export function readJoinedBody(raw: unknown, receivedAt: Date): Interaction {
	const body = joinedBody.parse(raw);
	const { user, channel } = body.event;
	return {
		...happened(body.event_id, body.team_id, body.enterprise_id ?? null, receivedAt),
		act: { type: "joined", userId: user, channelId: channel },
	};
}
