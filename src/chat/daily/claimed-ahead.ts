import type { ClaimedDelivery } from "../../core/ports/deliveries.ts";

/** Deliveries that wait in the process at most: as many as a killed process may leave to be looked for. */
const MOST = 224;
/** Milliseconds within which what was claimed ahead has to leave, for more to be claimed ahead. */
const BRISK = 100;

interface Held {
	readonly delivery: ClaimedDelivery;
	/** The steady clock's instant before its claim. */
	readonly claimedAt: number;
	/** To be called with what became of the send. */
	readonly done: (went: boolean) => void;
}

/**
 * What one platform has been claimed for and has no room in the air yet. A claim costs the database nearly as much for ten
 * as for a hundred, so a platform that answers fast is claimed for ahead; one that is slow, or whose budget is, is not:
 * what waits here too long would lose its claim.
 */
export class ClaimedAhead {
	readonly #step: number;
	readonly #held: Held[] = [];
	#ahead = 0;
	#lastClaimAt = Number.NEGATIVE_INFINITY;

	/** @param step how many are claimed ahead at first */
	constructor(step: number) {
		this.#step = step;
	}

	get empty(): boolean {
		return this.#held.length === 0;
	}

	/** How many more to claim beyond those for which there is room. What waits for a crowded workspace does not count. */
	wanted(crowded: readonly number[]): number {
		return this.#ahead - this.#held.filter(({ delivery }) => !crowded.includes(delivery.workspaceId)).length;
	}

	/** How many make a claim worthwhile. */
	get worthwhile(): number {
		return Math.max(this.#step / 4, this.#ahead / 2);
	}

	/**
	 * Takes what was claimed.
	 * @param isFull whether the claim found as many as it asked for
	 * @returns what becomes of each send
	 */
	add(deliveries: readonly ClaimedDelivery[], claimedAt: number, isFull: boolean): Promise<boolean>[] {
		const took = claimedAt - this.#lastClaimAt;
		this.#lastClaimAt = claimedAt;
		if (isFull && took < BRISK) this.#ahead = Math.min(MOST, Math.max(this.#step, 2 * this.#ahead));
		else if (took > 2 * BRISK) this.#ahead = this.#ahead > this.#step ? Math.floor(this.#ahead / 2) : 0;
		return deliveries.map((delivery) => new Promise((done) => this.#held.push({ delivery, claimedAt, done })));
	}

	/** The next of a workspace whose sends do not hang, in the order of the claims. */
	next(crowded: readonly number[]): Held | null {
		const index = this.#held.findIndex(({ delivery }) => !crowded.includes(delivery.workspaceId));
		return index < 0 ? null : (this.#held.splice(index, 1)[0] ?? null);
	}
}
