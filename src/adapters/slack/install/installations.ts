import { and, eq, lte } from "drizzle-orm";
import { LRUCache } from "lru-cache";
import { slackInstallations, slackWorkspaces } from "../../../../drizzle/slack.ts";
import { pause } from "../../../chat/deadlines.ts";
import { DeliveryFault, RETRIED } from "../../../chat/platform.ts";
import { HOUR } from "../../../core/durations.ts";
import type { Clock } from "../../../core/ports/clock.ts";
import type { Store } from "../../../core/ports/store.ts";
import type { KeyRing } from "../../keys.ts";
import { refusalOf } from "../outgoing/faults.ts";
import type { Db } from "./db.ts";
import { type Renewal, Renewals } from "./renewals.ts";
import { refreshPurpose, tokenPurpose } from "./seals.ts";
import type { Access, Removal, TokenStore } from "./token-store.ts";

type Row = typeof slackInstallations.$inferSelect;

/** What Slack returns for an installation or a refresh. */
export interface Grant {
	readonly token: string;
	readonly refreshToken: string | null;
	readonly expiresAt: Date | null;
}

export interface NewInstallation extends Grant {
	/** Null for an installation in a whole organisation. */
	readonly workspaceId: string | null;
	readonly enterpriseId: string | null;
	readonly name: string;
	readonly botUserId: string;
	readonly installerId: string | null;
	readonly scopes: readonly string[];
}

export interface InstallationsParts {
	readonly db: Db;
	readonly store: Store;
	readonly keys: KeyRing;
	readonly clock: Clock;
	/** Identifies this process in locks. */
	readonly worker: string;
	/** Spends a refresh token. @throws the client's errors */
	refresh(refreshToken: string): Promise<Grant>;
	/** Whether Slack says that a token is dead; false when Slack does not say. */
	isDead(token: string): Promise<boolean>;
	/** Called when a refresh failed. */
	refreshFailed(installationId: string, error: unknown): void;
}

/** How long an installation is cached, in milliseconds: a removal in another process may go unnoticed for as long. */
const REMEMBERED = 30_000;
const MAX_REMEMBERED = 5_000;
/** A token is renewed when less than this is left of its twelve hours. */
const RENEW_AHEAD = HOUR;
/** Seconds for which one process may renew a token, and milliseconds for which others wait for it. */
const RENEWAL_LEASE = 30;
const RENEWAL_TIMEOUT = 20_000;
const RENEWAL_POLL_INTERVAL = 100;

/** Refusals that make a refresh token useless. Any other may pass, or the operator must fix its cause. */
const SPENT = ["invalid_refresh_token", "token_revoked", "account_inactive", "team_not_found"];

/** Installations in our database, with sealed tokens, each renewed by one process at a time. */
export class Installations implements TokenStore {
	readonly #parts: InstallationsParts;
	readonly #remembered = new LRUCache<string, Access>({ max: MAX_REMEMBERED, ttl: REMEMBERED });
	readonly #renewing = new Map<string, Promise<Row | null>>();
	readonly #renewals: Renewals;

	constructor(parts: InstallationsParts) {
		this.#parts = parts;
		this.#renewals = new Renewals(parts.db, parts.keys);
	}

	/** Stores an installation, replacing an older one. */
	async save(installation: NewInstallation): Promise<void> {
		const { db, store, keys, clock } = this.#parts;
		const id = installation.workspaceId ?? installation.enterpriseId;
		if (id === null) throw new Error("an installation names neither a workspace nor an organisation");
		const { enterpriseId, name, botUserId, installerId, expiresAt } = installation;
		const values = {
			enterpriseId,
			name,
			botUserId,
			installerId,
			expiresAt,
			scopes: installation.scopes.join(","),
			token: keys.seal(installation.token, tokenPurpose(id)),
			refreshToken:
				installation.refreshToken === null ? null : keys.seal(installation.refreshToken, refreshPurpose(id)),
			installedAt: clock.now(),
		};
		await db
			.insert(slackInstallations)
			.values({ id, ...values })
			.onConflictDoUpdate({ target: slackInstallations.id, set: values });
		this.#remembered.clear();
		const workspace = await store.people.findWorkspace("slack", id);
		if (workspace) await store.people.restoreWorkspace(workspace.id);
	}

