import { type App, type Receiver, SocketModeReceiver, type webApi } from "@slack/bolt";
import type { Logger } from "pino";
import { withDeadline } from "../../../chat/deadlines.ts";
import { UserError } from "../../../core/errors.ts";
import { kindOf, MinuteLine } from "../../log.ts";
import { isReadableFrame } from "../incoming/payloads.ts";
import { isTokenRefusal, refusalOf } from "../outgoing/faults.ts";
import { boltLogger } from "./bolt-logger.ts";

/** How many sockets to hold, so that one still receives while another is renewed or dies; Slack allows ten per app. */
const LINKS = 2;
const OPEN_DEADLINE = 10_000;
const FIRST_PAUSE = 200;
const MAX_PAUSE = 15_000;

export interface SocketsParts {
	readonly appToken: string;
	readonly clientOptions: webApi.WebClientOptions;
	readonly log: Logger;
	/** A socket has replaced one that ended. */
	reconnected(): void;
	/** How long a ping's answer may take, in milliseconds. */
	readonly pingTimeout: number;
}

/** Refusals of the app for reasons other than its token, which a retry cannot fix either. */
const FATAL_ERRORS = ["missing_scope", "no_permission", "access_denied", "team_access_not_granted"];

const FRAME = "ws_message";

/**
 * Keeps frames from the library that it cannot read. Those that it fails at all the same, such as Slack's notice of a
 * rate limit, which has no event, would end the process: nobody awaits the library's reader.
 */
function guardFrames(client: SocketModeReceiver["client"], refused: () => void): void {
	const readers = client.listeners(FRAME);
	client.removeAllListeners(FRAME);
	client.on(FRAME, (data: string | ArrayBuffer, isBinary: boolean) => {
		const text = typeof data === "string" ? data : new TextDecoder().decode(data);
		if (!isReadableFrame(text)) return refused();
		for (const reader of readers) void (async () => reader(data, isBinary))().catch(refused);
	});
}

/** Socket Mode over several sockets. The library's own reconnecting gives up after some errors; this never does. */
export class Sockets implements Receiver {
	readonly #parts: SocketsParts;
	readonly #open = new Set<SocketModeReceiver>();
	readonly #closing: Promise<void>[] = [];
	#app: App | null = null;
	/** How many sockets have ended and are not replaced yet. The next one to open replaces one. */
	#lost = 0;
	readonly #unreadable: MinuteLine;
	#stopped = false;

	constructor(parts: SocketsParts) {
		this.#parts = parts;
		this.#unreadable = new MinuteLine((times) => parts.log.warn({ times }, "could not read frames of a socket"));
	}

	init(app: App): void {
		this.#app = app;
	}

	/** How many sockets are open. */
	get open(): number {
		return this.#open.size;
	}

	/** Settles when the first socket is open. @throws UserError when Slack refuses the app token */
	async start(): Promise<void> {
		try {
			this.#supervise(await this.#connect());
		} catch (error) {
			const code = refusalOf(error) ?? "";
			if (isTokenRefusal(code) || FATAL_ERRORS.includes(code))
				throw new UserError(
					`Slack refuses SLACK_APP_TOKEN (${code}).`,
					"Make an app-level token with the scope connections:write under Basic Information, App-Level Tokens, and switch Socket Mode on.",
				);
			this.#parts.log.warn({ kind: kindOf(error) }, "no socket to Slack yet; still trying");
			void this.#keep();
		}
		for (let index = 1; index < LINKS; index += 1) void this.#keep();
	}

	async stop(): Promise<void> {
		this.#stopped = true;
		for (const link of this.#open) this.#closing.push(link.stop().catch(() => undefined));
		await Promise.all(this.#closing);
	}

	/** Opens one more socket, however often it has to try. */
	async #keep(): Promise<void> {
		for (let tries = 0; !this.#stopped; tries += 1) {
			try {
				this.#supervise(await this.#connect());
				return;
			} catch (error) {
				this.#parts.log.warn({ kind: kindOf(error), code: refusalOf(error) }, "could not open a socket to Slack");
				const pause = Math.min(MAX_PAUSE, FIRST_PAUSE * 2 ** Math.min(tries, 10)) * (0.5 + Math.random());
				await new Promise((resolve) => setTimeout(resolve, pause).unref());
			}
		}
	}

	async #connect(): Promise<SocketModeReceiver> {
		const { appToken, clientOptions, log, pingTimeout } = this.#parts;
		const link = new SocketModeReceiver({
			appToken,
			logger: boltLogger(log),
			autoReconnectEnabled: false,
			clientPingTimeout: pingTimeout,
			installerOptions: { clientOptions: { ...clientOptions } },
		});
		guardFrames(link.client, () => this.#unreadable.happened());
		if (this.#app) link.init(this.#app);
		const opening = link.start();
		try {
			if ((await withDeadline(opening, OPEN_DEADLINE, "late")) === "late") throw new Error("no hello");
		} catch (error) {
			opening.catch(() => undefined);
			void link.stop().catch(() => undefined);
			throw error;
		}
		return link;
	}

	/** Replaces the socket when it ends, for whatever reason. */
	#supervise(link: SocketModeReceiver): void {
		if (this.#stopped) return void link.stop().catch(() => undefined);
		this.#open.add(link);
		if (this.#lost > 0) {
			this.#lost -= 1;
			this.#parts.reconnected();
		}
		link.client.once("disconnected", () => {
			this.#open.delete(link);
			this.#lost += 1;
			if (!this.#stopped) void this.#keep();
		});
	}
}
