import { type Arrived, recordArrived, recordSent } from "../../core/daily/deliveries.ts";
import { isOutage } from "../../core/errors.ts";
import type { Services } from "../../core/service/services.ts";

/** The most arrivals to record in one statement. */
const BATCH = 256;

interface Waiting {
	readonly arrived: Arrived;
	readonly done: (recorded: boolean | Promise<boolean>) => void;
	readonly failed: (error: unknown) => void;
}

/**
 * Records arrivals in groups (group commit): arrivals during one write form the next group. If a group fails, its
 * arrivals are recorded one by one, so that one bad row does not stop the others.
 */
export class ArrivalRecorder {
	readonly #services: Services;
	readonly #waiting: Waiting[] = [];
	#isWriting = false;

	constructor(services: Services) {
		this.#services = services;
	}

	/** @returns false when another worker took the claim over and records it */
	record(arrived: Arrived): Promise<boolean> {
		return new Promise((done, failed) => {
			this.#waiting.push({ arrived, done, failed });
			if (!this.#isWriting) void this.#writeAll();
		});
	}

	async #writeAll(): Promise<void> {
		this.#isWriting = true;
		// Wait for other arrivals in the same turn of the event loop.
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
