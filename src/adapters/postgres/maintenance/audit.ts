import { and, asc, eq, sql } from "drizzle-orm";
import * as schema from "../../../../drizzle/schema.ts";
import type { AuditStore, Pair, StandingCheck } from "../../../core/ports/audit.ts";
import type { LedgerEntry } from "../../../core/ports/streaks.ts";
import { IS_VISIBLE, renameOnBoards, showOnBoards } from "../board-lines.ts";
import type { Db } from "../db.ts";
import { idsText, rawRows } from "../raw.ts";

const { streaks, standings, ledger } = schema;

/** Database access for the verification of streaks. Not limited to one workspace. */
export class PostgresAudit implements AuditStore {
	readonly #db: Db;

	constructor(db: Db) {
		this.#db = db;
	}

	async membersAfter(after: number, limit: number): Promise<number[]> {
		const rows = await rawRows(
			this.#db,
			sql`
			select members.id from members join workspaces on workspaces.id = members.workspace_id
			where members.id > ${after} and workspaces.deleted_at is null order by members.id limit ${limit}`,
		);
		return rows.map((row) => Number(row.id));
	}

	async attemptedPairs(memberIds: readonly number[]): Promise<Pair[]> {
		const rows = await rawRows(
			this.#db,
			sql`select distinct member_id, schedule_id, workspace_id from attempts
				where member_id = any(${idsText(memberIds)}::bigint[])`,
		);
		return rows.map((row) => ({
			memberId: Number(row.member_id),
			scheduleId: Number(row.schedule_id),
			workspaceId: Number(row.workspace_id),
		}));
	}

	async ledgerOf(memberIds: readonly number[]): Promise<LedgerEntry[]> {
		return this.#db
			.select()
			.from(ledger)
			.where(sql`${ledger.memberId} = any(${idsText(memberIds)}::bigint[])`)
			.orderBy(asc(ledger.memberId), asc(ledger.scheduleId), asc(ledger.number), asc(ledger.id));
	}

	async wrongStandings(memberIds: readonly number[]): Promise<StandingCheck[]> {
		const ids = idsText(memberIds);
		const rows = await rawRows(
			this.#db,
			sql`
			with expected as (
				select streaks.member_id, max(streaks.longest) as longest, sum(streaks.answered)::int as answered,
					bool_and(streaks.name = members.name and streaks.visible = ${IS_VISIBLE}) as has_current_name
				from streaks
				join members on members.id = streaks.member_id
				where streaks.member_id = any(${ids}::bigint[])
				group by streaks.member_id
			), stored as (
				select standings.*, standings.name = members.name and standings.visible = ${IS_VISIBLE} as has_current_name
				from standings join members on members.id = standings.member_id
				where standings.member_id = any(${ids}::bigint[])
			)
			select coalesce(expected.member_id, stored.member_id) as member_id, expected.member_id is null as surplus
			from expected full join stored on stored.member_id = expected.member_id
			where expected.member_id is null or stored.member_id is null
				or not expected.has_current_name or not stored.has_current_name
				or (expected.longest, expected.answered) is distinct from (stored.longest, stored.answered)`,
		);
		return rows.map((row) => ({ memberId: Number(row.member_id), surplus: row.surplus === true }));
	}

	async deleteStreak(memberId: number, scheduleId: number): Promise<void> {
		await this.#db.delete(ledger).where(and(eq(ledger.memberId, memberId), eq(ledger.scheduleId, scheduleId)));
		await this.#db.delete(streaks).where(and(eq(streaks.memberId, memberId), eq(streaks.scheduleId, scheduleId)));
	}

	async deleteStanding(memberId: number): Promise<void> {
		await this.#db.delete(standings).where(eq(standings.memberId, memberId));
	}

	async copyToBoards(memberId: number): Promise<void> {
		const [member] = await rawRows(
			this.#db,
			sql`select name, ${IS_VISIBLE} as visible from members where id = ${memberId}`,
		);
		if (!member) return;
		await renameOnBoards(this.#db, memberId, String(member.name));
		await showOnBoards(this.#db, memberId, member.visible === true);
	}
}
