import type { Card } from "../../src/chat/card.ts";
import { DeliveryFault, type Destination, type Finding, type Platform, type Posted } from "../../src/chat/platform.ts";

/** What happens to a send that does not simply arrive. */
export type Mishap =
	/** It arrives, but the answer to it is lost. */
	| { readonly type: "answer-lost" }
	/** It is lost on the way, and nobody is told. */
	| { readonly type: "lost" }
	/** The platform refuses it. */
	| { readonly type: "fault"; readonly fault: DeliveryFault };

export const busy = (retryAfter: number | null = null): Mishap => ({
	type: "fault",
	fault: new DeliveryFault("not-sent", "the platform is busy", "It is retried.", retryAfter),
});

export const goneMishap: Mishap = {
	type: "fault",
	fault: new DeliveryFault("permanent", "the channel is gone", "Name another channel."),
};

const NO_ANSWER = new DeliveryFault("uncertain", "no answer from the platform", "It is looked up.");

export interface RecordedPost {
	readonly to: Destination;
	readonly card: Card;
	readonly key: string;
	readonly messageId: string;
}

/** A platform that records what arrives, and fails as told. */
export class RecordingPlatform implements Platform {
	readonly name = "local";
	/** What arrived, in order. */
	readonly posts: RecordedPost[] = [];
	readonly edits: { readonly messageId: string; readonly card: Card }[] = [];
	/** The keys of all sends, arrived or not, and of all look-ups. */
	readonly sends: string[] = [];
	readonly lookUps: string[] = [];
	/** Mishaps of the next sends, by key prefix; a send without one arrives. */
	readonly mishaps: { readonly key: string; readonly mishap: Mishap }[] = [];
	/** Whether it can say what has arrived. */
	canTell = true;

	async post(to: Destination, card: Card, key: string): Promise<Posted> {
		this.sends.push(key);
		const index = this.mishaps.findIndex((entry) => key.startsWith(entry.key));
		const mishap = index < 0 ? null : (this.mishaps.splice(index, 1)[0]?.mishap ?? null);
		if (mishap?.type === "fault") throw mishap.fault;
		if (mishap?.type === "lost") throw NO_ANSWER;
		const messageId = `message ${this.posts.length + 1}`;
		this.posts.push({ to, card, key, messageId });
		if (mishap) throw NO_ANSWER;
		return { messageId, threadId: null };
	}

	async lookUp(_to: Destination, key: string): Promise<Posted | "absent" | "cannot-tell"> {
		this.lookUps.push(key);
		if (!this.canTell) return "cannot-tell";
		const found = this.posts.find((post) => post.key === key);
		return found ? { messageId: found.messageId, threadId: null } : "absent";
	}

	async edit(_to: Destination, messageId: string, card: Card): Promise<void> {
		this.edits.push({ messageId, card });
	}

	async check(): Promise<readonly Finding[]> {
		return [];
	}

	/** What arrived in places of a type, such as `channel` or `thread`. */
	at(type: Destination["type"]): RecordedPost[] {
		return this.posts.filter((post) => post.to.type === type);
	}
}
