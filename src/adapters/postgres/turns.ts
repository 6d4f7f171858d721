/** Lets so many pieces of work run at once; the others wait, and come in the order in which they asked. */
export class Turns {
	readonly most: number;
	readonly #waiting: (() => void)[] = [];
	#free: number;

	constructor(most: number) {
		this.most = most;
		this.#free = most;
	}

	get running(): number {
		return this.most - this.#free;
	}

	get waiting(): number {
		return this.#waiting.length;
	}

	/** Settles as the work does. */
	async run<Result>(work: () => Promise<Result>): Promise<Result> {
		if (this.#free > 0) this.#free -= 1;
		else await new Promise<void>((resolve) => this.#waiting.push(resolve));
		try {
			return await work();
		} finally {
			// The turn goes straight to the next one, so that nobody who asks meanwhile overtakes it.
			const next = this.#waiting.shift();
			if (next) next();
			else this.#free += 1;
		}
	}
}
