import type { AddressInfo } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { type HTTPReceiver, webApi } from "@slack/bolt";
import { KeyRing } from "../../keys.ts";
import { listen } from "../../listen.ts";
import type { Intake } from "../incoming/intake.ts";
import { Installations } from "../install/installations.ts";
import { createPlainReceiver, createReceiver, tokenRefresher } from "../install/oauth.ts";
import { inspectSeals, resealAll } from "../install/seals.ts";
import { SingleAccess } from "../install/token-store.ts";
import { refusalOf } from "../outgoing/faults.ts";
import type { HttpSettings, Listening, SingleHttpSettings, SlackTools } from "../settings.ts";
import { boltLogger } from "./bolt-logger.ts";
import { createApp } from "./listeners.ts";
import { SignedHttpServer } from "./server.ts";
import { accessOf, type Transport } from "./transport.ts";
import { clientOptions } from "./web.ts";

/** Refusals of a token that will never work again. An expired token can be renewed. */
const DEAD_TOKEN_ERRORS = ["token_revoked", "account_inactive", "invalid_auth"];

/** How often to ask Slack whether a token works, and the milliseconds in between. */
const MAX_TRIES = 3;
const PAUSE = 1_000;

/** Whether Slack says that a token will never work again; false if it gives no answer. */
async function isDead(token: string, options: webApi.WebClientOptions): Promise<boolean> {
	const client = new webApi.WebClient(token, options);
	for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
		try {
			await client.apiCall("auth.test");
			return false;
		} catch (error) {
			const code = refusalOf(error);
			if (code !== null) return DEAD_TOKEN_ERRORS.includes(code);
			await pause(PAUSE);
		}
	}
	return false;
}

/** A transport that receives signed requests. @param prepare runs before the port opens */
function listening(
	settings: Listening,
	{ log, clock }: SlackTools,
	receiver: HTTPReceiver,
	{ tokens, workspaceId }: Pick<Transport, "tokens" | "workspaceId">,
	prepare: () => Promise<void>,
): Transport {
	const server = new SignedHttpServer({
		receiver,
		secret: settings.signingSecret,
		installs: settings.way === "http",
		log,
	});
	const port = () => {
		const address: AddressInfo | string | null = server.server.address();
		return typeof address === "object" && address ? address.port : null;
	};
	return {
		tokens,
		workspaceId,
		open: async (intake: Intake) => {
			// If Bolt saw that the receiver supports installation, it would look tokens up itself.
			createApp(
				{ init: (app) => receiver.init(app), start: async () => undefined, stop: async () => undefined },
				intake,
				clock,
				log,
			);
			await prepare();
			await listen(server.server, settings.port, settings.host, { port: "PORT", host: "NLPQ_HTTP_HOST" });
			log.info({ port: port(), host: settings.host }, "listening for Slack");
		},
		close: () => server.close(),
		healthy: () => server.server.listening,
		port,
	};
}

/** One workspace, by signed requests to our public address. @throws UserError when Slack refuses the token */
export async function singleHttpTransport(settings: SingleHttpSettings, tools: SlackTools): Promise<Transport> {
	const { log, clock } = tools;
	const { access, workspaceId } = await accessOf(settings.botToken, clientOptions(settings.apiUrl, boltLogger(log)));
	const receiver = createPlainReceiver(settings.signingSecret, log);
	const tokens = new SingleAccess(access, clock.now());
	return listening(settings, tools, receiver, { tokens, workspaceId }, async () => undefined);
}

/** Many workspaces, by signed requests to our public address. */
export async function httpTransport(settings: HttpSettings, tools: SlackTools, worker: string): Promise<Transport> {
	const { log, clock, db, services } = tools;
	const { store } = services;
	const options = clientOptions(settings.apiUrl, boltLogger(log));
	const keys = new KeyRing(settings.encryptionKey);
	const installations = new Installations({
		db,
		store,
		keys,
		clock,
		worker,
		refresh: tokenRefresher(settings, options, clock),
		isDead: (token) => isDead(token, options),
		refreshFailed: (installation, error) =>
			log.error({ installation, code: refusalOf(error) }, "could not renew a token"),
	});
	const receiver = createReceiver(settings, installations, tools, options);
	return listening(settings, tools, receiver, { tokens: installations, workspaceId: null }, async () => {
		const { opened, fault } = await inspectSeals(db, keys);
		// If some tokens open, serve their workspaces.
		if (fault && opened === 0) throw fault;
		if (fault) log.error({ remedy: fault.remedy }, fault.message);
		const resealed = await resealAll(db, keys);
		if (resealed > 0) log.info({ installations: resealed }, "tokens were sealed with the newest key");
	});
}
