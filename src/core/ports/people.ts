import type { Member, Workspace } from "../model.ts";
import type { AwayDate } from "../streak/streak.ts";

export interface MemberSettings {
	readonly hidden?: boolean;
	readonly milestonesPublic?: boolean;
	readonly reminderHours?: number | null;
	readonly interviewOn?: string | null;
	readonly reviewsADay?: number | null;
}

/** The author of a command, as the platform identifies them. */
export interface Entrance {
	readonly platform: string;
	/** Null in a direct message, which means the workspace that the person used last. */
	readonly workspace: { readonly externalId: string; readonly name: string } | null;
	readonly member: { readonly externalId: string; readonly name: string };
}

/** The author of a command, as the database identifies them. */
export interface Entered {
	readonly workspace: Workspace;
	readonly member: Member;
	/** Whether an admin has allowed the member to manage schedules. */
	readonly isNamedAdmin: boolean;
	/** Whether any reply to the member is recorded as owed, even one that is on its way. */
	readonly mayBeOwed: boolean;
}

export interface PeopleStore {
	/**
	 * Finds or creates the workspace and member behind a command, and updates their names and last use. One statement if
	 * nothing has changed. Null for a person without a workspace.
	 */
	enter(entrance: Entrance, now: Date): Promise<Entered | null>;
	/** Finds or creates an installation's workspace and updates its name. Ends a removal from before `now`. */
	ensureWorkspace(platform: string, externalId: string, name: string, now: Date): Promise<Workspace>;
	findWorkspace(platform: string, externalId: string): Promise<Workspace | null>;
	workspace(id: number): Promise<Workspace | null>;
	/** The workspace that a person used last on a platform. */
	lastWorkspaceOf(platform: string, memberExternalId: string): Promise<Workspace | null>;
	/** Locks a workspace until the transaction ends. Also reads when a member last used it. Null if it does not exist. */
	lockWorkspace(id: number): Promise<{ workspace: Workspace; usedAt: Date | null } | null>;
	/** Marks the installation as removed: its data is due for deletion. */
	removeWorkspace(id: number, at: Date): Promise<void>;
	/** Marks the bot as installed again. */
	restoreWorkspace(id: number): Promise<void>;
	/** True on the first call only: a workspace's admins see the guide once. */
	guide(id: number, at: Date): Promise<boolean>;
	/** The platform's id of the admin who last used an admin's command. */
	lastAdmin(workspaceId: number): Promise<string | null>;
	setLastAdmin(platform: string, workspaceExternalId: string, externalId: string): Promise<void>;
	/** Finds or creates a person's member and updates the name. */
	ensureMember(workspaceId: number, externalId: string, name: string, now: Date): Promise<Member>;
	findMember(workspaceId: number, externalId: string): Promise<Member | null>;
	/** Finds a member by name, ignoring case; null when no member or several have it. */
	findMemberByName(workspaceId: number, name: string): Promise<Member | null>;
	member(id: number): Promise<Member | null>;
	/** The platform's ids of a workspace's members. */
	externalIds(workspaceId: number, ids: readonly number[]): Promise<{ id: number; externalId: string }[]>;
	/** Records that members left the workspace: boards hide them until they use the bot again. */
	noteDepartures(workspaceId: number, ids: readonly number[], at: Date): Promise<void>;
	/**
	 * Locks the member, and with it all of the member's streaks, until the transaction ends.
	 * @throws UserError when the member was forgotten in the meantime
	 */
	lockMember(id: number): Promise<void>;
	changeSettings(memberId: number, settings: MemberSettings): Promise<void>;
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
