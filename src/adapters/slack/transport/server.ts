import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { HTTPReceiver } from "@slack/bolt";
import type { Logger } from "pino";
import { withDeadline } from "../../../chat/deadlines.ts";
import { MinuteLine } from "../../log.ts";
import { isReadableBody } from "../incoming/payloads.ts";
import { BODY } from "../outgoing/limits.ts";
import { isSigned, SeenRequests } from "./signatures.ts";

export const EVENTS_PATH = "/slack/events";
export const INSTALL_PATH = "/slack/install";
export const REDIRECT_PATH = "/slack/oauth_redirect";

/** Reads the whole body; null if it is too long, and then the rest is not read. */
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

/**
 * How long a request may take to arrive, and how often slow ones are looked for, in milliseconds. Slack's requests are
 * small and arrive at once.
 */
const TIMES = { headersTimeout: 5_000, requestTimeout: 10_000, connectionsCheckingInterval: 1_000 };
/** How long requests that are being answered may delay closing, in milliseconds. */
const CLOSE_GRACE = 3_000;

export interface SignedHttpServerParts {
	readonly receiver: HTTPReceiver;
	readonly secret: string;
	/** Whether workspaces may install the app here. */
	readonly installs: boolean;
	readonly log: Logger;
	readonly times?: typeof TIMES;
}

/** The HTTP server in front of Bolt: it lets through only what Slack signed recently, and each request once. */
export class SignedHttpServer {
	readonly #parts: SignedHttpServerParts;
	readonly #seen = new SeenRequests();
	readonly #unsigned: MinuteLine;
	readonly #repeated: MinuteLine;
	readonly #unreadable: MinuteLine;
	/** Requests passed to Bolt that are not answered yet. */
	readonly #answering = new Set<Promise<void>>();
	readonly server: Server;

	constructor(parts: SignedHttpServerParts) {
		this.#parts = parts;
		const { log } = parts;
		this.#unsigned = new MinuteLine((times) => log.warn({ times }, "refused requests without Slack's signature"));
		this.#repeated = new MinuteLine((times) => log.warn({ times }, "refused repeated requests"));
		this.#unreadable = new MinuteLine((times) => log.warn({ times }, "could not read signed requests"));
		this.server = createServer(parts.times ?? TIMES, (request, response) => {
			this.#route(request, response).catch(() => response.destroy());
		});
	}

	async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const { pathname } = new URL(request.url ?? "/", "http://localhost");
		if (request.method === "POST" && pathname === EVENTS_PATH) return this.#admit(request, response);
		if (request.method === "GET" && this.#parts.installs) {
			if (pathname === INSTALL_PATH || pathname === REDIRECT_PATH) return this.#handOver(request, response);
			if (pathname === "/") return answer(response, 302, { location: INSTALL_PATH });
		}
		answer(response, 404);
	}

	async #admit(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const body = await readBody(request);
		// Do not wait for the rest of a body that is too long.
		if (body === null) return answer(response, 413, { connection: "close" });
		const signature = header(request, "x-slack-signature");
		const now = Date.now();
		if (!isSigned(this.#parts.secret, header(request, "x-slack-request-timestamp"), signature, body, now)) {
			this.#unsigned.happened();
			return answer(response, 401);
		}
		if (!this.#seen.isFirst(signature, now)) {
			this.#repeated.happened();
			return answer(response, 401);
		}
		if (!isReadableBody(body, header(request, "content-type"))) {
			this.#unreadable.happened();
			return answer(response, 400);
		}
		this.#handOver(Object.assign(request, { rawBody: body }), response);
	}

	#handOver(request: IncomingMessage, response: ServerResponse): void {
		const answered = new Promise<void>((resolve) => response.once("close", resolve)).finally(() =>
			this.#answering.delete(answered),
		);
		this.#answering.add(answered);
		this.#parts.receiver.requestListener(request, response);
	}

	/** Accepts nothing new, finishes what is being answered, and cuts off what is still arriving. */
	async close(): Promise<void> {
		const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
		await withDeadline(Promise.all(this.#answering), CLOSE_GRACE, undefined);
		this.server.closeAllConnections();
		await closed;
	}
}
