import { LRUCache } from "lru-cache";
import { CALL_TIMEOUT } from "../transport/web.ts";
import { neverLeft } from "./faults.ts";

/**
 * What became of an answer. `gone`: another way has to be taken. `uncertain`: it may have arrived. `refused`: this content
 * is refused, whatever the way.
 */
export type Sent = "sent" | "gone" | "uncertain" | "refused";

/** A refusal may come as a success, as those of methods do. */
const REFUSAL = /^\{"ok":\s*false/;

/** Addresses whose uses are counted: more than are in use at a time, as each belongs to one interaction. */
const MOST_COUNTED = 2_000;

/** Addresses that Slack gives with an interaction, each good for a few answers. */
export class ResponseUrls {
	readonly #origin: string | null;
	readonly #uses = new LRUCache<string, number>({ max: MOST_COUNTED });

	/** @param apiUrl of a Slack that is not Slack's own, whose addresses are then the only ones served */
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
			// One more try where nothing arrived.
			return neverLeft(error) ? await this.#post(url, body).catch(() => "gone" as const) : "uncertain";
		}
	}

	async #post(url: string, body: Readonly<Record<string, unknown>>): Promise<Sent> {
		const response = await fetch(url, {
			method: "POST",
			headers: { "content-type": "application/json; charset=utf-8" },
			body: JSON.stringify(body),
			redirect: "error",
			signal: AbortSignal.timeout(CALL_TIMEOUT),
		});
		const text = await response.text();
		if (response.ok && !REFUSAL.test(text)) return "sent";
		if (response.status >= 500) return "uncertain";
		return /invalid_blocks|invalid_arguments|too_long/.test(text) ? "refused" : "gone";
	}

	#isSlack(url: string): boolean {
		const address = new URL(url);
		if (this.#origin !== null) return address.origin === this.#origin;
		return address.protocol === "https:" && /(^|\.)slack(-gov)?\.com$/.test(address.hostname);
	}
}
