import { createHash, randomBytes } from "node:crypto";
import { and, eq, gt, inArray, lt, or, sql } from "drizzle-orm";
import * as schema from "../../../../drizzle/schema.ts";
import { holdMember } from "../board-lines.ts";
import type { Db } from "../db.ts";
import { memberTables } from "./tables.ts";

const {
	members,
	workspaces,
	workspaceAdmins,
	erasures,
	installationValues,
	attempts,
	occurrences,
	handledInteractions,
	owedReplies,
	ownQuestions,
	reports,
} = schema;
const SALT = "erasure-salt";

/** The installation's salt; created when first needed. */
async function salt(db: Db): Promise<string> {
	await db
		.insert(installationValues)
		.values({ name: SALT, value: randomBytes(32).toString("hex") })
		.onConflictDoNothing();
	const [row] = await db
		.select({ value: installationValues.value })
		.from(installationValues)
		.where(eq(installationValues.name, SALT));
	return row?.value ?? "";
}

function fingerprint(secret: string, platform: string, workspace: string, member: string): string {
	return createHash("sha256")
		.update(JSON.stringify([secret, platform, workspace, member]))
		.digest("hex");
}

/** All rows about a member, by table. */
export async function exportMember(db: Db, memberId: number): Promise<Record<string, unknown[]>> {
	const rows: Record<string, unknown[]> = {
		members: await db.select().from(members).where(eq(members.id, memberId)),
	};
	for (const { name, table, memberId: column } of memberTables())
		rows[name] = await db.select().from(table).where(eq(column, memberId));
	return rows;
}

/** Turns a member's attempts into plain counts on the occurrences, and removes the member from settlements. */
async function leaveOccurrences(db: Db, memberId: number, workspaceId: number): Promise<void> {
	const attempted = db.select({ id: attempts.occurrenceId }).from(attempts).where(eq(attempts.memberId, memberId));
	const settling = and(eq(occurrences.workspaceId, workspaceId), eq(occurrences.settledThrough, memberId));
	// Locked in the order of ids, so that concurrent erasures do not deadlock.
	await db
		.select({ id: occurrences.id })
		.from(occurrences)
		.where(or(inArray(occurrences.id, attempted), settling))
		.orderBy(occurrences.id)
		.for("no key update");
	await db
		.update(occurrences)
		.set({ erasedAttempts: sql`${occurrences.erasedAttempts} + 1` })
		.where(inArray(occurrences.id, attempted));
	// A settlement that stopped after this member continues from the same place without naming anybody.
	await db
		.update(occurrences)
		.set({ settledThrough: memberId - 1 })
		.where(settling);
}

/** Keeps a report that others have joined, without the member's name and words. */
async function blankReports(db: Db, memberId: number): Promise<void> {
	const joined = and(eq(reports.memberId, memberId), gt(reports.repeats, 0));
	await db.update(reports).set({ memberId: null, text: "" }).where(joined);
}

/** Keeps questions that an admin has accepted, without their author. */
async function leaveQuestions(db: Db, memberId: number): Promise<void> {
	const accepted = and(eq(ownQuestions.memberId, memberId), inArray(ownQuestions.state, ["active", "retired"]));
	await db.update(ownQuestions).set({ memberId: null }).where(accepted);
}

/**
 * Erases a member from every table with a column `member_id`. Attempts are kept as anonymous counts on the occurrences.
 * Must run in a transaction.
 */
export async function eraseMember(db: Db, memberId: number, now: Date): Promise<void> {
	const [person] = await db
		.select({
			platform: workspaces.platform,
			workspace: workspaces.externalId,
			member: members.externalId,
			workspaceId: workspaces.id,
		})
		.from(members)
		.innerJoin(workspaces, eq(workspaces.id, members.workspaceId))
		.where(eq(members.id, memberId));
	if (!person) return;
	await holdMember(db, memberId);
	await leaveOccurrences(db, memberId, person.workspaceId);
	// Keep interaction keys without the member: a late delivery must not act again.
	await db.update(handledInteractions).set({ memberId: null }).where(eq(handledInteractions.memberId, memberId));
	await blankReports(db, memberId);
	await leaveQuestions(db, memberId);
	for (const { table, memberId: column } of memberTables()) await db.delete(table).where(eq(column, memberId));
	await db
		.delete(owedReplies)
		.where(
			and(
				eq(owedReplies.workspaceId, person.workspaceId),
				eq(owedReplies.memberExternalId, person.member),
				lt(owedReplies.heldUntil, sql`clock_timestamp()`),
			),
		);
	await db.delete(members).where(eq(members.id, memberId));
	await db
		.delete(workspaceAdmins)
		.where(and(eq(workspaceAdmins.workspaceId, person.workspaceId), eq(workspaceAdmins.externalId, person.member)));
	await db
		.update(workspaces)
		.set({ lastAdminId: null })
		.where(and(eq(workspaces.id, person.workspaceId), eq(workspaces.lastAdminId, person.member)));
	const hash = fingerprint(await salt(db), person.platform, person.workspace, person.member);
	await db.insert(erasures).values({ hash, erasedAt: now }).onConflictDoNothing();
}

/** What a database remembers of its erasures: enough to recognise the erased members. */
export interface RememberedErasures {
	readonly salt: string;
	readonly erasures: readonly { readonly hash: string; readonly erasedAt: Date }[];
}

/** Reads all erasures that the database remembers. */
export async function rememberedErasures(db: Db): Promise<RememberedErasures> {
	const rows = await db.select({ hash: erasures.hash, erasedAt: erasures.erasedAt }).from(erasures);
	return { salt: rows.length === 0 ? "" : await salt(db), erasures: rows };
}

/**
 * Erases again every member who was erased after the restored backup was made. Keeps a member who came back after an
 * erasure and is in a later backup.
 * @param since when the backup was made
 * @returns the number of erased members
 */
export async function reapplyErasures(db: Db, remembered: RememberedErasures, since: Date, now: Date): Promise<number> {
	const later = new Set(remembered.erasures.filter(({ erasedAt }) => erasedAt > since).map(({ hash }) => hash));
	if (later.size === 0) return 0;
	const people = await db
		.select({
			id: members.id,
			member: members.externalId,
			platform: workspaces.platform,
			workspace: workspaces.externalId,
		})
		.from(members)
		.innerJoin(workspaces, eq(workspaces.id, members.workspaceId));
	const erased = people.filter((person) =>
		later.has(fingerprint(remembered.salt, person.platform, person.workspace, person.member)),
	);
	for (const person of erased) await eraseMember(db, person.id, now);
	return erased.length;
}
