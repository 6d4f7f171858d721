import { type Arrived, recordArrived, recordSent } from "../../core/daily/deliveries.ts";
import { isOutage } from "../../core/errors.ts";
import type { Services } from "../../core/service/services.ts";

/** Arrivals recorded in one statement at most. */
const BATCH = 256;

interface Waiting {
	readonly arrived: Arrived;
	readonly done: (recorded: boolean | Promise<boolean>) => void;
	readonly failed: (error: unknown) => void;
}

/**
 * Records arrivals in groups (group commit): what arrives while one group is written makes the next. A group that fails
 * is recorded one by one, so that one bad row stops no other.
 */
export class ArrivalRecorder {
	readonly #services: Services;
	readonly #waiting: Waiting[] = [];
	#isWriting = false;

	constructor(services: Services) {
		this.#services = services;
	}

	/** @returns false when the claim was lost to another worker, which records it */
	record(arrived: Arrived): Promise<boolean> {
		return new Promise((done, failed) => {
			this.#waiting.push({ arrived, done, failed });
			if (!this.#isWriting) void this.#writeAll();
		});
	}

	async #writeAll(): Promise<void> {
		this.#isWriting = true;
		// What arrives in the same turn of the event loop goes along.
		await Promise.resolve();
		while (this.#waiting.length > 0) await this.#write(this.#waiting.splice(0, BATCH));
		this.#isWriting = false;
	}

	async #write(group: readonly Waiting[]): Promise<void> {
		try {
			const recorded = await recordArrived(
				this.#services,
				group.map(({ arrived }) => arrived),
			);
			for (const one of group) one.done(recorded.has(one.arrived.delivery.id) || this.#alone(one.arrived));
		} catch (error) {
			for (const one of group)
				if (isOutage(error)) one.failed(error);
				else one.done(this.#alone(one.arrived));
		}
	}

	#alone({ delivery, messageId, threadId }: Arrived): Promise<boolean> {
		return recordSent(this.#services, delivery, messageId, threadId);
	}
}
