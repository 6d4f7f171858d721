import type postgres from "postgres";
import { Outage } from "../../core/errors.ts";

/** Milliseconds without any reply, while some are awaited, after which the server is asked whether it is there. */
const SILENCE = 1_000;
const LOOK_EVERY = 200;
/** Milliseconds between questions to a server that was not there. */
const ASK_EVERY = 500;
/** Codes of the driver and the system for a connection that is not there, and of a server that ends or begins. */
const GONE =
	/^(CONNECTION_(CLOSED|DESTROYED|ENDED)|CONNECT_TIMEOUT|ECONNREFUSED|ECONNRESET|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|57P0[1-3]|53300)$/;

type Client = Pick<postgres.Sql, "unsafe" | "begin" | "options" | "end">;
type Query = ReturnType<postgres.Sql["unsafe"]>;
type Given = Parameters<postgres.Sql["unsafe"]>;
type Work = (transaction: postgres.TransactionSql) => unknown;

/** The driver's or system's code of an error, and of nothing else. */
export function codeOf(error: unknown): string {
	return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** Whether a statement failed because the server could not be reached, or has no room. */
function explained(error: unknown): unknown {
	return GONE.test(codeOf(error)) ? new Outage(error) : error;
}

/** What a server says that is asked over a new connection: nothing, or whether it works for this process just now. */
export type Sign = "silent" | "idle" | "busy";

/**
 * Keeps callers from waiting for a server that has gone without a word: a cable pulled, a firewall that forgets. TCP
 * notices after a quarter of an hour, and a member waits three seconds. While replies are awaited and none comes, the
 * server is asked over a connection of its own. Without an answer all statements under way fail with an Outage, and
 * later ones fail at once until it answers again; where it says that it does nothing for this process, its connections
 * are dead, and are made anew.
 */
export class Lifeline {
	readonly #ask: () => Promise<Sign>;
	readonly #renewals: (() => void)[] = [];
	#awaited = 0;
	/** Instant of the last sign of life, by the machine's steady clock. */
	#heard = 0;
	#isDown = false;
	#looking: NodeJS.Timeout | null = null;
	#asking = false;

	/** @param ask asks the server over a new connection; must settle by itself within a second or so */
	constructor(ask: () => Promise<Sign>) {
		this.#ask = ask;
	}

	/** A client that is made anew after an outage, with the settings that the query builder gave to the first one. */
	client(make: () => postgres.Sql): Client {
		let current = make();
		this.#renewals.push(() => {
			const old = current;
			current = make();
			Object.assign(current.options.parsers, old.options.parsers);
			Object.assign(current.options.serializers, old.options.serializers);
			// Ends its connections at once: whoever waits for them is told.
			void old.end({ timeout: 0 }).catch(() => undefined);
		});
		const begin = (...given: [string, Work] | [Work]) => {
			if (this.#isDown) return Promise.reject(new Outage(null));
			return this.#await(
				given.length === 1
					? current.begin(this.#watchingInside(given[0]))
					: current.begin(given[0], this.#watchingInside(given[1])),
			);
		};
		return {
			get options() {
				return current.options;
			},
			unsafe: ((...given: Given) => this.#statement(() => current.unsafe(...given))) as postgres.Sql["unsafe"],
			begin: begin as postgres.Sql["begin"],
			end: (options) => current.end(options),
		};
	}

	close(): void {
		if (this.#looking) clearInterval(this.#looking);
		this.#looking = null;
	}

	#watchingInside(work: Work): Work {
		return (transaction) => {
			const unsafe = transaction.unsafe.bind(transaction);
			transaction.unsafe = ((...given: Given) => this.#statement(() => unsafe(...given))) as typeof unsafe;
			return work(transaction);
		};
	}

	/** As the query builder expects it: sent when it is awaited, as objects or as rows of values. */
	#statement(make: () => Query): Query {
		const send = (asReply: (query: Query) => PromiseLike<unknown>): Promise<unknown> =>
			this.#isDown ? Promise.reject(new Outage(null)) : this.#await(asReply(make()));
		const statement = {
			// biome-ignore lint/suspicious/noThenProperty: the driver's own queries are sent when they are awaited
			then: (...given: Parameters<Promise<unknown>["then"]>) => send((query) => query).then(...given),
			values: () => send((query) => query.values()),
		};
		return statement as unknown as Query;
	}

	async #await<Result>(reply: PromiseLike<Result>): Promise<Result> {
		// Whoever comes first after a silence that nobody minded begins a new one.
		if (this.#awaited === 0) this.#heard = performance.now();
		this.#awaited += 1;
		this.#looking ??= setInterval(() => void this.#look(), LOOK_EVERY).unref();
		try {
			const result = await reply;
			this.#heard = performance.now();
			return result;
		} catch (error) {
			const fault = explained(error);
			if (!(fault instanceof Outage)) this.#heard = performance.now();
			throw fault;
		} finally {
			this.#awaited -= 1;
			if (this.#awaited === 0 && !this.#isDown) this.close();
		}
	}

	async #look(): Promise<void> {
		const patience = this.#isDown ? ASK_EVERY : SILENCE;
		if (this.#asking || performance.now() - this.#heard < patience) return;
		this.#asking = true;
		const heard = this.#heard;
		const sign = await this.#ask();
		this.#asking = false;
		const isStillSilent = this.#heard === heard;
		this.#heard = performance.now();
		const areDead = sign !== "busy" && isStillSilent && !this.#isDown;
		this.#isDown = sign === "silent" && (this.#isDown || isStillSilent);
		if (areDead) for (const renew of this.#renewals) renew();
		if (this.#awaited === 0 && !this.#isDown) this.close();
	}
}
