import { and, eq } from "drizzle-orm";
import { slackInstallations } from "../../../../drizzle/slack.ts";
import { UserError } from "../../../core/errors.ts";
import { type KeyRing, keyIdOf } from "../../keys.ts";
import type { Db } from "./db.ts";

type Row = typeof slackInstallations.$inferSelect;

/** A sealed token opens only for the purpose it was sealed for. */
export const tokenPurpose = (id: string) => `slack:${id}:token`;
export const refreshPurpose = (id: string) => `slack:${id}:refresh`;

/** Whether the settings' keys open the stored tokens. */
export interface SealReport {
	/** How many workspaces and organisations have tokens that open. */
	readonly opened: number;
	/** How many have tokens that do not open, by the id of the key that sealed them. */
	readonly unreadable: ReadonlyMap<string, number>;
	/** What is wrong with the keys, in words; null if everything opens. */
	readonly fault: UserError | null;
}

/** The key that fails to open a row; null if the whole row opens. */
function failingKey(row: Row, keys: KeyRing): string | null {
	const parts: [sealed: string | null, purpose: string][] = [
		[row.token, tokenPurpose(row.id)],
		[row.refreshToken, refreshPurpose(row.id)],
	];
	for (const [sealed, purpose] of parts) {
		if (sealed === null) continue;
		try {
			keys.open(sealed, purpose);
		} catch {
			return keyIdOf(sealed);
		}
	}
	return null;
}

function faultOf(unreadable: ReadonlyMap<string, number>, all: number, keys: KeyRing): UserError | null {
	if (unreadable.size === 0) return null;
	const words = [...unreadable].map(
		([id, count]) =>
			`${count} of ${all} stored tokens do not open: the key "${id}" ${keys.has(id) ? "of NLPQ_ENCRYPTION_KEY has another secret than when it sealed them" : "is missing from NLPQ_ENCRYPTION_KEY"}.`,
	);
	const ids = [...unreadable.keys()].map((id) => `"${id}"`).join(", ");
	return new UserError(
		words.join(" "),
		`Put the old secret back under ${ids}. If it is lost for good, docs/slack.md says how to begin again.`,
	);
}

/** Tries to open every stored token. Changes nothing. */
export async function inspectSeals(db: Db, keys: KeyRing): Promise<SealReport> {
	const rows = await db.select().from(slackInstallations);
	const unreadable = new Map<string, number>();
	for (const row of rows) {
		const id = failingKey(row, keys);
		if (id !== null) unreadable.set(id, (unreadable.get(id) ?? 0) + 1);
	}
	const failed = [...unreadable.values()].reduce((sum, count) => sum + count, 0);
	return { opened: rows.length - failed, unreadable, fault: faultOf(unreadable, rows.length, keys) };
}

/** Seals tokens of older keys with the newest key. Returns the number of installations it changed. */
export async function resealAll(db: Db, keys: KeyRing): Promise<number> {
	const rows = await db.select().from(slackInstallations);
	const isOld = (sealed: string | null) => sealed !== null && keys.isOld(sealed);
	const old = rows.filter((row) => (isOld(row.token) || isOld(row.refreshToken)) && failingKey(row, keys) === null);
	for (const row of old) {
		const again = (sealed: string, purpose: string) => keys.seal(keys.open(sealed, purpose), purpose);
		await db
			.update(slackInstallations)
			.set({
				token: again(row.token, tokenPurpose(row.id)),
				refreshToken: row.refreshToken === null ? null : again(row.refreshToken, refreshPurpose(row.id)),
			})
			.where(and(eq(slackInstallations.id, row.id), eq(slackInstallations.token, row.token)));
	}
	return old.length;
}
