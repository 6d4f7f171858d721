import type { SlackSettings } from "../adapters/slack/settings.ts";
import type { Config } from "../config.ts";
import { UserError } from "../core/errors.ts";

/** Whether any of Slack's credentials is set. Slack is then wanted, even if others are missing. */
export function wantsSlack(config: Config): boolean {
	const { SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SLACK_SIGNING_SECRET, SLACK_CLIENT_ID, SLACK_CLIENT_SECRET } = config;
	return [SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SLACK_SIGNING_SECRET, SLACK_CLIENT_ID, SLACK_CLIENT_SECRET].some(Boolean);
}

/** The settings that each way to connect needs. */
const WAYS = {
	socket: ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"],
	single: ["SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "PORT"],
	many: ["SLACK_SIGNING_SECRET", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "NLPQ_ENCRYPTION_KEY", "PORT"],
} as const;

const missingFor = (way: keyof typeof WAYS, config: Config): string[] =>
	WAYS[way].filter((name) => config[name] === undefined);

/** Guesses the intended way to connect, and names the settings it still needs. */
function incomplete(config: Config): UserError {
	const { SLACK_SIGNING_SECRET, SLACK_CLIENT_ID, SLACK_CLIENT_SECRET } = config;
	const mode = SLACK_CLIENT_ID || SLACK_CLIENT_SECRET ? "many" : SLACK_SIGNING_SECRET ? "single" : "socket";
	const missing = missingFor(mode, config).join(", ");
	return new UserError(
		`The settings for Slack are incomplete: ${missing} ${missing.includes(",") ? "are" : "is"} missing.`,
		`One workspace needs ${WAYS.socket.join(" and ")}, or over HTTP ${WAYS.single.join(", ")}; many workspaces need ${WAYS.many.join(", ")}. docs/slack.md has each, step by step.`,
	);
}

/**
 * Chooses how to connect: a client id means HTTP for many workspaces, an app token means sockets, and otherwise HTTP
 * serves the bot token's one workspace.
 * @throws UserError that names what is missing
 */
export function slackSettings(config: Config): SlackSettings {
	const { SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SLACK_SIGNING_SECRET, SLACK_CLIENT_ID, SLACK_CLIENT_SECRET, PORT } = config;
	const apiUrl = config.SLACK_API_URL;
	const host = config.NLPQ_HTTP_HOST;
	if (
		SLACK_SIGNING_SECRET &&
		SLACK_CLIENT_ID &&
		SLACK_CLIENT_SECRET &&
		config.NLPQ_ENCRYPTION_KEY &&
		PORT !== undefined
	)
		return {
			way: "http",
			apiUrl,
			signingSecret: SLACK_SIGNING_SECRET,
			clientId: SLACK_CLIENT_ID,
			clientSecret: SLACK_CLIENT_SECRET,
			stateSecret: config.SLACK_STATE_SECRET,
			encryptionKey: config.NLPQ_ENCRYPTION_KEY,
			port: PORT,
			host,
			publicUrl: config.PUBLIC_URL,
		};
	if (SLACK_CLIENT_ID || SLACK_CLIENT_SECRET) throw incomplete(config);
	if (SLACK_BOT_TOKEN && SLACK_APP_TOKEN)
		return { way: "socket", apiUrl, botToken: SLACK_BOT_TOKEN, appToken: SLACK_APP_TOKEN };
	if (SLACK_BOT_TOKEN && SLACK_SIGNING_SECRET && PORT !== undefined)
		return {
			way: "http-single",
			apiUrl,
			botToken: SLACK_BOT_TOKEN,
			signingSecret: SLACK_SIGNING_SECRET,
			port: PORT,
			host,
		};
	throw incomplete(config);
}
