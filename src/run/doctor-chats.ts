import { systemClock } from "../adapters/clock.ts";
import { createLog } from "../adapters/log.ts";
import type { OpenDatabase } from "../adapters/postgres/open.ts";
import { createStore } from "../adapters/postgres/store.ts";
import { OPTIONAL_SCOPES, SCOPES } from "../adapters/slack/install/oauth.ts";
import type { Platform } from "../chat/platform.ts";
import type { Config } from "../config.ts";
import type { Store } from "../core/ports/store.ts";
import type { Bank } from "../core/question/bank.ts";
import { createServices } from "../core/service/services.ts";
import { chatAdapters } from "./adapters.ts";
import { type Diagnosis, fault, guarded, ok, warning } from "./diagnosis.ts";

const NETWORK_DEADLINE = 5_000;
/** At most this many schedules of a platform have their channels checked, newest first. */
const MAX_CHECKED = 25;

async function checkDiscord(token: string, config: Config): Promise<Diagnosis> {
	const [{ loginFault }, { queryRest }, { Servers }] = await Promise.all([
		import("../adapters/discord/gateway/gateway.ts"),
		import("../adapters/discord/outgoing/rest.ts"),
		import("../adapters/discord/install/servers.ts"),
	]);
	try {
		await new Servers(queryRest({ token, apiUrl: config.DISCORD_API_URL ?? null })).identity();
		return ok("discord", "the token is valid");
	} catch (error) {
		throw loginFault(error) ?? error;
	}
}

async function askSlack(config: Config, method: string, token: string) {
	const base = (config.SLACK_API_URL ?? "https://slack.com/api/").replace(/\/?$/, "/");
	const headers = { authorization: `Bearer ${token}` };
	const signal = AbortSignal.timeout(NETWORK_DEADLINE);
	const response = await fetch(`${base}${method}`, { method: "POST", headers, signal });
	const body: unknown = await response.json().catch(() => null);
	const answer: object = typeof body === "object" && body !== null ? body : {};
	return { answer, headers: response.headers };
}

/** What nlpq cannot do without each optional scope. */
const LOST_WITHOUT_SCOPE: Readonly<Record<(typeof OPTIONAL_SCOPES)[number], string>> = {
	"app_mentions:read": "no answer to a mention",
	"channels:history": "an admin must look whether a post has arrived in a public channel",
	"files:read": "the form of an import takes pasted text alone",
	"groups:history": "an admin must look whether a post has arrived in a private channel",
	"im:history": "no answer to a direct message",
};

function missingOptional(granted: readonly string[]): readonly Diagnosis[] {
	const missing = OPTIONAL_SCOPES.filter((scope) => !granted.includes(scope));
	if (missing.length === 0) return [];
	return [
		warning(
			"slack optional scopes",
			`the bot token lacks ${missing.map((scope) => `${scope} (${LOST_WITHOUT_SCOPE[scope]})`).join(", ")}`,
			"If you want that, bring the app up to date with slack-manifest.yaml (App Manifest), and install it again.",
		),
	];
}

const slackRefusal = (answer: object): string | null => {
	if ("ok" in answer && answer.ok === true) return null;
	return "error" in answer ? String(answer.error) : "no answer";
};

async function checkBotToken(token: string, config: Config): Promise<readonly Diagnosis[]> {
	const { answer, headers } = await askSlack(config, "auth.test", token);
	const refusal = slackRefusal(answer);
	if (refusal !== null)
		return [
			fault("slack", `Slack answered ${refusal}`, "Install the app again and copy its bot token into SLACK_BOT_TOKEN."),
		];
	const granted = (headers.get("x-oauth-scopes") ?? "").split(/,\s*/);
	const missing = SCOPES.filter((scope) => !granted.includes(scope));
	if (missing.length === 0)
		return [ok("slack", "the bot token is valid, and has its scopes"), ...missingOptional(granted)];
	return [
		fault(
			"slack",
			`the bot token lacks ${missing.join(", ")}`,
			"Bring the app up to date with slack-manifest.yaml (App Manifest), and install it again.",
		),
	];
}

async function checkAppToken(token: string, config: Config): Promise<Diagnosis> {
	const refusal = slackRefusal((await askSlack(config, "apps.connections.open", token)).answer);
	if (refusal === null) return ok("slack sockets", "the app token is valid");
	return fault(
		"slack sockets",
		`Slack answered ${refusal}`,
		"Make an app-level token with the scope connections:write under Basic Information, App-Level Tokens, and switch Socket Mode on.",
	);
}

/** Checks that the platforms accept the tokens. */
export async function checkTokens(config: Config): Promise<readonly Diagnosis[]> {
	const { DISCORD_TOKEN, SLACK_BOT_TOKEN, SLACK_APP_TOKEN } = config;
	const found = await Promise.all([
		DISCORD_TOKEN ? guarded("discord", () => checkDiscord(DISCORD_TOKEN, config)) : [],
		SLACK_BOT_TOKEN ? guarded("slack", () => checkBotToken(SLACK_BOT_TOKEN, config)) : [],
		SLACK_APP_TOKEN ? guarded("slack sockets", () => checkAppToken(SLACK_APP_TOKEN, config)) : [],
	]);
	return found.flat();
}

async function checkChannels(platform: Platform, store: Store): Promise<Diagnosis[]> {
	const name = `channels of ${platform.name}`;
	const schedules = await store.schedules.active(platform.name, MAX_CHECKED);
	if (schedules.length === 0) return [ok(name, "no daily question is set there yet")];
	const faults: Diagnosis[] = [];
	for (const { number, workspaceExternalId, channelId, channelName } of schedules) {
		const signal = AbortSignal.timeout(NETWORK_DEADLINE);
		const missing = (await platform.check(workspaceExternalId, channelId, signal)).filter((finding) => !finding.ok);
		if (missing.length > 0)
			faults.push(
				fault(
					name,
					`schedule #${number} of ${workspaceExternalId} cannot post in #${channelName}: it lacks ${missing.map((finding) => finding.name).join(", ")}`,
					missing.map(({ remedy }) => remedy).join(" "),
				),
			);
	}
	const fine = schedules.length - faults.length;
	return [...faults, ...(fine > 0 ? [ok(name, `${fine} of ${schedules.length} schedules can post`)] : [])];
}

export type LoadBank = () => Promise<Bank>;

/** Asks the platforms whether daily questions can be posted. Posts nothing. */
export async function checkPermissions(
	config: Config,
	database: OpenDatabase,
	load: LoadBank,
): Promise<readonly Diagnosis[]> {
	const store = createStore(database.db);
	const adapters = await chatAdapters(config, {
		services: createServices(store, await load(), Math.random),
		database,
		shard: 0,
		clock: systemClock,
		log: createLog("silent"),
		connections: () => ({ acknowledged: () => undefined, reconnected: () => undefined }),
	});
	const found = adapters.map((adapter) =>
		guarded(`channels of ${adapter.platform.name}`, async () => {
			await adapter.prepare?.();
			return checkChannels(adapter.platform, store);
		}),
	);
	return (await Promise.all(found)).flat();
}
