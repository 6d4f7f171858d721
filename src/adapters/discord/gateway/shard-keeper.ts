import type { Logger } from "pino";
import { UserError } from "../../../core/errors.ts";
import type { CoordinationStore } from "../../../core/ports/coordination.ts";
import { kindOf } from "../../log.ts";

/** How long a process holds a shard's lease, in seconds, and how often it is renewed or tried for, in milliseconds. */
const LEASE = 15;
const RENEWAL = 4_000;
/** Milliseconds before a failed connection is tried again, while the process has other shards to serve. */
const RECONNECT_PAUSE = 5_000;

/** A connection that a process holds while it holds the lease. */
export interface Held {
	readonly ready: boolean;
	open(): Promise<void>;
	close(): Promise<void>;
}

export interface KeeperParts {
	readonly running: CoordinationStore;
	/** Identifies this process. */
	readonly holder: string;
	/** False if no other process can exist; no lease is needed then. */
	readonly shared: boolean;
	readonly log: Logger;
	/** Creates a shard's connection. */
	connect(shard: number): Held;
	failed(error: UserError): void;
	readonly renewal?: number;
	readonly lease?: number;
}

/**
 * Keeps a shard's gateway connection in one process. With two, both would get every interaction, and Discord would
 * count two sessions. A process without the lease waits, and takes over when the holder has gone.
 */
export class ShardKeeper {
	readonly #parts: KeeperParts;
	readonly #shard: number;
	readonly #name: string;
	#held: Held | null = null;
	/** Whether another process held the lease when last checked. */
	#isAnothers = false;
	#timer: NodeJS.Timeout | undefined;
	#looking: Promise<void> | null = null;
	#stopped = false;

	constructor(parts: KeeperParts, shard: number, shardCount: number) {
		this.#parts = parts;
		this.#shard = shard;
		this.#name = `discord:shard:${shard}/${shardCount}`;
	}

	/** Connects, or waits to take over. Settles after the first check. @throws UserError when it cannot connect */
	async start(): Promise<void> {
		if (await this.#mayHold()) await this.#connect();
		else this.#parts.log.info({ shard: this.#shard }, "another process holds this shard: waiting to take over");
		this.#later(this.#parts.renewal ?? RENEWAL);
	}

	#later(milliseconds: number): void {
		if (this.#stopped || !this.#parts.shared) return;
		this.#timer = setTimeout(() => {
			this.#looking = this.#look().then((wait) => this.#later(wait));
		}, milliseconds);
	}

	async #mayHold(): Promise<boolean> {
		if (!this.#parts.shared) return true;
		const { running, holder, lease } = this.#parts;
		const mine = (await running.takeLease(this.#name, holder, lease ?? LEASE)) !== null;
		this.#isAnothers = !mine;
		return mine;
	}

	/** Renews the lease, takes over, or lets go. @returns the milliseconds before the next check */
	async #look(): Promise<number> {
		const renewal = this.#parts.renewal ?? RENEWAL;
		try {
			const mine = await this.#mayHold();
			if (this.#stopped) return renewal;
			if (mine && !this.#held) await this.#connect();
			if (!mine && this.#held) await this.#letGo();
			return renewal;
		} catch (error) {
			if (error instanceof UserError) this.#parts.failed(error);
			this.#parts.log.warn({ shard: this.#shard, kind: kindOf(error) }, "could not renew or take a shard's lease");
			return this.#held ? renewal : Math.max(renewal, RECONNECT_PAUSE);
		}
	}

	async #connect(): Promise<void> {
		const held = this.#parts.connect(this.#shard);
		this.#held = held;
		try {
			// Connecting may take longer than the lease lasts, so renew it meanwhile.
			const renewing = setInterval(() => void this.#mayHold().catch(() => undefined), this.#parts.renewal ?? RENEWAL);
			await held.open().finally(() => clearInterval(renewing));
			this.#parts.log.info({ shard: this.#shard }, "connected to Discord");
		} catch (error) {
			this.#held = null;
			await held.close();
			throw error;
		}
	}

	async #letGo(): Promise<void> {
		const held = this.#held;
		this.#held = null;
		this.#parts.log.warn({ shard: this.#shard }, "another process has taken over this shard");
		await held?.close();
	}

	/** Connected, or waiting while another process is connected. */
	get healthy(): boolean {
		return this.#held ? this.#held.ready : this.#isAnothers;
	}

	/** Whether this process holds the connection. */
	get holds(): boolean {
		return this.#held !== null;
	}

	/** Ends the connection and leaves the shard to the next process. */
	async stop(): Promise<void> {
		this.#stopped = true;
		clearTimeout(this.#timer);
		await this.#looking;
		await this.#held?.close();
		this.#held = null;
		if (this.#parts.shared)
			await this.#parts.running.giveUpLease(this.#name, this.#parts.holder).catch(() => undefined);
	}
}
