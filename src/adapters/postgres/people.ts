import { and, desc, eq, isNotNull, isNull, max, type SQL, sql } from "drizzle-orm";
import * as schema from "../../../drizzle/schema.ts";
import { UserError } from "../../core/errors.ts";
import type { Member, Workspace } from "../../core/model.ts";
import type { Entered, Entrance, MemberSettings, PeopleStore } from "../../core/ports/people.ts";
import type { AwayDate } from "../../core/streak/streak.ts";
import { addAwayDates, awayDatesOf, withdrawAwayDates } from "./away-dates.ts";
import { holdMember, noteDepartures, noteReturn, renameOnBoards, showOnBoards } from "./board-lines.ts";
import type { Db } from "./db.ts";
import { onlyRow } from "./db.ts";
import { eraseMember, exportMember } from "./maintenance/erasure.ts";
import { once } from "./once.ts";
import { isUnchanged, isUsedRecently, memberColumns, workspaceColumns } from "./people-rows.ts";
import { idsText } from "./raw.ts";

const { workspaces, members, workspaceAdmins } = schema;

/**
 * The statement that finds a workspace and a member. Every interaction runs it, and building it takes longer than
 * sending it.
 */
function prepareKnown(db: Db, where: SQL | undefined) {
	const externalId = sql.placeholder("externalId");
	return db
		.select({
			workspace: workspaceColumns,
			member: { ...memberColumns, lastUsedAt: members.lastUsedAt },
			admin: workspaceAdmins.externalId,
			mayBeOwed: sql<boolean>`exists (select from owed_replies
				where workspace_id = ${workspaces.id} and member_external_id = ${externalId})`,
		})
		.from(workspaces)
		.leftJoin(members, and(eq(members.workspaceId, workspaces.id), eq(members.externalId, externalId)))
		.leftJoin(
			workspaceAdmins,
			and(eq(workspaceAdmins.workspaceId, workspaces.id), eq(workspaceAdmins.externalId, externalId)),
		)
		.where(and(eq(workspaces.platform, sql.placeholder("platform")), where))
		.orderBy(desc(members.lastUsedAt), desc(members.id))
		.limit(1)
		.prepare("known");
}
type KnownStatement = ReturnType<typeof prepareKnown>;

/** Workspaces, members, their settings, away dates and admins. */
export class PostgresPeople implements PeopleStore {
	readonly #db: Db;
	readonly #knownThere: () => KnownStatement;
	readonly #knownLately: () => KnownStatement;

	constructor(db: Db) {
		this.#db = db;
		this.#knownThere = once(() => prepareKnown(db, eq(workspaces.externalId, sql.placeholder("workspace"))));
		this.#knownLately = once(() => prepareKnown(db, and(isNotNull(members.id), isNull(workspaces.removedAt))));
	}

	async enter(entrance: Entrance, now: Date): Promise<Entered | null> {
		const { platform, workspace: wanted, member: person } = entrance;
		const found = await this.#known(entrance);
		if (!found && !wanted) return null;
		const { externalId, name } = person;
		const known = found?.workspace ?? null;
		const isCurrent = known !== null && (wanted === null || isUnchanged(known, wanted.name, now));
		if (isCurrent && found?.member && isUsedRecently(found.member, name, now)) {
			const { lastUsedAt: _lately, ...member } = found.member;
			return { workspace: known, member, isNamedAdmin: found.isNamedAdmin, mayBeOwed: found.mayBeOwed };
		}
		const workspace =
			isCurrent || !wanted ? known : await this.ensureWorkspace(platform, wanted.externalId, wanted.name, now);
		if (!workspace) return null;
		const before = found?.workspace.id === workspace.id ? found.member : null;
		const member = await this.#recordUse(before, workspace.id, externalId, name, now);
		return { workspace, member, isNamedAdmin: found?.isNamedAdmin ?? false, mayBeOwed: found?.mayBeOwed ?? false };
	}

