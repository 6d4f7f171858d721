import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { InstallURLOptions, StateStore } from "@slack/bolt";
import { MINUTE } from "../../../core/durations.ts";
import type { CoordinationStore } from "../../../core/ports/coordination.ts";

/** How long an installation may take, in milliseconds. */
const LIFETIME = 10 * MINUTE;

/**
 * The `state` of an installation: signed, short-lived, and accepted once among all processes. The library compares it
 * with a cookie, which shows that it came back to the same browser.
 */
export class InstallState implements StateStore {
	readonly #secret: string;
	readonly #running: CoordinationStore;
	readonly #options: InstallURLOptions;

	constructor(secret: string, running: CoordinationStore, options: InstallURLOptions) {
		this.#secret = secret;
		this.#running = running;
		this.#options = options;
	}

	#sign(text: string): Buffer {
		return createHmac("sha256", this.#secret).update(`install:${text}`).digest();
	}

	generateStateParam = async (_options: InstallURLOptions, now: Date): Promise<string> => {
		const text = `${randomBytes(18).toString("base64url")}.${now.getTime() + LIFETIME}`;
		return `${text}.${this.#sign(text).toString("base64url")}`;
	};

	/** @throws Error for a state that is forged, expired, or used before */
	verifyStateParam = async (now: Date, state: string): Promise<InstallURLOptions> => {
		const [nonce = "", until = "", signature = ""] = state.split(".");
		const expected = this.#sign(`${nonce}.${until}`);
		const received = Buffer.from(signature, "base64url");
		if (received.length !== expected.length || !timingSafeEqual(received, expected))
			throw new Error("this state is not ours");
		if (Number(until) < now.getTime()) throw new Error("this state is too old");
		if (!(await this.#running.firstSight(`slack-state:${nonce}`, now))) throw new Error("this state was used before");
		return this.#options;
	};
}
