import {
	beginSend,
	forgetRole,
	recordFailed,
	recordSent,
	recordSkipped,
	recordUnknown,
} from "../../core/daily/deliveries.ts";
import { MAX_LATENESS } from "../../core/daily/enqueue.ts";
import { isOutage } from "../../core/errors.ts";
import type { Delivery } from "../../core/model.ts";
import type { ClaimedDelivery } from "../../core/ports/deliveries.ts";
import { DeliveryFault, type Destination, type Platform, type Posted, RETRIED } from "../platform.ts";
import { ArrivalRecorder } from "./arrivals.ts";
import { cardOf, destinationOf } from "./contents.ts";
import type { EngineOptions } from "./engine-options.ts";

const NOTHING_TO_SEND = "nothing to send any more";
const TOO_LATE = "more than 12 hours late, or no longer wanted";
const UNPUBLISHED = new DeliveryFault(
	"permanent",
	"the platform did not publish the post within a day",
	"Publish it by hand if it is still of use: the post itself is there.",
);
const STALLED = new DeliveryFault("not-sent", "the program was too slow to send it", RETRIED);

/** The start of the search for an earlier send. If the clock was set back since then, search the last half day. */
function lookSince(delivery: Delivery, now: Date): Date {
	const beganAt = delivery.sendBegunAt ?? delivery.dueAt;
	return beganAt <= now ? beganAt : new Date(now.getTime() - MAX_LATENESS);
}

/** A delivery that could not be looked up by then is given up as unknown. */
function lastLook(delivery: Delivery): Date {
	return new Date(delivery.expiresAt.getTime() + MAX_LATENESS);
}

/** The progress of one delivery. */
interface Progress {
	/** Whether a send may be in flight, so that the next worker must look it up before sending again. */
	mayHaveArrived: boolean;
	/** Call it when the send has ended. */
	readonly landed: () => void;
}

/** The state in which a delivery waits for its retry. */
interface Retry {
	readonly state: "pending" | "sending";
	/** Whether the send may still arrive. The delivery then keeps its lease, so that no worker looks it up too early. */
	readonly inTheAir: boolean;
}

/** Sends claimed deliveries to their platforms and records the outcomes. */
export class DeliveryWorker {
	readonly #parts: EngineOptions;
	readonly #arrivals: ArrivalRecorder;

	constructor(parts: EngineOptions) {
		this.#parts = parts;
		this.#arrivals = new ArrivalRecorder(parts.services);
	}

	/**
	 * Handles one claimed delivery. If this process fails rather than the platform, the delivery is retried with backoff.
	 * @param claimedAt instant just before the claim, by the monotonic clock: a send begun by the claim has its deadline
	 * from then
	 * @param landed called when the send has ended
	 * @returns false when this process failed
	 */
	async handle(platform: Platform, delivery: ClaimedDelivery, claimedAt: number, landed: () => void): Promise<boolean> {
		const progress = { mayHaveArrived: delivery.state === "sending" && !delivery.isBegun, landed };
		try {
			const to = destinationOf(delivery);
			if (!to) await this.#skip(delivery, NOTHING_TO_SEND);
			else if (delivery.kind === "publish") await this.#publish(platform, to, delivery, landed);
			else if (delivery.isBegun) await this.#post(platform, to, delivery, claimedAt, progress);
			else await this.#begin(platform, to, delivery, progress);
			return true;
		} catch (error) {
			if (isOutage(error)) throw error;
			const { mayHaveArrived } = progress;
			const tried = delivery.isBegun ? delivery : { ...delivery, tries: delivery.tries + 1 };
			await this.#later(tried, error, { state: mayHaveArrived ? "sending" : "pending", inTheAir: mayHaveArrived });
			return false;
		}
	}

