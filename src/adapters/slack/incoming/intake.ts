import { LRUCache } from "lru-cache";
import type { Logger } from "pino";
import { SingleFlight } from "../../../chat/daily/single-flight.ts";
import { withDeadline } from "../../../chat/deadlines.ts";
import type { ConnectionObserver } from "../../../chat/platform.ts";
import { MINUTE } from "../../../core/durations.ts";
import { describeError, kindOf } from "../../log.ts";
import { type Handler, Unexpected } from "./handler.ts";
import type { Inbox, Unreadable } from "./inbox.ts";
import type { Interaction } from "./interaction.ts";
import { Turns } from "./turns.ts";

/**
 * How long an ack waits for its interaction to be recorded, in milliseconds: a process killed between an ack and its
 * record loses the interaction. Slack waits three seconds for an ack, so a slower database is not waited for.
 */
const RECORD_TIMEOUT = 1_500;
/** How long checking a form and recording it may delay its ack together, in milliseconds. */
const ACK_TIMEOUT = 2_500;
const TAKE_OVER_INTERVAL = 20_000;
const TAKE_OVER = 50;
const CLEANUP_INTERVAL = 15 * MINUTE;
const DRAIN_DEADLINE = 9_000;
/** How many keys of unrecorded interactions are remembered: Slack repeats one within seconds. */
const MAX_REMEMBERED = 2_000;

/** Every interaction comes in here: it is acknowledged at once, handled once, and finished. */
export class Intake {
	readonly #handler: Handler;
	readonly #inbox: Inbox;
	readonly #log: Logger;
	readonly #connection: ConnectionObserver;
	readonly #inFlight = new Map<string, Promise<void>>();
	readonly #acks = new Set<Promise<void>>();
	readonly #seen = new LRUCache<string, true>({ max: MAX_REMEMBERED });
	/** Keys of answered interactions that the database does not know of yet. */
	readonly #unfinished = new Set<string>();
	readonly #finishing = new SingleFlight(() => this.#finishAll());
	/** Work begins after the acks of its turn. */
	readonly #turns = new Turns();
	readonly #timers: NodeJS.Timeout[] = [];
	#closed = false;

	constructor(handler: Handler, inbox: Inbox, log: Logger, connection: ConnectionObserver) {
		this.#handler = handler;
		this.#inbox = inbox;
		this.#log = log;
		this.#connection = connection;
	}

	start(): void {
		this.#timers.push(
			setInterval(() => void this.takeOver(), TAKE_OVER_INTERVAL).unref(),
			setInterval(() => void this.#orLogFailure("tidy", this.#inbox.tidy()), CLEANUP_INTERVAL).unref(),
		);
		void this.#orLogFailure("warm up", this.#inbox.warmUp());
		void this.takeOver();
	}

	/**
	 * Accepts an interaction. Settles when it is acknowledged; the work continues.
	 * @param ack null if it is acknowledged already
	 * @param begun when its handling began, by `performance.now`
	 */
	async take(interaction: Interaction, ack: (() => Promise<unknown>) | null, begun = performance.now()): Promise<void> {
		// Opening a form leaves no time to record it. It changes nothing, and Slack refuses to open it twice.
		const recorded = this.#handler.isForm(interaction) ? null : this.#record(interaction);
		this.#track(interaction, recorded);
		const acknowledging = this.#acknowledge(recorded, ack, begun).finally(() => this.#acks.delete(acknowledging));
		this.#acks.add(acknowledging);
		await acknowledging;
	}

	/** The faults to show on a submitted form's fields; null lets the form close. */
	async faultsOf(interaction: Interaction): Promise<Record<string, string> | null> {
		return this.#handler.faultsOf(interaction);
	}

