import type { webApi } from "@slack/bolt";
import { webApi as slackWebApi } from "@slack/bolt";
import * as z from "zod";
import { Unavailable, UserError } from "../../../core/errors.ts";
import type { Intake } from "../incoming/intake.ts";
import { type Access, SingleAccess, type TokenStore } from "../install/token-store.ts";
import { isTokenRefusal, refusalOf } from "../outgoing/faults.ts";
import type { SlackTools, SocketSettings } from "../settings.ts";
import { boltLogger } from "./bolt-logger.ts";
import { createApp } from "./listeners.ts";
import { Sockets } from "./sockets.ts";
import { clientOptions } from "./web.ts";

/** How interactions arrive, and where the tokens for answers come from. */
export interface Transport {
	readonly tokens: TokenStore;
	/** The workspace of the settings' token, which Slack has just accepted; null if workspaces install the app. */
	readonly workspaceId: string | null;
	/** @throws UserError when trying again cannot help */
	open(intake: Intake): Promise<void>;
	/** Accepts nothing new. */
	close(): Promise<void>;
	healthy(): boolean;
	port(): number | null;
}

const identity = z.object({ user_id: z.string(), team: z.string().default(""), team_id: z.string() });
/** In milliseconds. */
const PING_TIMEOUT = 5_000;

/** Asks Slack whose bot token this is, and in which workspace. @throws UserError when Slack refuses it */
export async function accessOf(
	token: string,
	options: webApi.WebClientOptions,
): Promise<{ readonly access: Access; readonly workspaceId: string }> {
	try {
		const who = identity.parse(await new slackWebApi.WebClient(token, options).apiCall("auth.test"));
		const access = {
			token,
			workspaceName: who.team,
			botUserId: who.user_id,
			installerId: null,
			teamId: null,
			ofSettings: true,
		};
		return { access, workspaceId: who.team_id };
	} catch (error) {
		const code = refusalOf(error);
		if (!isTokenRefusal(code))
			throw new Unavailable(
				code === null ? "Slack does not answer." : `Slack does not answer as it should (${code}).`,
				"nlpq keeps trying. If it keeps failing, check the network, and SLACK_API_URL if it is set.",
			);
		throw new UserError(
			`Slack refuses SLACK_BOT_TOKEN (${code}).`,
			"Copy the Bot User OAuth Token from OAuth & Permissions once more.",
		);
	}
}

/** Serves one workspace through sockets that the bot opens, so it needs no public address. */
export async function socketTransport(settings: SocketSettings, tools: SlackTools): Promise<Transport> {
	const { log, clock, connection } = tools;
	const options = clientOptions(settings.apiUrl, boltLogger(log));
	const { access, workspaceId } = await accessOf(settings.botToken, options);
	const sockets = new Sockets({
		appToken: settings.appToken,
		clientOptions: options,
		log,
		reconnected: () => connection.reconnected(),
		pingTimeout: settings.pingTimeout ?? PING_TIMEOUT,
	});
	return {
		tokens: new SingleAccess(access, clock.now()),
		workspaceId,
		open: async (intake) => {
			createApp(sockets, intake, clock, log);
			await sockets.start();
		},
		close: () => sockets.stop(),
		healthy: () => sockets.open > 0,
		port: () => null,
	};
}