	/**
	 * The stored workspace and member, in one statement. A direct message means the workspace that the member used
	 * last.
	 */
	async #known({ platform, workspace, member: { externalId } }: Entrance) {
		const [row] = workspace
			? await this.#knownThere().execute({ platform, externalId, workspace: workspace.externalId })
			: await this.#knownLately().execute({ platform, externalId });
		return row ? { ...row, isNamedAdmin: row.admin !== null } : null;
	}

	async ensureWorkspace(platform: string, externalId: string, name: string, now: Date): Promise<Workspace> {
		const known = await this.findWorkspace(platform, externalId);
		if (known && isUnchanged(known, name, now)) return known;
		// A message from before the removal does not undo it.
		const removedAt = sql`case when ${workspaces.removedAt} < ${now.toISOString()}::timestamptz then null else ${workspaces.removedAt} end`;
		const rows = await this.#db
			.insert(workspaces)
			.values({ platform, externalId, name, createdAt: now })
			.onConflictDoUpdate({ target: [workspaces.platform, workspaces.externalId], set: { name, removedAt } })
			.returning(workspaceColumns);
		return onlyRow(rows);
	}

	async findWorkspace(platform: string, externalId: string): Promise<Workspace | null> {
		const [row] = await this.#db
			.select(workspaceColumns)
			.from(workspaces)
			.where(and(eq(workspaces.platform, platform), eq(workspaces.externalId, externalId)));
		return row ?? null;
	}

	async workspace(id: number): Promise<Workspace | null> {
		const [row] = await this.#db.select(workspaceColumns).from(workspaces).where(eq(workspaces.id, id));
		return row ?? null;
	}

	async lastWorkspaceOf(platform: string, memberExternalId: string): Promise<Workspace | null> {
		const [row] = await this.#db
			.select(workspaceColumns)
			.from(members)
			.innerJoin(workspaces, eq(workspaces.id, members.workspaceId))
			.where(
				and(eq(members.externalId, memberExternalId), eq(workspaces.platform, platform), isNull(workspaces.removedAt)),
			)
			.orderBy(desc(members.lastUsedAt), desc(members.id))
			.limit(1);
		return row ?? null;
	}

	async lockWorkspace(id: number): Promise<{ workspace: Workspace; usedAt: Date | null } | null> {
		const [workspace] = await this.#db
			.select(workspaceColumns)
			.from(workspaces)
			.where(and(eq(workspaces.id, id), isNull(workspaces.deletedAt)))
			// Not a stronger lock, which would block rows that refer to the workspace.
			.for("no key update");
		if (!workspace) return null;
		const [used] = await this.#db
			.select({ at: max(members.lastUsedAt) })
			.from(members)
			.where(eq(members.workspaceId, id));
		return { workspace, usedAt: used?.at ?? null };
	}

	async removeWorkspace(id: number, at: Date): Promise<void> {
		await this.#db.update(workspaces).set({ removedAt: at }).where(eq(workspaces.id, id));
	}

	async restoreWorkspace(id: number): Promise<void> {
		await this.#db.update(workspaces).set({ removedAt: null }).where(eq(workspaces.id, id));
	}

	async guide(id: number, at: Date): Promise<boolean> {
		const rows = await this.#db
			.update(workspaces)
			.set({ guidedAt: at })
			.where(and(eq(workspaces.id, id), isNull(workspaces.guidedAt)))
			.returning({ id: workspaces.id });
		return rows.length === 1;
	}

	async lastAdmin(workspaceId: number): Promise<string | null> {
		const [row] = await this.#db
			.select({ id: workspaces.lastAdminId })
			.from(workspaces)
			.where(eq(workspaces.id, workspaceId));
		return row?.id ?? null;
	}

	async setLastAdmin(platform: string, workspaceExternalId: string, externalId: string): Promise<void> {
		await this.#db
			.update(workspaces)
			.set({ lastAdminId: externalId })
			.where(
				and(
					eq(workspaces.platform, platform),
					eq(workspaces.externalId, workspaceExternalId),
					sql`${workspaces.lastAdminId} is distinct from ${externalId}`,
				),
			);
	}

	async ensureMember(workspaceId: number, externalId: string, name: string, now: Date): Promise<Member> {
		const [known] = await this.#db
			.select({ ...memberColumns, lastUsedAt: members.lastUsedAt })
			.from(members)
			.where(and(eq(members.workspaceId, workspaceId), eq(members.externalId, externalId)));
		return known && isUsedRecently(known, name, now)
			? known
			: this.#recordUse(known, workspaceId, externalId, name, now);
	}

	/** @param known the member as it is; null for one never seen */
	async #recordUse(
		known: { readonly id: number; readonly name: string; readonly leftAt: Date | null } | null | undefined,
		workspaceId: number,
		externalId: string,
		name: string,
		now: Date,
	): Promise<Member> {
		if (known && known.leftAt !== null) await this.#db.transaction((transaction) => noteReturn(transaction, known.id));
		const rows = await this.#db
			.insert(members)
			.values({ workspaceId, externalId, name, joinedAt: now, lastUsedAt: now })
			.onConflictDoUpdate({ target: [members.workspaceId, members.externalId], set: { name, lastUsedAt: now } })
			.returning(memberColumns);
		const member = onlyRow(rows);
		if (known && known.name !== name)
			await this.#db.transaction((transaction) => renameOnBoards(transaction, member.id, name));
		return member;
	}

	async findMember(workspaceId: number, externalId: string): Promise<Member | null> {
		const [row] = await this.#db
			.select(memberColumns)
			.from(members)
			.where(and(eq(members.workspaceId, workspaceId), eq(members.externalId, externalId)));
		return row ?? null;
	}

	async findMemberByName(workspaceId: number, name: string): Promise<Member | null> {
		const rows = await this.#db
			.select(memberColumns)
			.from(members)
			.where(and(eq(members.workspaceId, workspaceId), sql`lower(${members.name}) = lower(${name})`))
			.limit(2);
		return rows.length === 1 ? (rows[0] ?? null) : null;
	}

	async member(id: number): Promise<Member | null> {
		const [row] = await this.#db.select(memberColumns).from(members).where(eq(members.id, id));
		return row ?? null;
	}

	async externalIds(workspaceId: number, ids: readonly number[]): Promise<{ id: number; externalId: string }[]> {
		return this.#db
			.select({ id: members.id, externalId: members.externalId })
			.from(members)
			.where(and(eq(members.workspaceId, workspaceId), sql`${members.id} = any(${idsText(ids)}::bigint[])`));
	}

	async noteDepartures(workspaceId: number, ids: readonly number[], at: Date): Promise<void> {
		await this.#db.transaction((transaction) => noteDepartures(transaction, workspaceId, ids, at));
	}

	async lockMember(id: number): Promise<void> {
		if (await holdMember(this.#db, id)) return;
		throw new UserError("This member has just been forgotten. Nothing was recorded.", "Try again to start afresh.");
	}

	async changeSettings(memberId: number, settings: MemberSettings): Promise<void> {
		await this.#db.transaction(async (transaction) => {
			// Turning nudges on again resets the count of unanswered ones.
			const counted = settings.reminderHours === undefined ? {} : { remindersUnanswered: 0 };
			await transaction
				.update(members)
				.set({ ...settings, ...counted })
				.where(eq(members.id, memberId));
			if (settings.hidden !== undefined) await showOnBoards(transaction, memberId, !settings.hidden);
		});
	}

	awayDates(memberId: number): Promise<AwayDate[]> {
		return awayDatesOf(this.#db, memberId);
	}

	addAwayDates(workspaceId: number, memberId: number, dates: readonly string[], now: Date): Promise<void> {
		return addAwayDates(this.#db, workspaceId, memberId, dates, now);
	}

	withdrawAwayDates(memberId: number, dates: readonly string[], now: Date): Promise<void> {
		return withdrawAwayDates(this.#db, memberId, dates, now);
	}

	async admins(workspaceId: number): Promise<string[]> {
		const rows = await this.#db
			.select({ externalId: workspaceAdmins.externalId })
			.from(workspaceAdmins)
			.where(eq(workspaceAdmins.workspaceId, workspaceId))
			.orderBy(workspaceAdmins.externalId);
		return rows.map((row) => row.externalId);
	}

	async setAdmin(workspaceId: number, externalId: string, admin: boolean): Promise<void> {
		if (admin) await this.#db.insert(workspaceAdmins).values({ workspaceId, externalId }).onConflictDoNothing();
		else
			await this.#db
				.delete(workspaceAdmins)
				.where(and(eq(workspaceAdmins.workspaceId, workspaceId), eq(workspaceAdmins.externalId, externalId)));
	}

	exportMember(memberId: number): Promise<Record<string, unknown[]>> {
		return exportMember(this.#db, memberId);
	}

	eraseMember(memberId: number, now: Date): Promise<void> {
		return eraseMember(this.#db, memberId, now);
	}
}
