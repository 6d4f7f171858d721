import { isOutage } from "../core/errors.ts";
import type { Claim, ClaimedDelivery } from "../core/ports/deliveries.ts";
import type { PostingApi } from "./command.ts";
import { ClaimedAhead } from "./daily/claimed-ahead.ts";
import { Counts } from "./daily/counts.ts";
import { DeliveryWorker } from "./daily/delivery-worker.ts";
import { type DailyParts, type EngineOptions, type EngineStep, guarded, withDefaults } from "./daily/engine-options.ts";
import { InFlightLimit } from "./daily/in-flight-limit.ts";
import { planDue } from "./daily/planner.ts";
import { Signal, SingleFlight } from "./daily/single-flight.ts";
import { planRecaps, planReminders, settleClosed } from "./daily/upkeep.ts";
import { withDeadline } from "./deadlines.ts";
import type { Platform } from "./platform.ts";

export type { DailyParts } from "./daily/engine-options.ts";

/** How long a command waits for its post, in milliseconds. */
const POST_TIMEOUT = 2_000;

/** One platform's sends. They never wait for another platform's. */
interface PlatformQueue {
	readonly platform: Platform;
	/** Fires when there is more to send, or room for it. */
	readonly signal: Signal;
	/** Whether there may be more to claim. */
	hasMore: boolean;
	readonly inTheAir: InFlightLimit;
	readonly ahead: ClaimedAhead;
	readonly delivering: SingleFlight;
	readonly counting: SingleFlight;
}

/**
 * The daily question, from due to settled. All state is in the store, so that any number of processes can share the work
 * and any of them may die at any time.
 */
export class DailyEngine implements PostingApi {
	readonly #parts: EngineOptions;
	readonly #worker: DeliveryWorker;
	readonly #queues: readonly PlatformQueue[];
	readonly #planning: SingleFlight;
	readonly #upkeep: SingleFlight;
	#stopped = false;

	/** @throws RangeError for settings that contradict each other */
	constructor(parts: DailyParts) {
		this.#parts = withDefaults(parts);
		this.#worker = new DeliveryWorker(this.#parts);
		this.#planning = this.#stage("plan", () => planDue(this.#parts, this.#isStopped, this.#added));
		this.#upkeep = this.#stage("upkeep", () => this.#keepUp());
		this.#queues = this.#parts.platforms.map((platform) => this.#newQueue(platform));
	}

