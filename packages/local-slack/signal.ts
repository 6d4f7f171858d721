/** Real milliseconds between looks at state outside the server, in the app under test. */
const LOOK_EVERY_MS = 10;

/** Lets a test wait for something no longer than it takes. */
export class Signal {
	private waiting: (() => void)[] = [];

	/** Call it after every change that somebody may wait for. */
	changed(): void {
		for (const look of [...this.waiting]) look();
	}

	/**
	 * Resolves with what `probe` finds. Looks after every change here, and every few milliseconds.
	 * @throws Error naming `what` if nothing is found within `milliseconds` of real time (100,000 by default).
	 */
	until<Found>(what: string, probe: () => Found | undefined, milliseconds = 100_000): Promise<Found> {
		const first = probe();
		if (first !== undefined) return Promise.resolve(first);
		const failure = new Error(`waited ${milliseconds} ms for ${what}`);
		return new Promise((resolve, reject) => {
			const done = () => {
				clearTimeout(timer);
				clearInterval(looking);
				this.waiting = this.waiting.filter((other) => other !== look);
			};
			const look = () => {
				const found = probe();
				if (found === undefined) return;
				done();
				resolve(found);
			};
			const timer = setTimeout(() => {
				done();
				reject(failure);
			}, milliseconds);
			const looking = setInterval(look, LOOK_EVERY_MS);
			this.waiting.push(look);
		});
	}
}
