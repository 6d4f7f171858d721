import { DeliveryFault } from "../../../chat/platform.ts";

/** What it takes to speak to Slack on a workspace's behalf. */
export interface Access {
	readonly token: string;
	/** As Slack names the workspace; empty when unknown. */
	readonly workspaceName: string;
	readonly botUserId: string;
	/** Who installed the app, and so hears of its troubles. */
	readonly installerId: string | null;
	/** The workspace to name in each call; null where the token says it. */
	readonly teamId: string | null;
	/** Whether the token is the settings' own: a refusal of it is the operator's to mend, not a workspace's. */
	readonly ofSettings: boolean;
}

/** What Slack says of the end of an installation. */
export interface Removal {
	/** The workspaces that are named; none when a whole organisation's installation has ended. */
	readonly workspaceIds: readonly string[];
	readonly enterpriseId: string | null;
	readonly at: Date;
}

/** Knows the tokens: the one of the settings, or those of all installations. */
export interface TokenStore {
	/** @param enterpriseId of the interaction, where known: an installation in an organisation serves its workspaces */
	of(workspaceId: string, enterpriseId?: string | null): Promise<Access | null>;
	/** Slack says that a token has expired: the next `of` brings another, if there is one. */
	expired(workspaceId: string, token: string): Promise<void>;
	/**
	 * The app was removed, its tokens or its access revoked: tokens that are worth nothing now are forgotten.
	 * @returns the workspaces that are without the app now; none when it was installed again since
	 */
	removed(removal: Removal): Promise<readonly string[]>;
}

/** The one token of the settings: the app is in one workspace. */
export class SingleAccess implements TokenStore {
	readonly #access: Access;
	readonly #takenAt: Date;

	/** @param takenAt when Slack took the token */
	constructor(access: Access, takenAt: Date) {
		this.#access = access;
		this.#takenAt = takenAt;
	}

	async of(): Promise<Access> {
		return this.#access;
	}

	async expired(): Promise<void> {}

	async removed({ workspaceIds, at }: Removal): Promise<readonly string[]> {
		// Told late, it is of the installation before this one.
		return at > this.#takenAt ? workspaceIds : [];
	}
}

/** Takes the place of a book that is opened when the adapter starts. Until then nothing can be said of any workspace. */
export class DeferredTokenStore implements TokenStore {
	#book: TokenStore | null = null;

	set(book: TokenStore): void {
		this.#book = book;
	}

	async of(workspaceId: string, enterpriseId?: string | null): Promise<Access | null> {
		if (!this.#book) throw new DeliveryFault("not-sent", "Slack is not connected yet", "It will be tried again.");
		return this.#book.of(workspaceId, enterpriseId);
	}

	async expired(workspaceId: string, token: string): Promise<void> {
		await this.#book?.expired(workspaceId, token);
	}

	async removed(removal: Removal): Promise<readonly string[]> {
		return (await this.#book?.removed(removal)) ?? [];
	}
}
