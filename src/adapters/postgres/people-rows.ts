/** Which columns of workspaces and members are read, and when a command leaves their rows unchanged. */
import * as schema from "../../../drizzle/schema.ts";
import { MINUTE } from "../../core/durations.ts";
import type { Workspace } from "../../core/model.ts";

const { workspaces, members } = schema;

/** How precise `last_used_at` is, in milliseconds: it saves a write per command. */
const USE_GRAIN = MINUTE;

export const workspaceColumns = {
	id: workspaces.id,
	platform: workspaces.platform,
	externalId: workspaces.externalId,
	name: workspaces.name,
	removedAt: workspaces.removedAt,
};
export const memberColumns = {
	id: members.id,
	workspaceId: members.workspaceId,
	externalId: members.externalId,
	name: members.name,
	lastQuestionId: members.lastQuestionId,
	hidden: members.hidden,
	leftAt: members.leftAt,
	milestonesPublic: members.milestonesPublic,
	reminderHours: members.reminderHours,
	interviewOn: members.interviewOn,
	reviewsADay: members.reviewsADay,
};

/** Whether a command leaves the workspace's row unchanged: same name, and no removal to undo. */
export const isUnchanged = ({ name, removedAt }: Workspace, current: string, now: Date): boolean =>
	name === current && (removedAt === null || removedAt >= now);

/** Whether a command leaves the member's row unchanged. */
export const isUsedRecently = (
	known: { name: string; lastUsedAt: Date; leftAt: Date | null },
	name: string,
	now: Date,
): boolean =>
	known.name === name && known.leftAt === null && Math.abs(now.getTime() - known.lastUsedAt.getTime()) < USE_GRAIN;
