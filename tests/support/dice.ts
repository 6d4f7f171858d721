/** Decides which questions are drawn in a test that does not ask for one. Every seed has to do. */
export const TEST_SEED = Number(process.env.NLPQ_TEST_SEED ?? 1);

/** Reproducible chance: the same seed gives the same throws. */
export class Dice {
	#state: number;

	constructor(seed: number) {
		this.#state = seed >>> 0;
	}

	/** Uniform in [0, 1). */
	readonly next = (): number => {
		// A linear congruential generator whose low bits are mixed into the high ones.
		this.#state = (Math.imul(this.#state, 1_664_525) + 1_013_904_223) >>> 0;
		const mixed = Math.imul(this.#state ^ (this.#state >>> 15), 0x2c1b3c6d) >>> 0;
		return ((mixed ^ (mixed >>> 13)) >>> 0) / 2 ** 32;
	};

	/** A whole number from `least` to `most`, inclusive. */
	between(least: number, most: number): number {
		return least + Math.floor(this.next() * (most - least + 1));
	}

	chance(share: number): boolean {
		return this.next() < share;
	}

	pick<T>(choices: readonly T[]): T {
		const choice = choices[Math.floor(this.next() * choices.length)];
		if (choice === undefined) throw new RangeError("nothing to pick from");
		return choice;
	}

	/** The same things in another order. */
	shuffled<T>(things: readonly T[]): T[] {
		return things
			.map((thing) => ({ thing, place: this.next() }))
			.sort((a, b) => a.place - b.place)
			.map(({ thing }) => thing);
	}
}

/** Draws that are the same in every run. */
export function testRandom(): () => number {
	return new Dice(TEST_SEED).next;
}
