import { Outage } from "../../../core/errors.ts";

/** The most statements underway: behind a pooler each holds a connection for several round trips. */
const MAX_CONCURRENT = 32;
const MAX_BATCH = 100;

interface Waiting<Item> {
	readonly item: Item;
	resolve(isNew: boolean): void;
	reject(error: unknown): void;
}

/**
 * Records items in groups: those that arrive in one turn of the event loop, or while too many statements are underway,
 * share a statement.
 */
export class Records<Item> {
	readonly #record: (items: readonly Item[]) => Promise<readonly boolean[]>;
	#waiting: Waiting<Item>[] = [];
	#underway = 0;
	#isDue = false;

	/** @param record records all of them or none, and tells for each whether it is new */
	constructor(record: (items: readonly Item[]) => Promise<readonly boolean[]>) {
		this.#record = record;
	}

	/** Records an item. @returns false if it was recorded before */
	add(item: Item): Promise<boolean> {
		return new Promise((resolve, reject) => {
			this.#waiting.push({ item, resolve, reject });
			this.#plan();
		});
	}

	#plan(): void {
		if (this.#isDue || this.#waiting.length === 0 || this.#underway >= MAX_CONCURRENT) return;
		this.#isDue = true;
		// After all that this turn has received.
		setImmediate(() => {
			this.#isDue = false;
			const group = this.#waiting.splice(0, MAX_BATCH);
			this.#plan();
			void this.#send(group);
		});
	}

	async #send(group: readonly Waiting<Item>[]): Promise<void> {
		this.#underway += 1;
		try {
			const isNew = await this.#record(group.map(({ item }) => item));
			for (const [index, { resolve }] of group.entries()) resolve(isNew[index] ?? false);
		} catch (error) {
			// One that the database refuses does not take the others with it.
			if (group.length > 1 && !(error instanceof Outage)) await Promise.all(group.map((one) => this.#send([one])));
			else for (const { reject } of group) reject(error);
		} finally {
			this.#underway -= 1;
			this.#plan();
		}
	}
}
