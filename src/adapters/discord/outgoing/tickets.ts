import type { KeyRing } from "../../keys.ts";

/** What lets any process reply to an interaction: its token, sealed for the interaction alone. */
export class Tickets {
	readonly #keys: KeyRing | null;

	/** @param keys null when the operator has set none: tokens are not kept then */
	constructor(keys: KeyRing | null) {
		this.#keys = keys;
	}

	seal(token: string, key: string): string | null {
		return this.#keys?.seal(token, purposeOf(key)) ?? null;
	}

	/** The token; null when it cannot be read here. */
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
