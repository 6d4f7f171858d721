/** A workspace with this many slow sends gets no more until one ends. */
const SLOW_IN_WORKSPACE = 2;

/** How many times `most` finished sends may wait to be recorded: they are recorded in groups, so more cost little. */
const UNRECORDED = 4;

/**
 * Limits the concurrent sends on one platform. A slow send frees its slot, so that a stuck channel delays no other; but
 * there are never more than twice `most` in total, and a workspace whose sends hang gets no further ones. A finished send
 * also frees its slot while it is still being recorded, until many wait for the database.
 */
export class InFlightLimit {
	readonly #most: number;
	readonly #slowAfter: number;
	readonly #changed: () => void;
	readonly #slow = new Map<number, number>();
	#quick = 0;
	#flying = 0;
	#landed = 0;

	/**
	 * @param slowAfter milliseconds after which a send counts as slow
	 * @param changed called when there is room again
	 */
	constructor(most: number, slowAfter: number, changed: () => void) {
		this.#most = most;
		this.#slowAfter = slowAfter;
		this.#changed = changed;
	}

	/** How many more may start. */
	get free(): number {
		const [most, flying, landed] = [this.#most, this.#flying, this.#landed];
		return Math.max(0, Math.min(most - this.#quick, 2 * most - flying, UNRECORDED * most - landed));
	}

	get empty(): boolean {
		return this.#flying === 0 && this.#landed === 0;
	}

	/** Workspaces whose sends hang. */
	crowded(): number[] {
		return [...this.#slow].flatMap(([workspaceId, count]) => (count >= SLOW_IN_WORKSPACE ? [workspaceId] : []));
	}

	/**
	 * @param work never rejects; calls `landed` when its send has ended, even if the outcome is not yet recorded
	 * @returns the result of `work`
	 */
	start<Result>(workspaceId: number, work: (landed: () => void) => Promise<Result>): Promise<Result> {
		let isFlying = true;
		let isSlow = false;
		this.#flying += 1;
		this.#quick += 1;
		const timer = setTimeout(() => {
			isSlow = true;
			this.#quick -= 1;
			this.#slow.set(workspaceId, (this.#slow.get(workspaceId) ?? 0) + 1);
			this.#changed();
		}, this.#slowAfter);
		const land = () => {
			if (!isFlying) return;
			isFlying = false;
			this.#flying -= 1;
			this.#landed += 1;
			clearTimeout(timer);
			if (isSlow) this.#endSlow(workspaceId);
			else this.#quick -= 1;
			this.#changed();
		};
		return work(land).finally(() => {
			land();
			this.#landed -= 1;
			this.#changed();
		});
	}

	#endSlow(workspaceId: number): void {
		const remaining = (this.#slow.get(workspaceId) ?? 1) - 1;
		if (remaining === 0) this.#slow.delete(workspaceId);
		else this.#slow.set(workspaceId, remaining);
	}
}
