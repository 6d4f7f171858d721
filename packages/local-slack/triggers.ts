import { randomBytes } from "node:crypto";
import type { PeerClock } from "./clock.ts";
import type { Delivery } from "./delivery.ts";
import { ApiError } from "./errors.ts";
import type { Message } from "./world.ts";

const TRIGGER_LIFE_MS = 3000;
const RESPONSE_URL_LIFE_MS = 30 * 60_000;
const RESPONSE_URL_USES = 5;

/** What a trigger_id refers to. */
export interface Trigger {
	team: string;
	user: string;
	/** The view that the interaction came from, on which views.push may put another. */
	view: string | undefined;
	delivery: Delivery;
}

/** What a response_url refers to. */
export interface ResponseUrl {
	team: string;
	channel: string;
	user: string;
	/** The message whose control was used, for replace_original and delete_original. */
	original: Message | undefined;
	delivery: Delivery;
}

/** A trigger_id lives 3 seconds and has one use; a response_url lives 30 minutes and has five uses. */
export class Handles {
	private readonly clock: PeerClock;
	private readonly triggerLife: number;
	private readonly triggers = new Map<string, { trigger: Trigger; at: number; used: boolean }>();
	private readonly urls = new Map<string, { target: ResponseUrl; at: number; uses: number }>();
	private counter = 1000;

	/** @param triggerLife for how many milliseconds a trigger_id can be used */
	constructor(clock: PeerClock, triggerLife = TRIGGER_LIFE_MS) {
		this.clock = clock;
		this.triggerLife = triggerLife;
	}

	newTrigger(trigger: Trigger): string {
		this.counter += 1;
		const id = `${this.counter}.${this.clock.now()}.${randomBytes(8).toString("hex")}`;
		this.triggers.set(id, { trigger, at: this.clock.now(), used: false });
		return id;
	}

	/** @throws ApiError invalid_trigger_id, expired_trigger_id, exchanged_trigger_id. */
	spendTrigger(id: string, mayUse: (trigger: Trigger) => boolean): Trigger {
		const entry = this.triggers.get(id);
		if (entry === undefined || !mayUse(entry.trigger)) throw new ApiError("invalid_trigger_id");
		if (entry.used) throw new ApiError("exchanged_trigger_id");
		if (this.clock.now() - entry.at > this.triggerLife) throw new ApiError("expired_trigger_id");
		entry.used = true;
		return entry.trigger;
	}

	/** The path of a new response_url. */
	newResponseUrl(target: ResponseUrl): string {
		const path = `/response/${target.team}/${randomBytes(12).toString("hex")}`;
		this.urls.set(path, { target, at: this.clock.now(), uses: 0 });
		return path;
	}

	/** @throws ApiError used_url or expired_url, both of which Slack answers with HTTP 404. */
	useResponseUrl(path: string): ResponseUrl {
		const entry = this.urls.get(path);
		if (entry === undefined || this.clock.now() - entry.at > RESPONSE_URL_LIFE_MS) throw new ApiError("expired_url");
		if (entry.uses >= RESPONSE_URL_USES) throw new ApiError("used_url");
		entry.uses += 1;
		return entry.target;
	}
}
