import type { AddressInfo } from "node:net";
import { App, type AppOptions, type Logger, LogLevel, SocketModeReceiver } from "@slack/bolt";
import type { LocalSlack } from "./slack.ts";
import type { Via } from "./transport.ts";

/** Collects what Bolt logs, and prints nothing. */
export function quietLogger(lines: string[] = []): Logger {
	const keep = (...parts: unknown[]) => void lines.push(parts.map(String).join(" "));
	return {
		debug: () => {},
		info: keep,
		warn: keep,
		error: keep,
		setLevel: () => {},
		getLevel: () => LogLevel.INFO,
		setName: () => {},
	};
}

/** A real Bolt app that talks to the local Slack. */
export interface RunningApp {
	app: App;
	/** `http://127.0.0.1:port` of an app that listens; empty for one that only uses sockets. */
	origin: string;
	log: string[];
	stop(): Promise<void>;
}

const clientOptions = (slack: LocalSlack) => ({
	slackApiUrl: slack.apiUrl,
	retryConfig: { retries: 0 },
	rejectRateLimitedCalls: true,
	timeout: 2000,
});

/**
 * Starts an app with Socket Mode.
 * @param pingTimeout milliseconds after which it gives up a silent socket, and for which it waits before it opens
 * another: on a busy machine a socket may be silent for long
 */
export async function startSocketApp(
	slack: LocalSlack,
	token: string,
	appToken: string,
	pingTimeout = 60_000,
): Promise<RunningApp> {
	const log: string[] = [];
	const logger = quietLogger(log);
	const options = clientOptions(slack);
	const receiver = new SocketModeReceiver({
		appToken,
		logger,
		clientPingTimeout: pingTimeout,
		installerOptions: { clientOptions: options },
	});
	const app = new App({ token, receiver, logger, clientOptions: options });
	await app.start();
	return { app, origin: "", log, stop: () => app.stop().then(() => {}) };
}

/** Starts an app behind HTTP with a signing secret; `options` add OAuth or a token. */
export async function startHttpApp(slack: LocalSlack, options: AppOptions): Promise<RunningApp> {
	const log: string[] = [];
	const app = new App({
		signingSecret: slack.app.signingSecret,
		logger: quietLogger(log),
		clientOptions: clientOptions(slack),
		...options,
	});
	const server = await app.start({ port: 0, host: "127.0.0.1" });
	const address: AddressInfo | string | null = server.address();
	const port = typeof address === "object" && address !== null ? address.port : 0;
	const origin = `http://127.0.0.1:${port}`;
	slack.requestUrl = `${origin}/slack/events`;
	const stop = () => {
		server.closeAllConnections();
		return app.stop().then(() => {});
	};
	return { app, origin, log, stop };
}

/** Starts the same app with either transport. */
export function startApp(slack: LocalSlack, via: Via, token: string): Promise<RunningApp> {
	if (via === "http") return startHttpApp(slack, { token });
	return startSocketApp(slack, token, slack.credentials.newAppToken());
}
