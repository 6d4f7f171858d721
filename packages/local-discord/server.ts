import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import type { StoredFile } from "./entities.ts";
import { ApiFailure, failures, InvalidBody, invalidFormBody, type Problem } from "./failures.ts";
import type { Fault, Faults } from "./faults.ts";
import { type ApiRequest, type ReadBody, readBody, send } from "./http.ts";
import { type RateLimits, rateLimitedBody, type Verdict } from "./rate-limits.ts";
import { type Answer, type Match, matchRoute, type Route, type Services } from "./routes.ts";
import { generalRoutes } from "./routes-general.ts";
import { interactionRoutes } from "./routes-interactions.ts";
import { messageRoutes } from "./routes-messages.ts";

const PREFIX = "/api/v10";
const ROUTES: readonly Route[] = [...generalRoutes, ...messageRoutes, ...interactionRoutes];
/** Responses that count towards Discord's ban of an address. */
const COUNTED_AS_INVALID = [401, 403, 429];

/** Something that the bot must not send. */
export interface Violation {
	/** "METHOD /template". */
	readonly route: string;
	/** The path within the body, joined by dots. */
	readonly path: string;
	readonly message: string;
}

/** A request as it arrived. `status` is the response's; undefined while it hangs, or if it was cut off. */
export interface LoggedRequest {
	readonly method: string;
	readonly route: string;
	readonly path: string;
	/** Milliseconds since 1970 by the server's clock. */
	readonly at: number;
	readonly body: unknown;
	status: number | undefined;
}

interface Parts {
	readonly token: string;
	readonly services: Services;
	readonly faults: Faults;
	/** Missing for no limits. */
	readonly limits: RateLimits | undefined;
}

interface Exchange {
	readonly incoming: IncomingMessage;
	readonly response: ServerResponse;
	readonly request: ApiRequest;
	readonly match: Match | undefined;
	readonly read: ReadBody;
	readonly logged: LoggedRequest;
}

/** Handles every REST request: first faults, then limits, then the route. */
export class ApiServer {
	readonly requests: LoggedRequest[] = [];
	readonly violations: Violation[] = [];
	/** Responses of 401, 403 and 429. Discord bans an address after 10,000 in ten minutes. */
	invalidRequests = 0;
	readonly #parts: Parts;

	constructor(parts: Parts) {
		this.#parts = parts;
	}

	async handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
		const exchange = await this.#read(incoming, response);
		this.requests.push(exchange.logged);
		const fault = this.#parts.faults.take(exchange.request);
		if (fault && (await this.#suffer(fault, exchange))) return;
		const file = this.#fileOf(exchange.request);
		if (file) {
			exchange.logged.status = 200;
			response.writeHead(200, { "content-type": file.contentType }).end(file.bytes);
			return;
		}
		const verdict = this.#limit(exchange);
		if (verdict?.retryAfter !== undefined) {
			const body = rateLimitedBody(verdict.retryAfter, verdict.global ?? false);
			this.#answer(exchange, { status: 429, body }, verdict.headers);
			return;
		}
		const answer = this.#carryOut(exchange);
		if (fault?.kind === "commit-then-drop") incoming.socket.resetAndDestroy();
		else if (fault?.kind === "commit-then-status")
			this.#answer(exchange, { status: fault.status, body: { message: "fault", code: 0 } });
		else this.#answer(exchange, answer, verdict?.headers);
	}

	async #read(incoming: IncomingMessage, response: ServerResponse): Promise<Exchange> {
		const url = new URL(incoming.url ?? "/", "http://discord");
		const method = incoming.method ?? "GET";
		const at = this.#parts.services.world.clock.now();
		const inside = url.pathname.startsWith(`${PREFIX}/`);
		const path = inside ? url.pathname.slice(PREFIX.length) : url.pathname;
		const match = inside ? matchRoute(ROUTES, method, path) : undefined;
		const route = `${method} ${match?.route.template ?? path}`;
		const read = await readBody(incoming);
		const { body, files } = read;
		const request = { method, path, route, params: match?.params ?? {}, query: url.searchParams, body, files, at };
		return { incoming, response, request, match, read, logged: { method, route, path, at, body, status: undefined } };
	}

	/** True if the fault has ended the exchange. */
	async #suffer(fault: Fault, exchange: Exchange): Promise<boolean> {
		if (fault.kind === "slow") await wait(fault.milliseconds);
		if (["slow", "commit-then-drop", "commit-then-status", "hang"].includes(fault.kind)) return fault.kind === "hang";
		if (fault.kind === "reset") exchange.incoming.socket.resetAndDestroy();
		if (fault.kind === "status") {
			const body = { message: `${fault.status}: fault`, code: 0 };
			this.#answer(exchange, { status: fault.status, body });
		}
		if (fault.kind === "rate-limit") {
			const scope = {
				"retry-after": Math.ceil(fault.seconds),
				"x-ratelimit-scope": fault.global ? "global" : "shared",
			};
			const headers = fault.global ? { ...scope, "x-ratelimit-global": "true" } : scope;
			this.#answer(exchange, { status: 429, body: rateLimitedBody(fault.seconds, fault.global ?? false) }, headers);
		}
		return true;
	}

	/** A file that a user attached, which Discord serves from its CDN. */
	#fileOf({ method, path }: ApiRequest): StoredFile | undefined {
		const [, id = ""] = (method === "GET" && /^\/attachments\/\d+\/(\d+)\/[^/]+$/.exec(path)) || [];
		return this.#parts.services.world.uploads.get(id);
	}

	#limit({ match, request }: Exchange): Verdict | undefined {
		if (!match) return undefined;
		const { channel, guild, application, token, interaction } = request.params;
		const major = interaction ?? channel ?? guild ?? `${application ?? ""}:${token ?? ""}`;
		return this.#parts.limits?.take(request.route, major, match.route.needsToken);
	}

	#carryOut(exchange: Exchange): Answer {
		try {
			return this.#dispatch(exchange);
		} catch (error) {
			if (error instanceof ApiFailure) {
				return { status: error.status, body: { message: error.message, code: error.code } };
			}
			if (!(error instanceof InvalidBody)) throw error;
			this.#note(exchange.request.route, error.problems);
			return { status: 400, body: invalidFormBody(error.problems) };
		}
	}

	#dispatch({ incoming, request, match, read }: Exchange): Answer {
		if (!match) {
			this.#note(request.route, [{ path: [], message: "there is no such route" }]);
			throw failures.notFound();
		}
		const { authorization, "user-agent": agent } = incoming.headers;
		if (match.route.needsToken && authorization !== `Bot ${this.#parts.token}`) throw failures.unauthorized();
		if (!agent?.startsWith("DiscordBot (")) throw new InvalidBody([{ path: [], message: "no DiscordBot user agent" }]);
		if (read.fault) throw new InvalidBody([{ path: [], message: read.fault }]);
		return match.route.handle(request, this.#parts.services);
	}

	#note(route: string, problems: readonly Problem[]): void {
		this.violations.push(...problems.map(({ path, message }) => ({ route, path: path.join("."), message })));
	}

	#answer({ response, logged }: Exchange, { status, body }: Answer, headers: object = {}): void {
		logged.status = status;
		if (COUNTED_AS_INVALID.includes(status)) this.invalidRequests += 1;
		send(response, status, body, headers);
	}
}
