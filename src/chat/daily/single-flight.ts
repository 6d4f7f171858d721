/** Runs work one at a time. Calls during a run share the next run. */
export class SingleFlight {
	readonly #work: () => Promise<void>;
	#running: Promise<void> | null = null;
	#next: Promise<void> | null = null;

	/** @param work never rejects */
	constructor(work: () => Promise<void>) {
		this.#work = work;
	}

	/** Resolves after a run that began no earlier than this call. */
	run(): Promise<void> {
		if (!this.#running) {
			this.#running = this.#work().finally(() => {
				this.#running = null;
			});
			return this.#running;
		}
		this.#next ??= this.#running.then(() => {
			this.#next = null;
			return this.run();
		});
		return this.#next;
	}

	/** Resolves when nothing runs any more. */
	async idle(): Promise<void> {
		while (this.#running) await (this.#next ?? this.#running);
	}
}

/** Lets a loop sleep until something happens. */
export class Signal {
	#fire: () => void = () => undefined;
	#fired: Promise<void> = Promise.resolve();

	constructor() {
		this.#hang();
	}

	#hang(): void {
		this.#fired = new Promise((resolve) => {
			this.#fire = resolve;
		});
	}

	/** Resolves at the next `fire`. Call this before looking for work, so that a `fire` during the look is not lost. */
	next(): Promise<void> {
		return this.#fired;
	}

	fire(): void {
		this.#fire();
		this.#hang();
	}
}
