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

/** How many milliseconds a command that posts waits for its post. */
const POST_WAIT = 2_000;

/** The sends of one platform, which never wait for another's. */
interface PlatformQueue {
	readonly platform: Platform;
	/** Fires when there is more to send, or room for it. */
	readonly signal: Signal;
	/** Whether there may be more to claim than was claimed last. */
	hasMore: boolean;
	readonly inTheAir: InFlightLimit;
	readonly ahead: ClaimedAhead;
	readonly delivering: SingleFlight;
	readonly counting: SingleFlight;
}

/**
 * The daily question, from due to settled. All state stands in the store, so that any number of processes
 * share the work and any of them may die between two lines.
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

	/** There may be more to send. */
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
		const inTheAir = new InFlightLimit(settings.inFlight, settings.briskFor, () => {
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

	/** Sends soon what a command has put into the outbox. */
	wake(): void {
		void this.#deliver();
	}

	/**
	 * One pass over all that is due at the clock's instant; settles when nothing is left to do now. No stage waits for
	 * the sends of another call: what falls due while thousands leave is planned at once.
	 */
	async run(): Promise<void> {
		// A settlement can bring congratulations.
		await Promise.all([this.look(), this.#upkeep.run().then(() => this.#deliverMore())]);
	}

	/** The part of a pass that cannot wait for the minute's: sends, retries, what has fallen due, counts. */
	async look(): Promise<void> {
		if (this.#stopped) return;
		const delivering = this.#deliver();
		await this.#planning.run();
		await Promise.all([
			delivering.then(() => this.#deliverMore()),
			...this.#queues.map((queue) => queue.counting.run()),
		]);
	}

	/** Looks for what to send, on a platform whose sends hang too. */
	async #deliver(): Promise<void> {
		this.#added();
		await Promise.all(this.#queues.map((queue) => queue.delivering.run()));
	}

	/** Looks again where something was added after the last look. */
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

	/** Finishes what is in flight and takes nothing new. */
	async stop(): Promise<void> {
		this.#stopped = true;
		this.#added();
		const stages = this.#queues.flatMap((queue) => [queue.delivering, queue.counting]);
		await Promise.all([this.#planning, this.#upkeep, ...stages].map((stage) => stage.idle()));
		for (const { signal, inTheAir } of this.#queues) while (!inTheAir.empty) await signal.next();
	}

	/** The next instant at which something falls due on a platform, for a clock that is moved by hand. */
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

	/** Claims and sends until nothing more is due; as sends end, the next claim may begin. */
	async #deliverOn(queue: PlatformQueue): Promise<void> {
		const { signal, inTheAir, ahead } = queue;
		queue.hasMore = true;
		for (;;) {
			const fired = signal.next();
			const wasEmpty = inTheAir.empty && ahead.empty;
			const room = inTheAir.free + ahead.wanted(inTheAir.crowded());
			// Several are claimed together: a claim costs nearly as much for one as for many.
			const isRoom = wasEmpty || (queue.hasMore && room >= ahead.worthwhile);
			const claimed = isRoom && !this.#stopped ? await this.#claim(queue, room) : 0;
			// What is recorded last can bring more, such as an answer: the last look begins when all is recorded.
			if (claimed === 0 && wasEmpty) return;
			if (claimed === 0) await fired;
		}
	}

	/** Claims, and starts as many sends as there is room for. */
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
				// One that fails alone too has told it itself, once.
				if (!went.includes(false)) observer.fault("deliver", fault.error);
			});
		return claimed.length;
	}

	/** Starts what has been claimed, as far as there is room. */
	#startSends(queue: PlatformQueue): void {
		const { inTheAir, ahead } = queue;
		while (inTheAir.free > 0) {
			const held = ahead.next(inTheAir.crowded());
			if (!held) return;
			void this.#send(queue, held.delivery, held.claimedAt).then(held.done);
		}
	}

	/** @returns false when it failed here, not at the platform */
	#send({ platform, inTheAir }: PlatformQueue, delivery: ClaimedDelivery, claimedAt: number): Promise<boolean> {
		return inTheAir.start(delivery.workspaceId, async (landed) => {
			let went = false;
			await guarded(this.#parts.observer, "send", async () => {
				went = await this.#worker.attend(platform, delivery, claimedAt, landed);
			});
			return went;
		});
	}

	/** Begins the sends along with the claim; where one of them fails, they are claimed first and begin one by one. */
	async #claimed(claim: Claim): Promise<{ claimed: ClaimedDelivery[]; fault: { error: unknown } | null }> {
		const { deliveries } = this.#parts.services.store;
		try {
			return { claimed: await deliveries.claim({ ...claim, begin: true }), fault: null };
		} catch (error) {
			if (isOutage(error)) throw error;
			return { claimed: await deliveries.claim(claim), fault: { error } };
		}
	}

	/** Sends what is due and edits what has changed, for at most two seconds: so an admin can be told that it is there. */
	async deliverSoon(): Promise<void> {
		// A question that takes the place of another is an edit of its post.
		const edits = this.#queues.map((queue) => queue.counting.run());
		await withDeadline(Promise.all([this.#deliver(), ...edits]), POST_WAIT, null);
	}
}
