const DISCORD_EPOCH = 1_420_070_400_000;
const SEQUENCE_BITS = 22n;

/** The server's clock: `now` in milliseconds since 1970. A test moves it with `advance`. */
export interface ServerClock {
	now(): number;
	advance(milliseconds: number): void;
}

/** A clock that adds everything advanced to `source` (milliseconds since 1970). */
export function createClock(source: () => number = Date.now): ServerClock {
	let offset = 0;
	return {
		now: () => source() + offset,
		advance(milliseconds) {
			offset += milliseconds;
		},
	};
}

/** Makes Discord's ids: the upper bits are milliseconds since 2015. Ids rise even while the clock does not move. */
export class Snowflakes {
	readonly #clock: ServerClock;
	#last = 0n;

	constructor(clock: ServerClock) {
		this.#clock = clock;
	}

	next(): string {
		const fromClock = BigInt(Math.floor(this.#clock.now()) - DISCORD_EPOCH) << SEQUENCE_BITS;
		this.#last = fromClock > this.#last ? fromClock : this.#last + 1n;
		return this.#last.toString();
	}

	/** An id that Discord routes to `shard` of `shards`. */
	nextForShard(shard: number, shards: number): string {
		this.next();
		while (shardOf(this.#last.toString(), shards) !== shard) this.#last += 1n << SEQUENCE_BITS;
		return this.#last.toString();
	}
}

/** The shard that receives a guild's events. */
export function shardOf(guildId: string, shards: number): number {
	return Number((BigInt(guildId) >> SEQUENCE_BITS) % BigInt(shards));
}
