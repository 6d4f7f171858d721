import type { KeyRing } from "../../keys.ts";

/** Lets any process reply to an interaction: seals its token so that it opens for that interaction only. */
export class Tickets {
	readonly #keys: KeyRing | null;

	/** @param keys null when the operator has set none; tokens are then not kept */
	constructor(keys: KeyRing | null) {
		this.#keys = keys;
	}

	seal(token: string, key: string): string | null {
		return this.#keys?.seal(token, purposeOf(key)) ?? null;
	}

	/** The token; null if this process cannot open it. */
	open(ticket: string | null, key: string): string | null {
		if (!this.#keys || ticket === null) return null;
		try {
			return this.#keys.open(ticket, purposeOf(key));
		} catch {
			return null;
		}
	}
}

const purposeOf = (key: string) => `reply to ${key}`;
