import { setMaxListeners } from "node:events";
import { type Logger as BoltLogger, webApi } from "@slack/bolt";
import { LRUCache } from "lru-cache";
import { DeliveryFault, LOOKED_UP, RETRIED_IN_TIME } from "../../../chat/platform.ts";
import { download, fileAddresses } from "../../download.ts";
import type { Access, TokenStore } from "../install/token-store.ts";
import { isTokenRefusal, NotInstalled, refusalOf } from "../outgoing/faults.ts";

/** How long a call may take, in milliseconds. */
export const CALL_TIMEOUT = 8_000;
/** How many calls for one workspace may run at a time. */
const CONCURRENCY = 20;
/** How many of Slack's rate limits are remembered. */
const MAX_CLOSED = 10_000;
/** Methods that Slack limits per channel: waiting in one channel delays no other. */
const BY_CHANNEL = ["chat.postMessage", "chat.postEphemeral", "chat.update"];
/** How many workspaces' clients are kept. */
const MAX_CLIENTS = 2_000;
/** Where Slack stores members' files. */
const FILE_HOSTS = ["files.slack.com"];

export type Arguments = Readonly<Record<string, unknown>>;

const waiting = (milliseconds: number) =>
	new DeliveryFault("not-sent", "Slack asks to wait", RETRIED_IN_TIME, Math.ceil(milliseconds));

/** Options of every client: a single try, a deadline, and no address but the configured one. */
export function clientOptions(apiUrl: string | undefined, logger: BoltLogger): webApi.WebClientOptions {
	return {
		...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl.endsWith("/") ? apiUrl : `${apiUrl}/` }),
		logger,
		retryConfig: { retries: 0 },
		timeout: CALL_TIMEOUT,
		rejectRateLimitedCalls: true,
		allowAbsoluteUrls: false,
		maxRequestConcurrency: CONCURRENCY,
	};
}

/** Rejects when the signal ends, even if the work does not. */
function within<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
	if (!signal) return work;
	return new Promise((resolve, reject) => {
		const ended = () => reject(new DeliveryFault("uncertain", "Slack did not answer in time", LOOKED_UP));
		if (signal.aborted) ended();
		// All deliveries of a minute share one signal, and more than ten of its listeners would be called a leak.
		setMaxListeners(0, signal);
		signal.addEventListener("abort", ended, { once: true });
		work.then(resolve, reject).finally(() => signal.removeEventListener("abort", ended));
	});
}

/** Slack's Web API for many workspaces. Each has its own client and queue, so that a busy one delays no other. */
export class SlackWeb {
	readonly #tokens: TokenStore;
	readonly #options: webApi.WebClientOptions;
	readonly #clients = new LRUCache<string, webApi.WebClient>({ max: MAX_CLIENTS });
	/** When Slack accepts calls again, on the monotonic clock, by workspace, method and, for messages, channel. */
	readonly #closedUntil = new LRUCache<string, number>({ max: MAX_CLOSED });
	/** The scopes of each workspace's token, as in Slack's latest response. */
	readonly #scopes = new LRUCache<string, readonly string[]>({ max: MAX_CLIENTS });
	readonly #isSlacks: (url: URL) => boolean;
	#tokenIsRefused = false;

	constructor(tokens: TokenStore, options: webApi.WebClientOptions) {
		this.#tokens = tokens;
		this.#options = options;
		this.#isSlacks = fileAddresses(options.slackApiUrl, FILE_HOSTS);
	}

	/** Whether Slack refused the settings' token when it was last used. */
	get tokenIsRefused(): boolean {
		return this.#tokenIsRefused;
	}

	/** @throws DeliveryFault if the app is not installed there, or its token is not available now */
	async access(workspaceId: string, enterpriseId?: string | null): Promise<Access> {
		const access = await this.#tokens.of(workspaceId, enterpriseId);
		if (access) return access;
		throw new NotInstalled();
	}

	/**
	 * Calls a method once; a second time only with a new token, if Slack says that the old one has expired.
	 * @throws the client's errors, or DeliveryFault while Slack asks this workspace to wait
	 */
	async call(workspaceId: string, method: string, args: Arguments, signal?: AbortSignal): Promise<unknown> {
		const access = await within(this.access(workspaceId), signal);
		try {
			return await this.#once(workspaceId, access, method, args, signal);
		} catch (error) {
			if (refusalOf(error) !== "token_expired") throw error;
			await within(this.#tokens.expired(workspaceId, access.token), signal);
			const renewed = await within(this.access(workspaceId), signal);
			if (renewed.token === access.token) throw error;
			return this.#once(workspaceId, renewed, method, args, signal);
		}
	}

	async #once(
		workspaceId: string,
		access: Access,
		method: string,
		args: Arguments,
		signal: AbortSignal | undefined,
	): Promise<unknown> {
		const gate = `${workspaceId} ${method}${BY_CHANNEL.includes(method) ? ` ${String(args.channel)}` : ""}`;
		const closedFor = (this.#closedUntil.get(gate) ?? 0) - performance.now();
		if (closedFor > 0) throw waiting(closedFor);
		this.#closedUntil.delete(gate);
		const team = access.teamId === null ? {} : { team_id: access.teamId };
		try {
			const result = await within(this.#client(access.token).apiCall(method, { ...args, ...team }), signal);
			if (access.ofSettings) this.#tokenIsRefused = false;
			const { scopes } = result.response_metadata ?? {};
			if (scopes) this.#scopes.set(workspaceId, scopes);
			return result;
		} catch (error) {
			const code = refusalOf(error);
			if (access.ofSettings && isTokenRefusal(code)) {
				this.#tokenIsRefused = true;
				throw new DeliveryFault(
					"not-sent",
					`Slack refuses the bot's token (${code})`,
					"The operator has to set a new SLACK_BOT_TOKEN.",
				);
			}
			if (error instanceof webApi.WebAPIRateLimitedError)
				this.#closedUntil.set(gate, performance.now() + Math.max(1, error.retryAfter) * 1000);
			throw error;
		}
	}

	#client(token: string): webApi.WebClient {
		const known = this.#clients.get(token);
		if (known) return known;
		const client = new webApi.WebClient(token, this.#options);
		this.#clients.set(token, client);
		return client;
	}

	/** Whether a workspace has granted a scope. @throws as `call` does */
	async grants(workspaceId: string, scope: string): Promise<boolean> {
		if (!this.#scopes.has(workspaceId)) await this.call(workspaceId, "auth.test", {});
		return this.#scopes.get(workspaceId)?.includes(scope) ?? false;
	}

	/** Downloads a file, only from Slack's own host, since the token is sent. @throws Error when that fails */
	async file(workspaceId: string, address: string): Promise<Uint8Array> {
		const url = new URL(address);
		if (!this.#isSlacks(url)) throw new Error("the file is not kept by Slack");
		const { token } = await this.access(workspaceId);
		return download(url, { authorization: `Bearer ${token}` });
	}

	/** Sends bytes to an upload address that Slack gave. */
	async upload(url: string, bytes: Buffer, signal: AbortSignal): Promise<void> {
		const response = await fetch(url, { method: "POST", body: new Uint8Array(bytes), redirect: "error", signal });
		await response.arrayBuffer();
		if (!response.ok) throw new Error(`the upload was answered with ${response.status}`);
	}
}
