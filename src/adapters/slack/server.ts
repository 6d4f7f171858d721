import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { HTTPReceiver } from "@slack/bolt";
import type { Logger } from "pino";
import { BODY } from "./limits.ts";
import { isSigned, SeenRequests } from "./signatures.ts";

export const EVENTS_PATH = "/slack/events";
export const INSTALL_PATH = "/slack/install";
export const REDIRECT_PATH = "/slack/oauth_redirect";

/** The whole body, or null when it is longer than allowed: what lies beyond is not read. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
	const chunks: Buffer[] = [];
	let length = 0;
	for await (const chunk of request) {
		const bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
		length += bytes.length;
		if (length > BODY) return null;
		chunks.push(bytes);
	}
	return Buffer.concat(chunks);
}

function answer(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
	response.writeHead(status, headers);
	response.end();
}

const header = (request: IncomingMessage, name: string): string => {
	const value = request.headers[name];
	return typeof value === "string" ? value : "";
};

/** The door of the HTTP way: only what Slack signed just now, and never twice, reaches Bolt. */
export class Door {
	readonly #receiver: HTTPReceiver;
	readonly #secret: string;
	readonly #log: Logger;
	readonly #seen = new SeenRequests();
	readonly server: Server;

	constructor(receiver: HTTPReceiver, secret: string, log: Logger) {
		this.#receiver = receiver;
		this.#secret = secret;
		this.#log = log;
		this.server = createServer({ headersTimeout: 5_000, requestTimeout: 10_000 }, (request, response) => {
			this.#route(request, response).catch(() => response.destroy());
		});
	}

	async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const { pathname } = new URL(request.url ?? "/", "http://localhost");
		if (request.method === "POST" && pathname === EVENTS_PATH) return this.#admit(request, response);
		if (request.method === "GET" && (pathname === INSTALL_PATH || pathname === REDIRECT_PATH))
			return void this.#receiver.requestListener(request, response);
		if (request.method === "GET" && pathname === "/") return answer(response, 302, { location: INSTALL_PATH });
		answer(response, 404);
	}

	async #admit(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const body = await readBody(request);
		// The rest of what is too long is not waited for.
		if (body === null) return answer(response, 413, { connection: "close" });
		const signature = header(request, "x-slack-signature");
		const now = Date.now();
		if (!isSigned(this.#secret, header(request, "x-slack-request-timestamp"), signature, body, now)) {
			this.#log.warn("a request without Slack's signature was refused");
			return answer(response, 401);
		}
		if (!this.#seen.isFirst(signature, now)) {
			this.#log.warn("a request that was already taken was refused");
			return answer(response, 401);
		}
		this.#receiver.requestListener(Object.assign(request, { rawBody: body }), response);
	}
}