	async of(workspaceId: string, enterpriseId: string | null = null): Promise<Access | null> {
		const known = this.#remembered.get(workspaceId);
		if (known) return known;
		const found = await this.#find(workspaceId, enterpriseId);
		if (!found) return null;
		const row = this.#isExpiring(found) ? await this.#renewed(found.id, found.token) : found;
		if (!row) return null;
		const access = this.#accessOf(row, workspaceId);
		this.#remembered.set(workspaceId, access);
		return access;
	}

	async #row(id: string): Promise<Row | null> {
		const [row] = await this.#parts.db.select().from(slackInstallations).where(eq(slackInstallations.id, id));
		return row ?? null;
	}

	/** A workspace's own installation, or else its organisation's. */
	async #find(workspaceId: string, enterpriseId: string | null): Promise<Row | null> {
		const { db } = this.#parts;
		const own = await this.#row(workspaceId);
		if (own) return own;
		const [served] = await db.select().from(slackWorkspaces).where(eq(slackWorkspaces.id, workspaceId));
		if (served) return this.#row(served.installationId);
		const wide = enterpriseId === null ? null : await this.#row(enterpriseId);
		if (wide)
			await db.insert(slackWorkspaces).values({ id: workspaceId, installationId: wide.id }).onConflictDoNothing();
		return wide;
	}

	#accessOf(row: Row, workspaceId: string): Access {
		const wide = row.id !== workspaceId;
		return {
			token: this.#parts.keys.open(row.token, tokenPurpose(row.id)),
			workspaceName: wide ? "" : row.name,
			botUserId: row.botUserId,
			installerId: row.installerId,
			teamId: wide ? workspaceId : null,
			ofSettings: false,
		};
	}

	#isExpiring(row: Row): boolean {
		return (
			row.refreshToken !== null &&
			row.expiresAt !== null &&
			row.expiresAt.getTime() - this.#parts.clock.now().getTime() < RENEW_AHEAD
		);
	}

	async expired(workspaceId: string, token: string): Promise<void> {
		this.#remembered.delete(workspaceId);
		const row = await this.#find(workspaceId, null);
		if (!row?.refreshToken || this.#accessOf(row, workspaceId).token !== token) return;
		// Slack's word counts, not our clock.
		await this.#parts.db
			.update(slackInstallations)
			.set({ expiresAt: this.#parts.clock.now() })
			.where(and(eq(slackInstallations.id, row.id), eq(slackInstallations.token, row.token)));
		await this.#renewed(row.id, row.token);
	}

	/**
	 * The row with a new token. Within a process, one renewal serves every caller; among processes, one holds the lock,
	 * and the others use the old token until it has expired, then wait. Spending a refresh token twice would kill every token.
	 */
	#renewed(id: string, sealedToken: string): Promise<Row | null> {
		const running = this.#renewing.get(id);
		if (running) return running;
		const renewal = this.#renew(id, sealedToken).finally(() => this.#renewing.delete(id));
		this.#renewing.set(id, renewal);
		return renewal;
	}

	async #renew(id: string, sealedToken: string): Promise<Row | null> {
		const { store, worker } = this.#parts;
		const lock = `slack-token:${id}`;
		const until = performance.now() + RENEWAL_TIMEOUT;
		for (;;) {
			const row = await this.#row(id);
			if (!row || row.token !== sealedToken) return row;
			if (await store.running.takeLease(lock, worker, RENEWAL_LEASE)) break;
			// While another process renews the token, the old one is valid until it expires.
			if (this.#isAlive(row) || performance.now() > until) return this.#whileAlive(row);
			await pause(RENEWAL_POLL_INTERVAL);
		}
		try {
			// Read again under the lock: its previous holder may have renewed the token.
			const row = await this.#row(id);
			return !row || row.token !== sealedToken ? row : await this.#spend(row);
		} finally {
			// Without the database it runs out by itself.
			await store.running.giveUpLease(lock, worker).catch(() => undefined);
		}
	}

	async #spend(row: Row): Promise<Row | null> {
		if (row.refreshToken === null) return row;
		const renewal = this.#renewals.unsaved(row) ?? (await this.#renewal(row, row.refreshToken));
		if (renewal === null) return this.#whileAlive(row);
		try {
			return await this.#renewals.save(renewal);
		} catch (error) {
			this.#parts.refreshFailed(row.id, error);
			this.#renewals.saveLater(renewal);
			return { ...row, ...renewal.values };
		}
	}

	/** @returns null if it fails and the old token, or another try, may still help */
	async #renewal(row: Row, refreshToken: string): Promise<Renewal | null> {
		const { keys, refresh, refreshFailed } = this.#parts;
		try {
			const grant = await refresh(keys.open(refreshToken, refreshPurpose(row.id)));
			const token = keys.seal(grant.token, tokenPurpose(row.id));
			const next = grant.refreshToken === null ? refreshToken : keys.seal(grant.refreshToken, refreshPurpose(row.id));
			const replaces = keys.open(row.token, tokenPurpose(row.id));
			return { id: row.id, replaces, values: { token, refreshToken: next, expiresAt: grant.expiresAt } };
		} catch (error) {
			refreshFailed(row.id, error);
			if (this.#isAlive(row) || !SPENT.includes(refusalOf(error) ?? "")) return null;
			throw new DeliveryFault("permanent", "The app's token cannot be renewed", "Install the app again.");
		}
	}

	#isAlive(row: Row): boolean {
		return row.expiresAt === null || row.expiresAt > this.#parts.clock.now();
	}

	/** @throws DeliveryFault if the token has expired; a renewal that failed for a passing reason is retried */
	#whileAlive(row: Row): Row {
		if (this.#isAlive(row)) return row;
		throw new DeliveryFault("not-sent", "Slack gave no new token yet", RETRIED);
	}

	async removed({ workspaceIds, enterpriseId, at }: Removal): Promise<readonly string[]> {
		const removedIds: string[] = [];
		if (workspaceIds.length === 0 && enterpriseId !== null) removedIds.push(...(await this.#forget(enterpriseId, at)));
		for (const id of workspaceIds) removedIds.push(...(await this.#removedFrom(id, enterpriseId, at)));
		this.#remembered.clear();
		return [...new Set(removedIds)];
	}

	/** Removes the app from one workspace. Its organisation's token still serves the others, unless it is dead too. */
	async #removedFrom(workspaceId: string, enterpriseId: string | null, at: Date): Promise<readonly string[]> {
		const { db } = this.#parts;
		if (await this.#row(workspaceId)) return this.#forget(workspaceId, at);
		const wide = (await this.#find(workspaceId, null)) ?? (enterpriseId ? await this.#row(enterpriseId) : null);
		if (!wide || wide.installedAt > at) return [];
		if (await this.#isDead(wide)) return [...(await this.#forget(wide.id, at)), workspaceId];
		await db.delete(slackWorkspaces).where(eq(slackWorkspaces.id, workspaceId));
		return [workspaceId];
	}

	async #isDead(row: Row): Promise<boolean> {
		try {
			return await this.#parts.isDead(this.#parts.keys.open(row.token, tokenPurpose(row.id)));
		} catch {
			return false;
		}
	}

	/** Deletes an installation and its tokens, unless it was made later. Returns the workspaces it served. */
	async #forget(id: string, at: Date): Promise<readonly string[]> {
		const { db } = this.#parts;
		const served = await db
			.select({ id: slackWorkspaces.id })
			.from(slackWorkspaces)
			.where(eq(slackWorkspaces.installationId, id));
		const [gone] = await db
			.delete(slackInstallations)
			.where(and(eq(slackInstallations.id, id), lte(slackInstallations.installedAt, at)))
			.returning({ enterpriseId: slackInstallations.enterpriseId });
		if (!gone) return [];
		return [...(gone.enterpriseId === id ? [] : [id]), ...served.map((workspace) => workspace.id)];
	}
}