	/** Checks whether an earlier send arrived; if not, begins a new one. */
	async #begin(platform: Platform, to: Destination, delivery: ClaimedDelivery, progress: Progress): Promise<void> {
		const { services, clock, settings } = this.#parts;
		if (delivery.state === "sending") {
			const found = await this.#lookUp(platform, to, delivery);
			if (found === "later") return;
			if (found === "cannot-tell") return this.#unknown(delivery);
			if (found !== "absent") return this.#arrived(delivery, found);
		}
		if (clock.now() >= delivery.expiresAt) return this.#skip(delivery, TOO_LATE);
		// Measured before the lease is renewed, so that the send's deadline ends before the lease.
		const begunAt = performance.now();
		const started = await beginSend(services, delivery, clock.now(), settings.leaseSeconds);
		if (started === false) return;
		// The look-up found no earlier send: from now on only this one matters.
		progress.mayHaveArrived = false;
		const known = delivery.occurrence;
		const occurrence = started && known ? { ...known, ...started } : known;
		await this.#post(platform, to, { ...delivery, occurrence, tries: delivery.tries + 1 }, begunAt, progress);
	}

	async #lookUp(
		platform: Platform,
		to: Destination,
		delivery: Delivery,
	): Promise<Posted | "absent" | "cannot-tell" | "later"> {
		const { clock, settings } = this.#parts;
		const now = clock.now();
		try {
			const signal = AbortSignal.timeout(settings.sendDeadline);
			return await platform.lookUp(to, delivery.key, lookSince(delivery, now), signal);
		} catch (error) {
			if (error instanceof DeliveryFault && error.kind === "permanent") return "cannot-tell";
			if (now >= lastLook(delivery)) return "cannot-tell";
			await this.#later({ ...delivery, tries: delivery.tries + 1 }, error, { state: "sending", inTheAir: false });
			return "later";
		}
	}

	/** Posts a delivery whose send has begun. */
	async #post(
		platform: Platform,
		to: Destination,
		delivery: ClaimedDelivery,
		begunAt: number,
		progress: Progress,
	): Promise<void> {
		const { services, settings } = this.#parts;
		const card = await cardOf(services, delivery);
		if (!card) return this.#skip(delivery, NOTHING_TO_SEND);
		const left = begunAt + settings.sendDeadline - performance.now();
		// After SIGSTOP the abort timer may not have fired yet.
		if (left <= 0) return this.#later(delivery, STALLED, { state: "pending", inTheAir: false });
		progress.mayHaveArrived = true;
		let posted: Posted;
		try {
			posted = await platform.post(to, card, delivery.key, AbortSignal.timeout(Math.ceil(left)));
		} catch (error) {
			return this.#failed(delivery, error);
		}
		progress.landed();
		await this.#arrived(delivery, posted);
		if (posted.roleGone) await forgetRole(services, delivery, this.#parts.clock.now());
	}

	/** Publishes a post that has arrived. Publishing twice is harmless, so no look-up is needed. */
	async #publish(platform: Platform, to: Destination, delivery: ClaimedDelivery, landed: () => void): Promise<void> {
		const { services, clock, settings, observer } = this.#parts;
		if (clock.now() >= delivery.expiresAt) return this.#failed(delivery, UNPUBLISHED);
		if ((await beginSend(services, delivery, clock.now(), settings.leaseSeconds)) === false) return;
		try {
			const signal = AbortSignal.timeout(settings.sendDeadline);
			await platform.publish?.(to, String(delivery.payload.message), signal);
		} catch (error) {
			if (error instanceof DeliveryFault && error.kind === "permanent") return this.#failed(delivery, error);
			return this.#later({ ...delivery, tries: delivery.tries + 1 }, error, { state: "pending", inTheAir: false });
		}
		landed();
		const messageId = String(delivery.payload.message);
		if (await recordSent(services, delivery, messageId, null)) observer.delivered(delivery, "sent");
	}

	async #arrived(delivery: ClaimedDelivery, { messageId, threadId }: Posted): Promise<void> {
		if (await this.#arrivals.record({ delivery, messageId, threadId }))
			this.#parts.observer.delivered(delivery, "sent");
	}

	async #skip(delivery: Delivery, why: string): Promise<void> {
		if (await recordSkipped(this.#parts.services, delivery, why)) this.#parts.observer.delivered(delivery, "skipped");
	}

	async #unknown(delivery: Delivery): Promise<void> {
		const { services, clock, observer } = this.#parts;
		if (await recordUnknown(services, delivery, clock.now())) observer.delivered(delivery, "unknown");
	}

	async #failed(delivery: Delivery, error: unknown): Promise<void> {
		const { services, clock, observer } = this.#parts;
		const fault = error instanceof DeliveryFault ? error : null;
		// An error that the platform did not report may have happened after the send.
		if (!fault || fault.kind === "uncertain") return this.#later(delivery, error, { state: "sending", inTheAir: true });
		if (fault.kind === "not-sent") return this.#later(delivery, error, { state: "pending", inTheAir: false });
		if (await recordFailed(services, delivery, fault.message, fault.remedy, clock.now()))
			observer.delivered(delivery, "failed");
	}

	/** Schedules a retry: after the platform's `retryAfter`, or by exponential backoff with jitter. */
	async #later(delivery: Delivery, error: unknown, { state, inTheAir }: Retry): Promise<void> {
		const { services, clock, observer, settings } = this.#parts;
		const fault = error instanceof DeliveryFault ? error : null;
		const backoff = Math.min(settings.longestRetry, settings.firstRetry * 2 ** Math.min(delivery.tries - 1, 10));
		const wait = fault?.retryAfter ?? backoff * (0.5 + services.random());
		const now = clock.now();
		const end = now < delivery.expiresAt ? delivery.expiresAt : lastLook(delivery);
		// Past its end, a delivery gets here only if its outcome could not be recorded.
		const latest = now < end ? end.getTime() : Number.POSITIVE_INFINITY;
		const nextTryAt = new Date(Math.min(now.getTime() + wait, latest));
		const changes = { state, nextTryAt, fault: fault?.message ?? "no answer from the platform", tries: delivery.tries };
		await services.store.deliveries.change(delivery, changes, { keepLease: inTheAir });
		observer.delivered(delivery, "retry");
		// Report the error once; the retry counter shows that the delivery keeps failing.
		if (!fault && delivery.tries <= 1) observer.fault("send", error);
	}
}
