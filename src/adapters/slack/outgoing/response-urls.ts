import { LRUCache } from "lru-cache";
import { request } from "undici";
import { CALL_TIMEOUT } from "../transport/web.ts";
import { neverLeft } from "./faults.ts";

/**
 * The result of an answer. `gone`: use another method. `uncertain`: it may have arrived. `refused`: Slack refuses this
 * content, whatever the method.
 */
export type Sent = "sent" | "gone" | "uncertain" | "refused";

/** A refusal may have a success status, as in the Web API. */
const REFUSAL = /^\{"ok":\s*false/;

/** How many addresses have their uses counted. Each belongs to one interaction, so more than are in use at a time. */
const MAX_COUNTED = 2_000;

/** Addresses that Slack sends with an interaction, each usable a few times. */
export class ResponseUrls {
	readonly #origin: string | null;
	readonly #uses = new LRUCache<string, number>({ max: MAX_COUNTED });

	/** @param apiUrl the configured Slack, if it is not slack.com: then only its addresses are used */
	constructor(apiUrl: string | undefined) {
		this.#origin = apiUrl === undefined ? null : new URL(apiUrl).origin;
	}

	/** How often this process has used an address. */
	uses(url: string): number {
		return this.#uses.get(url) ?? 0;
	}

	async send(url: string, body: Readonly<Record<string, unknown>>): Promise<Sent> {
		if (!this.#isSlack(url)) return "gone";
		this.#uses.set(url, this.uses(url) + 1);
		try {
			return await this.#post(url, body);
		} catch (error) {
			// Try once more if the request never left.
			return neverLeft(error) ? await this.#post(url, body).catch(() => "gone" as const) : "uncertain";
		}
	}

	async #post(url: string, body: Readonly<Record<string, unknown>>): Promise<Sent> {
		// Not `fetch`: its streams took 7 % of the CPU of a bot under load.
		const { statusCode, body: answer } = await request(url, {
			method: "POST",
			headers: { "content-type": "application/json; charset=utf-8" },
			body: JSON.stringify(body),
			signal: AbortSignal.timeout(CALL_TIMEOUT),
		});
		const text = await answer.text();
		if (statusCode >= 200 && statusCode < 300 && !REFUSAL.test(text)) return "sent";
		// Redirects are not followed: they could lead anywhere.
		if (statusCode >= 500 || (statusCode >= 300 && statusCode < 400)) return "uncertain";
		return /invalid_blocks|invalid_arguments|too_long/.test(text) ? "refused" : "gone";
	}

	#isSlack(url: string): boolean {
		const address = new URL(url);
		if (this.#origin !== null) return address.origin === this.#origin;
		return address.protocol === "https:" && /(^|\.)slack(-gov)?\.com$/.test(address.hostname);
	}
}
