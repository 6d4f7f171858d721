import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { z } from "zod";

/** A message as the platform stores it: the truth, even if its sender was told that it failed. */
export interface Message {
	readonly id: number;
	readonly channel: string;
	readonly key: string;
	/** When it was committed, by the shared clock. */
	readonly at: Date;
	/** The same by the monotonic clock, in milliseconds. */
	readonly steady: number;
}

/** What the platform does with one request. */
export type PlatformBehaviour =
	| { readonly type: "answer" }
	/** The request is carried out or not, and then something goes wrong. */
	| { readonly type: "fail" | "drop" | "hang"; readonly commit: boolean }
	| { readonly type: "late"; readonly after: number }
	| { readonly type: "limit"; readonly retryAfter: number };

export interface LocalPlatformParts {
	readonly now: () => Date;
	/** Decides what happens to each request; by default each is answered. */
	readonly behaviour?: (method: string) => PlatformBehaviour;
	/** Whether messages can be looked up by their key. */
	readonly lookUp?: boolean;
	/** The platform ignores a request that is older than this many milliseconds; by default it ignores none. */
	readonly maxAge?: number;
	/** Most posts accepted within a second; more are refused with Retry-After. */
	readonly perSecond?: number;
}

/** The header that says when a request left, in milliseconds since 1970 by the machine's clock. */
export const SENT_AT = "sent-at";
/** The reply to a request that the platform ignores. */
const GATEWAY_TIMEOUT = { status: 504, body: {} };
const postSchema = z.object({ channel: z.string(), key: z.string(), text: z.string() });

async function bodyOf(request: IncomingMessage): Promise<string> {
	let text = "";
	for await (const chunk of request) text += String(chunk);
	return text;
}

/**
 * A chat platform on loopback. It does not deduplicate: two requests with one key make two messages. It misbehaves
 * exactly as told, and counts what has really arrived.
 */
export class LocalPlatform {
	readonly messages: Message[] = [];
	/** Requests refused because the second's bucket was full. */
	refused = 0;
	readonly #parts: LocalPlatformParts;
	readonly #server: Server;
	readonly #byKey = new Map<string, Message>();
	#bucket = { second: -1, used: 0 };

	constructor(parts: LocalPlatformParts) {
		this.#parts = parts;
		this.#server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
			this.#handle(request, response).catch(() => response.destroy());
		});
	}

	/** @returns its address */
	async start(): Promise<string> {
		await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
		const address = this.#server.address();
		if (typeof address !== "object" || !address) throw new Error("no address");
		return `http://127.0.0.1:${address.port}`;
	}

	async stop(): Promise<void> {
		this.#server.closeAllConnections();
		await new Promise((resolve) => this.#server.close(resolve));
	}

	async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const body = await bodyOf(request);
		if (request.method === "POST" && this.#isOverLimit(response)) return;
		const act = () => (this.#isStale(request) ? GATEWAY_TIMEOUT : this.#act(request, body));
		const behaviour = this.#parts.behaviour?.(request.method ?? "") ?? { type: "answer" };
		switch (behaviour.type) {
			case "answer":
				return this.#answer(response, act());
			case "late":
				// Carried out only now, even if the sender no longer waits.
				setTimeout(() => this.#answer(response, act()), behaviour.after);
				return;
			case "limit":
				response.writeHead(429, { "Retry-After": String(behaviour.retryAfter) }).end();
				return;
			case "fail":
				if (behaviour.commit) act();
				response.writeHead(500).end();
				return;
			case "drop":
				if (behaviour.commit) act();
				response.destroy();
				return;
			case "hang":
				if (behaviour.commit) act();
				return;
		}
	}

	/** On a busy machine a request may arrive later than the platform may still act on it. */
	#isStale({ headers }: IncomingMessage): boolean {
		return Date.now() - Number(headers[SENT_AT]) > (this.#parts.maxAge ?? Number.POSITIVE_INFINITY);
	}

	/** Whether the bucket of the current second, on the monotonic clock, is full. */
	#isOverLimit(response: ServerResponse): boolean {
		const { perSecond } = this.#parts;
		if (perSecond === undefined) return false;
		const now = performance.now();
		const second = Math.floor(now / 1000);
		if (second !== this.#bucket.second) this.#bucket = { second, used: 0 };
		this.#bucket.used += 1;
		if (this.#bucket.used <= perSecond) return false;
		this.refused += 1;
		response.writeHead(429, { "Retry-After": String((1000 - (now % 1000)) / 1000) }).end();
		return true;
	}

	#act(request: IncomingMessage, body: string): { status: number; body: unknown } {
		if (request.method === "GET") {
			if (this.#parts.lookUp === false) return { status: 403, body: {} };
			const key = new URL(request.url ?? "/", "http://local").searchParams.get("key") ?? "";
			const found = this.#byKey.get(key);
			return found ? { status: 200, body: { id: found.id } } : { status: 404, body: {} };
		}
		if (request.method !== "POST") return { status: 200, body: {} };
		const { channel, key } = postSchema.parse(JSON.parse(body));
		const message = {
			id: this.messages.length + 1,
			channel,
			key,
			at: this.#parts.now(),
			steady: performance.now(),
		};
		this.messages.push(message);
		this.#byKey.set(key, message);
		return { status: 200, body: { id: message.id } };
	}

	#answer(response: ServerResponse, { status, body }: { status: number; body: unknown }): void {
		if (response.destroyed) return;
		response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
	}
}
