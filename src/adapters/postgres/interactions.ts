import { and, asc, eq, gte, inArray, isNotNull, isNull, lt, or, type SQL, sql } from "drizzle-orm";
import * as schema from "../../../drizzle/schema.ts";
import type {
	HandledInteraction,
	InteractionRecord,
	InteractionStore,
	UnansweredInteraction,
} from "../../core/ports/interactions.ts";
import type { Db } from "./db.ts";
import { onlyRow } from "./db.ts";
import { rawRows } from "./raw.ts";

const { handledInteractions: handled, owedReplies: owed } = schema;

const owedColumns = {
	key: owed.key,
	platform: owed.platform,
	workspaceId: owed.workspaceId,
	memberExternalId: owed.memberExternalId,
	command: owed.command,
	at: owed.at,
	ticket: owed.ticket,
};
const inSeconds = (seconds: number) => sql`clock_timestamp() + make_interval(secs => ${seconds})`;
const isLetGo = lt(owed.heldUntil, sql`clock_timestamp()`);

/** The keys of interactions, and the replies that are owed. */
export class PostgresInteractions implements InteractionStore {
	readonly #db: Db;

	constructor(db: Db) {
		this.#db = db;
	}

	// Every change runs this and the next statement, which the query builder would take eight times as long to write.
	async handle({ key, at, workspaceId, memberId, command }: InteractionRecord): Promise<boolean> {
		// Waits for another transaction that has inserted the key and not committed yet.
		const rows = await rawRows(
			this.#db,
			sql`
			insert into handled_interactions (key, at, workspace_id, member_id, command)
			values (${key}, ${at.toISOString()}::timestamptz, ${workspaceId}::bigint, ${memberId}::bigint, ${command})
			on conflict do nothing returning key`,
		);
		return rows.length === 1;
	}

	async nameEffect(key: string, effectId: number): Promise<void> {
		await this.#db.execute(sql`update handled_interactions set effect_id = ${effectId}::bigint where key = ${key}`);
	}

	async giveUp(key: string, at: Date): Promise<HandledInteraction> {
		await this.#db.insert(handled).values({ key, at }).onConflictDoNothing();
		return onlyRow(await this.#db.select().from(handled).where(eq(handled.key, key)));
	}

	async handled(key: string): Promise<HandledInteraction | null> {
		const [row] = await this.#db.select().from(handled).where(eq(handled.key, key));
		return row ?? null;
	}

	async forgetHandledBefore(before: Date, limit: number): Promise<number> {
		const old = this.#db.select({ key: handled.key }).from(handled).where(lt(handled.at, before)).limit(limit);
		const rows = await this.#db.delete(handled).where(inArray(handled.key, old)).returning({ key: handled.key });
		return rows.length;
	}

	async owe(interaction: UnansweredInteraction, seconds: number): Promise<void> {
		await this.#db
			.insert(owed)
			.values({ ...interaction, heldUntil: inSeconds(seconds) })
			.onConflictDoNothing()
			.execute();
	}

	async settle(keys: readonly string[]): Promise<void> {
		if (keys.length > 0) await this.#db.delete(owed).where(inArray(owed.key, [...keys]));
	}

	async dropTickets(keys: readonly string[]): Promise<void> {
		if (keys.length === 0) return;
		await this.#db
			.update(owed)
			.set({ ticket: null, heldUntil: sql`to_timestamp(0)` })
			.where(inArray(owed.key, [...keys]));
	}

	async takeOver(
		platform: string,
		receivedSince: Date,
		seconds: number,
		limit: number,
	): Promise<UnansweredInteraction[]> {
		const abandoned = this.#db
			.select({ key: owed.key })
			.from(owed)
			.where(and(eq(owed.platform, platform), isNotNull(owed.ticket), gte(owed.at, receivedSince), isLetGo))
			.orderBy(asc(owed.at))
			.limit(limit)
			.for("update", { skipLocked: true });
		return this.#db
			.update(owed)
			.set({ heldUntil: inSeconds(seconds) })
			.where(inArray(owed.key, abandoned))
			.returning(owedColumns);
	}

	owedTo(workspaceId: number, memberExternalId: string, receivedSince: Date): Promise<UnansweredInteraction[]> {
		const isUntellable = or(isNull(owed.ticket), lt(owed.at, receivedSince));
		return this.#owed(
			and(eq(owed.workspaceId, workspaceId), eq(owed.memberExternalId, memberExternalId), isUntellable, isLetGo),
		);
	}

	owedOn(platform: string): Promise<UnansweredInteraction[]> {
		return this.#owed(eq(owed.platform, platform));
	}

	#owed(which: SQL | undefined): Promise<UnansweredInteraction[]> {
		return this.#db.select(owedColumns).from(owed).where(which).orderBy(asc(owed.at));
	}

	async forgetOwedBefore(before: Date, limit: number): Promise<number> {
		const old = this.#db.select({ key: owed.key }).from(owed).where(lt(owed.at, before)).limit(limit);
		const rows = await this.#db.delete(owed).where(inArray(owed.key, old)).returning({ key: owed.key });
		return rows.length;
	}
}
