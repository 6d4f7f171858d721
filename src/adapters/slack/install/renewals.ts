import { and, eq } from "drizzle-orm";
import { slackInstallations } from "../../../../drizzle/slack.ts";
import type { KeyRing } from "../../keys.ts";
import type { Db } from "./db.ts";
import { tokenPurpose } from "./seals.ts";

type Row = typeof slackInstallations.$inferSelect;

/** Milliseconds between tries to save a renewal. */
const SAVE_INTERVAL = 1_000;

/** What Slack gave for a refresh token. */
export interface Renewal {
	/** The installation. */
	readonly id: string;
	/** The token that it replaces, opened: another process may seal that one again meanwhile. */
	readonly replaces: string;
	/** Sealed. */
	readonly values: Pick<Row, "token" | "refreshToken" | "expiresAt">;
}

/**
 * Saves renewals. Slack takes a refresh token only once, so one that the database does not take is kept until it does.
 */
export class Renewals {
	readonly #db: Db;
	readonly #keys: KeyRing;
	readonly #unsaved = new Map<string, Renewal>();

	constructor(db: Db, keys: KeyRing) {
		this.#db = db;
		this.#keys = keys;
	}

	#replaces({ replaces }: Renewal, row: Row): boolean {
		return this.#keys.open(row.token, tokenPurpose(row.id)) === replaces;
	}

	/** The renewal that a row still lacks; null if there is none. */
	unsaved(row: Row): Renewal | null {
		const renewal = this.#unsaved.get(row.id);
		return renewal && this.#replaces(renewal, row) ? renewal : null;
	}

	/** @returns the installation afterwards: the renewed one, or one made meanwhile; null when there is none */
	async save(renewal: Renewal): Promise<Row | null> {
		const { id, values } = renewal;
		for (;;) {
			const [row = null] = await this.#db.select().from(slackInstallations).where(eq(slackInstallations.id, id));
			const isDue = row !== null && this.#replaces(renewal, row);
			const saved = isDue ? await this.#replace(row, values) : row;
			if (isDue && saved === null) continue;
			if (this.#unsaved.get(id) === renewal) this.#unsaved.delete(id);
			return saved;
		}
	}

	/** Null if the row has changed since it was read. */
	async #replace({ id, token }: Row, values: Renewal["values"]): Promise<Row | null> {
		const [saved = null] = await this.#db
			.update(slackInstallations)
			.set(values)
			.where(and(eq(slackInstallations.id, id), eq(slackInstallations.token, token)))
			.returning();
		return saved;
	}

	/** Keeps a renewal, and tries to save it until that succeeds. */
	saveLater(renewal: Renewal): void {
		if (this.#unsaved.get(renewal.id) === renewal) return;
		this.#unsaved.set(renewal.id, renewal);
		this.#retry(renewal);
	}

	#retry(renewal: Renewal): void {
		setTimeout(() => {
			if (this.#unsaved.get(renewal.id) !== renewal) return;
			this.save(renewal).catch(() => this.#retry(renewal));
		}, SAVE_INTERVAL).unref();
	}
}
