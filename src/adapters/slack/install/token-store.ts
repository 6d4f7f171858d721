import { DeliveryFault, RETRIED } from "../../../chat/platform.ts";

/** What is needed to call Slack for a workspace. */
export interface Access {
	readonly token: string;
	/** Slack's name of the workspace; empty when unknown. */
	readonly workspaceName: string;
	readonly botUserId: string;
	/** The member who installed the app, and is told of problems with it. */
	readonly installerId: string | null;
	/** The workspace to name in each call; null if the token implies it. */
	readonly teamId: string | null;
	/** Whether the token comes from the settings: then the operator, not a workspace, must fix a refusal. */
	readonly ofSettings: boolean;
}

/** What Slack says about the end of an installation. */
export interface Removal {
	/** The workspaces that are named; none when a whole organisation's installation has ended. */
	readonly workspaceIds: readonly string[];
	readonly enterpriseId: string | null;
	readonly at: Date;
}

/** The tokens: the settings' single one, or those of all installations. */
export interface TokenStore {
	/** @param enterpriseId of the interaction, if known: an organisation's installation serves its workspaces */
	of(workspaceId: string, enterpriseId?: string | null): Promise<Access | null>;
	/** Slack says that a token has expired: the next `of` returns a new one, if there is one. */
	expired(workspaceId: string, token: string): Promise<void>;
	/**
	 * The app was removed, or its tokens or access were revoked: forgets tokens that no longer work.
	 * @returns the workspaces that are without the app now; none if it has been installed again since
	 */
	removed(removal: Removal): Promise<readonly string[]>;
}

/** The settings' single token: the app is in one workspace. */
export class SingleAccess implements TokenStore {
	readonly #access: Access;
	readonly #takenAt: Date;

	/** @param takenAt when Slack accepted the token */
	constructor(access: Access, takenAt: Date) {
		this.#access = access;
		this.#takenAt = takenAt;
	}

	async of(): Promise<Access> {
		return this.#access;
	}

	async expired(): Promise<void> {}

	async removed({ workspaceIds, at }: Removal): Promise<readonly string[]> {
		// A removal reported late belongs to an earlier installation.
		return at > this.#takenAt ? workspaceIds : [];
	}
}

/** Stands in for the store that the adapter opens when it starts. Until then, no workspace's tokens are known. */
export class DeferredTokenStore implements TokenStore {
	#store: TokenStore | null = null;

	set(store: TokenStore): void {
		this.#store = store;
	}

	async of(workspaceId: string, enterpriseId?: string | null): Promise<Access | null> {
		if (!this.#store) throw new DeliveryFault("not-sent", "Slack is not connected yet", RETRIED);
		return this.#store.of(workspaceId, enterpriseId);
	}

	async expired(workspaceId: string, token: string): Promise<void> {
		await this.#store?.expired(workspaceId, token);
	}

	async removed(removal: Removal): Promise<readonly string[]> {
		return (await this.#store?.removed(removal)) ?? [];
	}
}
