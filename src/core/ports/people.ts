import type { Member, Workspace } from "../model.ts";
import type { AwayDate } from "../streak/streak.ts";

export interface MemberSettings {
	readonly hidden?: boolean;
	readonly milestonesPublic?: boolean;
	readonly reminderHours?: number | null;
	readonly interviewOn?: string | null;
	readonly reviewsADay?: number | null;
}

/** Who gives a command, as the platform knows them. */
export interface Entrance {
	readonly platform: string;
	/** Null in a direct message: the workspace that the person used last. */
	readonly workspace: { readonly externalId: string; readonly name: string } | null;
	readonly member: { readonly externalId: string; readonly name: string };
}

/** Who gives a command, as we know them. */
export interface Entered {
	readonly workspace: Workspace;
	readonly member: Member;
	/** Whether an admin has named the member to look after the schedules. */
	readonly isNamedAdmin: boolean;
}

export interface PeopleStore {
	/**
	 * Who gives a command: both are made at first sight, their names and the last use kept current. One statement where
	 * nothing has changed. Null for a person without a workspace.
	 */
	enter(entrance: Entrance, now: Date): Promise<Entered | null>;
	/** The workspace of an installation; made at first sight, its name kept current. A removal before `now` is over. */
	ensureWorkspace(platform: string, externalId: string, name: string, now: Date): Promise<Workspace>;
	findWorkspace(platform: string, externalId: string): Promise<Workspace | null>;
	workspace(id: number): Promise<Workspace | null>;
	/** The workspace that a person used last on a platform. */
	lastWorkspaceOf(platform: string, memberExternalId: string): Promise<Workspace | null>;
	/** A workspace, held until the transaction ends, and when a member used it last; null without one. */
	lockWorkspace(id: number): Promise<{ workspace: Workspace; usedAt: Date | null } | null>;
	/** Marks the installation as removed: its data is due for deletion. */
	removeWorkspace(id: number, at: Date): Promise<void>;
	/** Marks the installation as there again. */
	restoreWorkspace(id: number): Promise<void>;
	/** True the first time: a workspace's admins are guided once, for good. */
	guide(id: number, at: Date): Promise<boolean>;
	/** The platform's id of the admin who last used an admin's command. */
	lastAdmin(workspaceId: number): Promise<string | null>;
	setLastAdmin(platform: string, workspaceExternalId: string, externalId: string): Promise<void>;
	/** The member of a person; made at first sight, the name kept current. */
	ensureMember(workspaceId: number, externalId: string, name: string, now: Date): Promise<Member>;
	findMember(workspaceId: number, externalId: string): Promise<Member | null>;
	/** By name in any case; null when no member or several have it. */
	findMemberByName(workspaceId: number, name: string): Promise<Member | null>;
	member(id: number): Promise<Member | null>;
	/** The platform's ids of a workspace's members. */
	externalIds(workspaceId: number, ids: readonly number[]): Promise<{ id: number; externalId: string }[]>;
	/** Members have left the workspace: others see them on no board, until any use of theirs. */
	noteDepartures(workspaceId: number, ids: readonly number[], at: Date): Promise<void>;
	/**
	 * Locks the member, and so all of the member's streaks, until the transaction ends.
	 * @throws UserError when the member was forgotten meanwhile
	 */
	lockMember(id: number): Promise<void>;
	changeSettings(memberId: number, settings: MemberSettings): Promise<void>;
	setLastQuestion(memberId: number, questionId: string): Promise<void>;
	awayDates(memberId: number): Promise<AwayDate[]>;
	addAwayDates(workspaceId: number, memberId: number, dates: readonly string[], now: Date): Promise<void>;
	withdrawAwayDates(memberId: number, dates: readonly string[], now: Date): Promise<void>;
	admins(workspaceId: number): Promise<string[]>;
	setAdmin(workspaceId: number, externalId: string, admin: boolean): Promise<void>;
	/** All rows of a member, by table, for the export. */
	exportMember(memberId: number): Promise<Record<string, unknown[]>>;
	/** Erases a member from every table, and remembers the erasure as a salted hash. */
	eraseMember(memberId: number, now: Date): Promise<void>;
}
