/** Slow sends in one workspace after which it gets no more until one ends. */
const SLOW_IN_WORKSPACE = 2;

/**
 * The sends in the air on one platform. One that takes long makes room for others, so that a stuck channel delays no
 * other; but there are never more than twice the number, and a workspace whose sends hang gets no further ones. What has
 * landed makes room too, while it is recorded.
 */
export class InFlightLimit {
	readonly #most: number;
	readonly #briskFor: number;
	readonly #changed: () => void;
	readonly #slow = new Map<number, number>();
	#brisk = 0;
	#all = 0;

	/**
	 * @param briskFor milliseconds after which a send counts as slow
	 * @param changed called when there is room again
	 */
	constructor(most: number, briskFor: number, changed: () => void) {
		this.#most = most;
		this.#briskFor = briskFor;
		this.#changed = changed;
	}

	/** How many more may start. */
	get free(): number {
		return Math.max(0, Math.min(this.#most - this.#brisk, 2 * this.#most - this.#all));
	}

	get empty(): boolean {
		return this.#all === 0;
	}

	/** Workspaces whose sends hang. */
	crowded(): number[] {
		return [...this.#slow].flatMap(([workspaceId, count]) => (count >= SLOW_IN_WORKSPACE ? [workspaceId] : []));
	}

	/**
	 * @param work never rejects; it calls `landed` once its send has ended, whatever is still to be written then
	 * @returns what the work returns
	 */
	start<Result>(workspaceId: number, work: (landed: () => void) => Promise<Result>): Promise<Result> {
		let isFlying = true;
		let isSlow = false;
		this.#all += 1;
		this.#brisk += 1;
		const timer = setTimeout(() => {
			isSlow = true;
			this.#brisk -= 1;
			this.#slow.set(workspaceId, (this.#slow.get(workspaceId) ?? 0) + 1);
			this.#changed();
		}, this.#briskFor);
		const land = () => {
			if (!isFlying) return;
			isFlying = false;
			clearTimeout(timer);
			if (isSlow) this.#endSlow(workspaceId);
			else this.#brisk -= 1;
			this.#changed();
		};
		return work(land).finally(() => {
			this.#all -= 1;
			land();
			this.#changed();
		});
	}

	#endSlow(workspaceId: number): void {
		const left = (this.#slow.get(workspaceId) ?? 1) - 1;
		if (left === 0) this.#slow.delete(workspaceId);
		else this.#slow.set(workspaceId, left);
	}
}
