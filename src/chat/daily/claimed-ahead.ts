import type { ClaimedDelivery } from "../../core/ports/deliveries.ts";

/** The most deliveries claimed ahead. After a kill, another process has to look up this many. */
const MAX_AHEAD = 224;
/** Claim further ahead only if full claims follow each other within this many milliseconds. */
const QUICK_CLAIMS = 100;

interface Held {
	readonly delivery: ClaimedDelivery;
	/** Instant just before the claim, by the monotonic clock. */
	readonly claimedAt: number;
	/** Call it with whether the send went well. */
	readonly done: (went: boolean) => void;
}

/**
 * One platform's claimed deliveries that exceed the in-flight limit. Claiming a hundred costs the database little more
 * than claiming ten, so deliveries for a fast platform are claimed ahead. For a slow platform, or one with a small send
 * budget, they are not: a delivery that waits here too long loses its claim.
 */
export class ClaimedAhead {
	readonly #step: number;
	readonly #held: Held[] = [];
	#ahead = 0;
	#lastClaimAt = Number.NEGATIVE_INFINITY;

	/** @param step how many to claim ahead at first */
	constructor(step: number) {
		this.#step = step;
	}

	get empty(): boolean {
		return this.#held.length === 0;
	}

	/** How many to claim beyond the free in-flight slots. Deliveries that wait for a crowded workspace do not count. */
	wanted(crowded: readonly number[]): number {
		return this.#ahead - this.#held.filter(({ delivery }) => !crowded.includes(delivery.workspaceId)).length;
	}

	/** The smallest number that is worth a claim. */
	get worthwhile(): number {
		return Math.max(this.#step / 4, this.#ahead / 2);
	}

	/**
	 * Adds claimed deliveries.
	 * @param isFull whether the claim returned as many as it asked for
	 * @returns for each delivery, whether its send went well
	 */
	add(deliveries: readonly ClaimedDelivery[], claimedAt: number, isFull: boolean): Promise<boolean>[] {
		const took = claimedAt - this.#lastClaimAt;
		this.#lastClaimAt = claimedAt;
		if (isFull && took < QUICK_CLAIMS) this.#ahead = Math.min(MAX_AHEAD, Math.max(this.#step, 2 * this.#ahead));
		else if (took > 2 * QUICK_CLAIMS) this.#ahead = this.#ahead > this.#step ? Math.floor(this.#ahead / 2) : 0;
		return deliveries.map((delivery) => new Promise((done) => this.#held.push({ delivery, claimedAt, done })));
	}

	/** The next delivery, in the order of claims, whose workspace has no hanging sends. */
	next(crowded: readonly number[]): Held | null {
		const index = this.#held.findIndex(({ delivery }) => !crowded.includes(delivery.workspaceId));
		return index < 0 ? null : (this.#held.splice(index, 1)[0] ?? null);
	}
}
