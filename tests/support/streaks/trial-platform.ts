import type { Card } from "../../../src/chat/card.ts";
import { DeliveryFault, type Destination, type Platform, type Posted } from "../../../src/chat/platform.ts";
import type { Dice } from "../dice.ts";

/** A platform without a network that sometimes refuses, and sometimes leaves it open whether a message arrived. */
export class TrialPlatform implements Platform {
	readonly name = "trial";
	readonly #dice: Dice;
	readonly #arrived = new Map<string, Posted>();

	constructor(dice: Dice) {
		this.#dice = dice;
	}

	async post(_to: Destination, _card: Card, key: string): Promise<Posted> {
		const posted = { messageId: `m${this.#arrived.size}`, threadId: null };
		const chance = this.#dice.next();
		if (chance < 0.03) throw new DeliveryFault("not-sent", "busy", "It is retried.");
		if (chance < 0.94 || chance > 0.97) this.#arrived.set(key, posted);
		if (chance > 0.94) throw new DeliveryFault("uncertain", "no answer", "It is looked up.");
		return posted;
	}

	async lookUp(_to: Destination, key: string): Promise<Posted | "absent" | "cannot-tell"> {
		const chance = this.#dice.next();
		if (chance < 0.1) throw new DeliveryFault("not-sent", "busy", "It is retried.");
		return chance < 0.4 ? "cannot-tell" : (this.#arrived.get(key) ?? "absent");
	}

	async edit(): Promise<void> {}

	async check() {
		return [];
	}
}
