/** Work that runs once at a time: calls made meanwhile share the one run that follows. */
export class SingleFlight {
	readonly #work: () => Promise<void>;
	#running: Promise<void> | null = null;
	#next: Promise<void> | null = null;

	/** @param work never rejects */
	constructor(work: () => Promise<void>) {
		this.#work = work;
	}

	/** Settles after a run that began no earlier than this call. */
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

	/** Settles when nothing runs any more. */
	async idle(): Promise<void> {
		while (this.#running) await (this.#next ?? this.#running);
	}
}

/** Lets one loop sleep until something happens. */
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

	/** Take this before looking for work: it settles at the next ring, even if that comes while looking. */
	next(): Promise<void> {
		return this.#fired;
	}

	fire(): void {
		this.#fire();
		this.#hang();
	}
}
