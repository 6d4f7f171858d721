import type { AddressInfo } from "node:net";
import type { webApi } from "@slack/bolt";
import { webApi as slackWebApi } from "@slack/bolt";
import { z } from "zod";
import { Unavailable, UserError } from "../../core/errors.ts";
import { type AccessBook, SingleAccess } from "./access.ts";
import { boltLogger } from "./bolt-logger.ts";
import { isTokenRefusal, refusalOf } from "./faults.ts";
import { Installations } from "./installations.ts";
import type { Intake } from "./intake.ts";
import { KeyRing } from "./keys.ts";
import { createApp } from "./listeners.ts";
import { createReceiver, refresher } from "./oauth.ts";
import { Door } from "./server.ts";
import type { HttpSettings, SlackTools, SocketSettings } from "./settings.ts";
import { Sockets } from "./sockets.ts";
import { clientOptions } from "./web.ts";

/** How interactions come in, and where the tokens for answers are. */
export interface Way {
	readonly book: AccessBook;
	/** @throws UserError when it cannot go on */
	open(intake: Intake): Promise<void>;
	/** Takes nothing new. */
	close(): Promise<void>;
	healthy(): boolean;
	port(): number | null;
}

const identity = z.object({ user_id: z.string(), team: z.string().default(""), team_id: z.string() });
const SECOND_PING_TIMEOUT = 5_000;

/** Who a bot token belongs to. @throws UserError when Slack refuses it */
async function accessOf(token: string, options: webApi.WebClientOptions) {
	try {
		const who = identity.parse(await new slackWebApi.WebClient(token, options).apiCall("auth.test"));
		return { token, workspaceName: who.team, botUserId: who.user_id, installerId: null, teamId: null };
	} catch (error) {
		const code = refusalOf(error);
		if (!isTokenRefusal(code))
			throw new Unavailable(
				code === null ? "Slack does not answer." : `Slack does not answer as it should (${code}).`,
				"It is tried again. If it stays, check the network, and SLACK_API_URL if it is set.",
			);
		throw new UserError(
			`Slack refuses SLACK_BOT_TOKEN (${code}).`,
			"Copy the Bot User OAuth Token from OAuth & Permissions once more.",
		);
	}
}

/** One workspace, by sockets that we open: no public address is needed. */
export async function socketWay(settings: SocketSettings, tools: SlackTools): Promise<Way> {
	const { log, clock, connection } = tools;
	const options = clientOptions(settings.apiUrl, boltLogger(log));
	const access = await accessOf(settings.botToken, options);
	const sockets = new Sockets({
		appToken: settings.appToken,
		clientOptions: options,
		log,
		reconnected: () => connection.reconnected(),
		pingTimeout: settings.pingTimeout ?? SECOND_PING_TIMEOUT,
	});
	return {
		book: new SingleAccess(access),
		open: async (intake) => {
			createApp(sockets, intake, clock, log);
			await sockets.start();
		},
		close: () => sockets.stop(),
		healthy: () => sockets.open > 0,
		port: () => null,
	};
}

/** Many workspaces, by signed requests to our public address. */
export async function httpWay(settings: HttpSettings, tools: SlackTools, worker: string): Promise<Way> {
	const { log, clock, db } = tools;
	const { store } = tools.services;
	const options = clientOptions(settings.apiUrl, boltLogger(log));
	const installations = new Installations({
		db,
		store,
		keys: new KeyRing(settings.encryptionKey),
		clock,
		worker,
		refresh: refresher(settings, options, clock),
		refreshFailed: (installation, error) =>
			log.error({ installation, code: refusalOf(error) }, "a token could not be renewed"),
	});
	const receiver = createReceiver(settings, installations, store, options, log);
	const { server } = new Door(receiver, settings.signingSecret, log);
	const port = () => {
		const address: AddressInfo | string | null = server.address();
		return typeof address === "object" && address ? address.port : null;
	};
	return {
		book: installations,
		open: async (intake) => {
			// Bolt would look tokens up itself if it saw that the receiver can install.
			createApp(
				{ init: (app) => receiver.init(app), start: async () => undefined, stop: async () => undefined },
				intake,
				clock,
				log,
			);
			const resealed = await installations.resealAll();
			if (resealed > 0) log.info({ installations: resealed }, "tokens were sealed with the newest key");
			await new Promise<void>((resolve, reject) => {
				server.once("error", (error: NodeJS.ErrnoException) =>
					reject(
						new UserError(
							`Port ${settings.port} cannot be listened on (${error.code ?? "unknown"}).`,
							"Free it, or choose another with PORT.",
						),
					),
				);
				server.listen(settings.port, settings.host, resolve);
			});
			log.info({ port: port() }, "listening for Slack");
		},
		close: async () => {
			await new Promise<void>((resolve) => {
				server.close(() => resolve());
				server.closeIdleConnections();
			});
		},
		healthy: () => server.listening,
		port,
	};
}
