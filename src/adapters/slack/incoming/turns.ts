/** Starts work one piece a turn of the event loop, so that a burst does not hold up what is received and sent meanwhile. */
export class Turns {
	readonly #waiting: (() => void)[] = [];

	/** Resolves when it is this caller's turn: the event loop has gone round since. */
	next(): Promise<void> {
		return new Promise((resolve) => {
			this.#waiting.push(resolve);
			if (this.#waiting.length === 1) this.#plan();
		});
	}

	#plan(): void {
		setImmediate(() => {
			this.#waiting.shift()?.();
			if (this.#waiting.length > 0) this.#plan();
		});
	}
}