	/** Call it when there may be more to send. */
	readonly #added = () => {
		for (const queue of this.#queues) {
			queue.hasMore = true;
			queue.signal.fire();
		}
	};

	readonly #isStopped = () => this.#stopped;

	#stage(step: EngineStep, work: () => Promise<void>): SingleFlight {
		return new SingleFlight(() => guarded(this.#parts.observer, step, work));
	}

	#newQueue(platform: Platform): PlatformQueue {
		const signal = new Signal();
		const { settings } = this.#parts;
		const counts = new Counts(this.#parts);
		const inTheAir = new InFlightLimit(settings.inFlight, settings.slowAfter, () => {
			this.#startSends(queue);
			signal.fire();
		});
		const queue: PlatformQueue = {
			platform,
			signal,
			hasMore: true,
			inTheAir,
			ahead: new ClaimedAhead(settings.inFlight),
			delivering: this.#stage("deliver", () => this.#deliverOn(queue)),
			counting: this.#stage("count", () => counts.refresh(platform, this.#isStopped)),
		};
		return queue;
	}

	/** Starts sending what a command enqueued. */
	wake(): void {
		void this.#deliver();
	}

	/**
	 * One pass over everything that is due at the clock's instant; resolves when nothing is left to do now. No stage waits
	 * for the sends of another call: schedules that fall due during thousands of sends are planned at once.
	 */
	async run(): Promise<void> {
		// A settlement can enqueue congratulations.
		await Promise.all([this.look(), this.#upkeep.run().then(() => this.#deliverMore())]);
	}

	/** The part of a pass that cannot wait for the next minute: sends, retries, newly due schedules, counts. */
	async look(): Promise<void> {
		if (this.#stopped) return;
		const delivering = this.#deliver();
		await this.#planning.run();
		await Promise.all([
			delivering.then(() => this.#deliverMore()),
			...this.#queues.map((queue) => queue.counting.run()),
		]);
	}

	/** Looks for deliveries to send, even on a platform whose sends hang. */
	async #deliver(): Promise<void> {
		this.#added();
		await Promise.all(this.#queues.map((queue) => queue.delivering.run()));
	}

	/** Looks again on platforms for which deliveries were added after the last look. */
	async #deliverMore(): Promise<void> {
		await Promise.all(this.#queues.filter(({ hasMore }) => hasMore).map((queue) => queue.delivering.run()));
	}

	async #keepUp(): Promise<void> {
		const { observer } = this.#parts;
		await guarded(observer, "settle", () => settleClosed(this.#parts, this.#isStopped, this.#added));
		for (const { platform } of this.#queues) {
			await guarded(observer, "remind", () => planReminders(this.#parts, platform.name, this.#isStopped, this.#added));
			await guarded(observer, "remind", () => planRecaps(this.#parts, platform.name, this.#isStopped, this.#added));
		}
	}

	/** Finishes everything in flight and starts nothing new. */
	async stop(): Promise<void> {
		this.#stopped = true;
		this.#added();
		const stages = this.#queues.flatMap((queue) => [queue.delivering, queue.counting]);
		await Promise.all([this.#planning, this.#upkeep, ...stages].map((stage) => stage.idle()));
		for (const { signal, inTheAir } of this.#queues) while (!inTheAir.empty) await signal.next();
	}

	/** The next instant at which something falls due on a platform. For callers that move the clock by hand. */
	async nextInstant(platform: string, after: Date): Promise<Date | null> {
		const { store } = this.#parts.services;
		const instants = [
			await store.schedules.nextInstant(platform),
			await store.occurrences.nextClosing(platform, after),
			await store.deliveries.nextTry(platform),
			await store.reminders.next(platform, after),
			await store.recaps.next(platform),
		];
		const ahead = instants.flatMap((instant) => (instant && instant > after ? [instant.getTime()] : []));
		return ahead.length > 0 ? new Date(Math.min(...ahead)) : null;
	}

	/** Claims and sends until nothing more is due. The next claim may begin while earlier sends are still in flight. */
	async #deliverOn(queue: PlatformQueue): Promise<void> {
		const { signal, inTheAir, ahead } = queue;
		queue.hasMore = true;
		for (;;) {
			const fired = signal.next();
			const wasEmpty = inTheAir.empty && ahead.empty;
			const room = inTheAir.free + ahead.wanted(inTheAir.crowded());
			// Wait for room for several: claiming one costs nearly as much as claiming many.
			const isRoom = wasEmpty || (queue.hasMore && room >= ahead.worthwhile);
			const claimed = isRoom && !this.#stopped ? await this.#claim(queue, room) : 0;
			// Recording an arrival can enqueue more, such as an answer. So return only if all was recorded before this claim.
			if (claimed === 0 && wasEmpty) return;
			if (claimed === 0) await fired;
		}
	}

	/** Claims deliveries and starts as many sends as there is room for. @returns how many it claimed */
	async #claim(queue: PlatformQueue, limit: number): Promise<number> {
		const { worker, clock, settings, observer } = this.#parts;
		const { platform, inTheAir, ahead } = queue;
		const claimedAt = performance.now();
		queue.hasMore = false;
		const { claimed, fault } = await this.#claimed({
			platform: platform.name,
			worker,
			now: clock.now(),
			leaseSeconds: settings.leaseSeconds,
			limit,
			without: inTheAir.crowded(),
		});
		if (claimed.length === limit) queue.hasMore = true;
		const sends = ahead.add(claimed, claimedAt, claimed.length === limit);
		this.#startSends(queue);
		if (fault)
			void Promise.all(sends).then((went) => {
				// A delivery that also fails alone has already reported its error.
				if (!went.includes(false)) observer.fault("deliver", fault.error);
			});
		return claimed.length;
	}

	/** Starts claimed sends as far as there is room. */
	#startSends(queue: PlatformQueue): void {
		const { inTheAir, ahead } = queue;
		while (inTheAir.free > 0) {
			const next = ahead.next(inTheAir.crowded());
			if (!next) return;
			void this.#send(queue, next.delivery, next.claimedAt).then(next.done);
		}
	}

	/** @returns false when this process failed, not the platform */
	#send({ platform, inTheAir }: PlatformQueue, delivery: ClaimedDelivery, claimedAt: number): Promise<boolean> {
		return inTheAir.start(delivery.workspaceId, async (landed) => {
			let went = false;
			await guarded(this.#parts.observer, "send", async () => {
				went = await this.#worker.handle(platform, delivery, claimedAt, landed);
			});
			return went;
		});
	}

	/** Begins the sends in the claim's statement. If that fails, only claims, so that the sends begin one by one. */
	async #claimed(claim: Claim): Promise<{ claimed: ClaimedDelivery[]; fault: { error: unknown } | null }> {
		const { deliveries } = this.#parts.services.store;
		try {
			return { claimed: await deliveries.claim({ ...claim, begin: true }), fault: null };
		} catch (error) {
			if (isOutage(error)) throw error;
			return { claimed: await deliveries.claim(claim), fault: { error } };
		}
	}

	/** Sends due posts and edits changed ones, and waits at most two seconds, so that the reply can say it is posted. */
	async deliverSoon(): Promise<void> {
		// Replacing a question edits its post.
		const edits = this.#queues.map((queue) => queue.counting.run());
		await withDeadline(Promise.all([this.#deliver(), ...edits]), POST_TIMEOUT, null);
	}
}