	async #acknowledge(
		recorded: Promise<boolean> | null,
		ack: (() => Promise<unknown>) | null,
		begun: number,
	): Promise<void> {
		const remaining = begun + ACK_TIMEOUT - performance.now();
		if (recorded) await withDeadline(recorded, Math.max(0, Math.min(RECORD_TIMEOUT, remaining)), false);
		if (!ack) return;
		// A closed socket takes its ack with it; the answer still arrives.
		await ack().catch((error: unknown) =>
			this.#log.debug({ kind: kindOf(error) }, "could not acknowledge an interaction"),
		);
		this.#connection.acknowledged(performance.now() - begun);
	}

	/** False if it was seen before. If the database does not answer, let it through: twice is better than never. */
	async #record(interaction: Interaction): Promise<boolean> {
		if (this.#inFlight.has(interaction.key)) return false;
		try {
			return await this.#inbox.accept(interaction);
		} catch (error) {
			this.#log.warn({ kind: kindOf(error) }, "could not record an interaction");
			return !this.#seen.has(interaction.key);
		}
	}

	#track(interaction: Interaction, recorded: Promise<boolean> | null, repeated = false): void {
		const { key } = interaction;
		if (this.#inFlight.has(key) || (recorded === null && this.#seen.has(key))) return;
		const work = this.#work(interaction, recorded, repeated).finally(() => this.#inFlight.delete(key));
		this.#inFlight.set(key, work);
	}

	async #work(interaction: Interaction, recorded: Promise<boolean> | null, repeated: boolean): Promise<void> {
		if (recorded && !(await recorded)) return;
		if (recorded) await this.#turns.next();
		this.#remember(interaction.key);
		let isDone = true;
		try {
			isDone = await this.#handler.handle(interaction, repeated);
		} catch (error) {
			const [reference, cause] = error instanceof Unexpected ? [error.reference, error.cause] : [null, error];
			const { type: act } = interaction.act;
			this.#log.error({ reference, act, kind: kindOf(cause), at: describeError(cause).at }, "an interaction failed");
		}
		if (!recorded) return;
		if (isDone) {
			this.#unfinished.add(interaction.key);
			await this.#finish();
			// Nobody knows whether it was saved, so handle it again as soon as the database answers.
		} else await this.#orLogFailure("let go", this.#inbox.letGo([interaction.key]));
	}

	/** Records what has been answered, and retries until it succeeds: nobody may be answered twice. */
	#finish(): Promise<void> {
		return this.#finishing.run();
	}

	async #finishAll(): Promise<void> {
		const keys = [...this.#unfinished];
		if (
			(await this.#orLogFailure(
				"finish",
				this.#inbox.finish(keys).then(() => true),
			)) === null
		)
			return;
		for (const finished of keys) this.#unfinished.delete(finished);
	}

	#remember(key: string): void {
		this.#seen.set(key, true);
	}

	/** Takes over what another process, or an earlier one, left unanswered. */
	async takeOver(): Promise<void> {
		if (this.#closed) return;
		await this.#finish();
		await this.#orLogFailure("hold", this.#inbox.hold([...this.#inFlight.keys(), ...this.#unfinished]));
		const abandoned = await this.#orLogFailure("take over", this.#inbox.takeOver(TAKE_OVER));
		for (const interaction of abandoned?.interactions ?? []) this.#track(interaction, Promise.resolve(true), true);
		if (abandoned && abandoned.unreadable.length > 0) await this.#setAside(abandoned.unreadable);
	}

	/** Tells the members it can reach that they were not answered. One failure does not stop the others. */
	async #setAside(unreadable: readonly Unreadable[]): Promise<void> {
		this.#log.warn(
			{ keys: unreadable.map(({ key }) => key) },
			"set interactions aside that were recorded in another format",
		);
		for (const one of unreadable) {
			const told = await this.#orLogFailure(
				"set aside",
				this.#handler.setAside(one).then(() => true),
			);
			if (told !== null) this.#unfinished.add(one.key);
		}
		await this.#finish();
	}

	async #orLogFailure<T>(what: string, work: Promise<T>): Promise<T | null> {
		try {
			return await work;
		} catch (error) {
			this.#log.warn({ what, kind: kindOf(error) }, "a query of the inbox failed");
			return null;
		}
	}

	/** Settles when everything received is acknowledged: then the transport may close. */
	async acknowledged(): Promise<void> {
		await Promise.all(this.#acks);
	}

	/** Settles when everything is answered. */
	async idle(): Promise<void> {
		while (this.#inFlight.size > 0) await Promise.all(this.#inFlight.values());
	}

	/** Finishes what is in flight; the next process takes over what takes too long. */
	async stop(): Promise<void> {
		this.#closed = true;
		for (const timer of this.#timers) clearInterval(timer);
		await withDeadline(this.idle(), DRAIN_DEADLINE, undefined);
		await this.#orLogFailure("let go", this.#inbox.letGo([...this.#inFlight.keys()]));
	}
}
