import { HTTPReceiver, type Installation, type InstallationStore, webApi } from "@slack/bolt";
import type { Logger } from "pino";
import * as z from "zod";
import type { Clock } from "../../../core/ports/clock.ts";
import { greet } from "../../../core/service/installations.ts";
import { kindOf, MinuteLine } from "../../log.ts";
import type { SlackTools } from "../settings.ts";
import { boltLogger } from "../transport/bolt-logger.ts";
import { EVENTS_PATH, INSTALL_PATH, REDIRECT_PATH } from "../transport/server.ts";
import { InstallState } from "./install-state.ts";
import type { Grant, Installations, NewInstallation } from "./installations.ts";

/** The bot's scopes, as in the manifest; docs/slack.md says what each is for. */
export const SCOPES = ["channels:read", "chat:write", "commands", "files:write", "groups:read", "users:read"] as const;
/** Scopes that the installer may leave out. Without one, only the feature that it is for does not work. */
export const OPTIONAL_SCOPES = [
	"app_mentions:read",
	"channels:history",
	"files:read",
	"groups:history",
	"im:history",
] as const;

export interface OauthSettings {
	readonly signingSecret: string;
	readonly clientId: string;
	readonly clientSecret: string;
	readonly stateSecret?: string | undefined;
	readonly publicUrl?: string | undefined;
}

function page(title: string, text: string, link = ""): string {
	return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>body{font:18px/1.5 system-ui,sans-serif;max-width:34rem;margin:12vh auto;padding:0 1.5rem}a{display:inline-block;background:#4a154b;color:#fff;padding:.7rem 1.4rem;border-radius:.4rem;text-decoration:none}</style></head><body><h1>${title}</h1><p>${text}</p>${link}</body></html>`;
}

const HTML = {
	"content-type": "text/html; charset=utf-8",
	"x-content-type-options": "nosniff",
	"referrer-policy": "no-referrer",
};

/** Converts an installation of the library; null if it has no bot token. */
function newInstallation(installation: Installation): NewInstallation | null {
	const { bot, team, enterprise, user } = installation;
	if (!bot) return null;
	const isOrgWide = installation.isEnterpriseInstall === true;
	return {
		workspaceId: isOrgWide ? null : (team?.id ?? null),
		enterpriseId: enterprise?.id ?? null,
		name: (isOrgWide ? enterprise?.name : team?.name) ?? "",
		botUserId: bot.userId,
		installerId: user.id,
		scopes: bot.scopes,
		token: bot.token,
		refreshToken: bot.refreshToken ?? null,
		expiresAt: bot.expiresAt === undefined ? null : new Date(bot.expiresAt * 1000),
	};
}

function storeOf(
	installations: Installations,
	greetWorkspace: (workspace: { externalId: string; name: string }) => Promise<void>,
	log: Logger,
): InstallationStore {
	return {
		storeInstallation: async (installation) => {
			const ours = newInstallation(installation);
			if (!ours) throw new Error("Slack gave no bot token");
			await installations.save(ours);
			const { workspaceId, name } = ours;
			// The installation succeeds even without a greeting.
			if (workspaceId !== null)
				await greetWorkspace({ externalId: workspaceId, name }).catch((error: unknown) =>
					log.warn({ workspace: workspaceId, kind: kindOf(error) }, "could not queue a greeting"),
				);
			log.info({ workspace: ours.workspaceId, organisation: ours.enterpriseId }, "installed");
		},
		fetchInstallation: async () => {
			throw new Error("tokens are looked up elsewhere");
		},
	};
}

/** Bolt reports an event as unhandled after this many milliseconds; every ack comes sooner. */
const UNHANDLED_TIMEOUT = 2_900;

/** Bolt's receiver for signed requests only. */
export function createPlainReceiver(signingSecret: string, log: Logger): HTTPReceiver {
	return new HTTPReceiver({
		signingSecret,
		endpoints: EVENTS_PATH,
		logger: boltLogger(log),
		unhandledRequestTimeoutMillis: UNHANDLED_TIMEOUT,
	});
}

/** Bolt's receiver for signed requests and the installation pages. */
export function createReceiver(
	settings: OauthSettings,
	installations: Installations,
	{ services, clock, log }: Pick<SlackTools, "services" | "clock" | "log">,
	options: webApi.WebClientOptions,
): HTTPReceiver {
	const { signingSecret, clientId, clientSecret, publicUrl } = settings;
	const redirectUri = publicUrl === undefined ? {} : { redirectUri: `${publicUrl.replace(/\/$/, "")}${REDIRECT_PATH}` };
	const state = new InstallState(settings.stateSecret ?? clientSecret, services.store.running, {
		scopes: [...SCOPES, ...OPTIONAL_SCOPES],
		...redirectUri,
	});
	const greetWorkspace = (workspace: { externalId: string; name: string }) =>
		greet(services, "slack", workspace, null, clock.now());
	const unfinished = new MinuteLine((times) => log.warn({ times }, "an installation was not finished"));
	return new HTTPReceiver({
		signingSecret,
		clientId,
		clientSecret,
		...redirectUri,
		scopes: [...SCOPES, ...OPTIONAL_SCOPES],
		endpoints: EVENTS_PATH,
		logger: boltLogger(log),
		installationStore: storeOf(installations, greetWorkspace, log),
		unhandledRequestTimeoutMillis: UNHANDLED_TIMEOUT,
		installerOptions: {
			// Slack's own "Add to Slack" follows a redirect, and shows no page of ours.
			directInstall: true,
			stateStore: state,
			installPath: INSTALL_PATH,
			redirectUriPath: REDIRECT_PATH,
			clientOptions: options,
			callbackOptions: {
				success: (_installation, _options, _request, response) => {
					response.writeHead(200, HTML);
					response.end(
						page(
							"nlpq is installed",
							"Go to a channel, invite the bot with <code>/invite @nlpq</code>, and set the first question: <code>/nlpq schedule add 09:00 Europe/Berlin weekdays</code>",
						),
					);
				},
				failure: (error, _options, _request, response) => {
					unfinished.happened();
					log.debug({ kind: error.name, code: error.code }, "an installation was not finished");
					response.writeHead(400, HTML);
					response.end(
						page(
							"Not installed",
							"Nothing was changed. Please begin again, in one browser, and finish within ten minutes.",
							`<a href="${INSTALL_PATH}">Begin again</a>`,
						),
					);
				},
			},
		},
	});
}

const refreshed = z.object({
	access_token: z.string(),
	refresh_token: z.string().optional(),
	expires_in: z.number().optional(),
});

/** Exchanges refresh tokens for new tokens. */
export function tokenRefresher(
	settings: OauthSettings,
	options: webApi.WebClientOptions,
	clock: Clock,
): (refreshToken: string) => Promise<Grant> {
	const client = new webApi.WebClient(undefined, options);
	return async (refreshToken) => {
		const result = await client.apiCall("oauth.v2.access", {
			client_id: settings.clientId,
			client_secret: settings.clientSecret,
			grant_type: "refresh_token",
			refresh_token: refreshToken,
		});
		const { access_token, refresh_token, expires_in } = refreshed.parse(result);
		const expiresAt = expires_in === undefined ? null : new Date(clock.now().getTime() + expires_in * 1000);
		return { token: access_token, refreshToken: refresh_token ?? null, expiresAt };
	};
}
