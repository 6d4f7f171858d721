import { KeyRing } from "../adapters/keys.ts";
import type { Config } from "../config.ts";
import { UserError } from "../core/errors.ts";
import { wantsPlatforms } from "./adapters.ts";
import { type Diagnosis, fault, ok, warning } from "./diagnosis.ts";
import { slackSettings, wantsSlack } from "./slack-settings.ts";

function checkPublicUrl({ PUBLIC_URL, PORT, NLPQ_HTTP_HOST }: Config): Diagnosis {
	const where = `it listens on ${NLPQ_HTTP_HOST}:${PORT}`;
	if (PUBLIC_URL === undefined)
		return warning(
			"slack public address",
			`${where}; PUBLIC_URL is not set`,
			"Set PUBLIC_URL to the address under which Slack reaches it: then it can be tried, and installations lead back to it.",
		);
	const { protocol, hostname, origin } = new URL(PUBLIC_URL);
	// Plain HTTP is fine on this machine: it is for trying nlpq out.
	if (protocol !== "https:" && !["localhost", "127.0.0.1", "[::1]"].includes(hostname))
		return fault(
			"slack public address",
			`${where}; PUBLIC_URL is not an https address`,
			"Slack calls only https addresses: put a proxy with a certificate in front, and set PUBLIC_URL to its address.",
		);
	return ok("slack public address", `${where}, reached at ${origin}`);
}

function checkSlack(config: Config): Diagnosis[] {
	try {
		const settings = slackSettings(config);
		if (settings.way === "socket") return [ok("slack settings", "one workspace, over sockets")];
		if (settings.way === "http") new KeyRing(settings.encryptionKey);
		const many = settings.way === "http" ? "many workspaces" : "one workspace";
		return [ok("slack settings", `${many}, over HTTP with the signing secret`), checkPublicUrl(config)];
	} catch (error) {
		if (error instanceof UserError) return [fault("slack settings", error.message, error.remedy)];
		throw error;
	}
}

/** Checks the settings themselves, without the network. */
export function diagnoseSettings(config: Config): readonly Diagnosis[] {
	if (!wantsPlatforms(config))
		return [
			warning(
				"platforms",
				"none is configured: `npm start` opens the terminal",
				"Set DISCORD_TOKEN, or SLACK_BOT_TOKEN with SLACK_APP_TOKEN, to serve a chat.",
			),
		];
	return wantsSlack(config) ? checkSlack(config) : [];
}

/** The same for a process without a terminal, which needs a chat platform. */
export function diagnoseService(config: Config): readonly Diagnosis[] {
	const found = diagnoseSettings(config);
	return found.length > 0
		? found.map((each) => (each.name === "platforms" ? { ...each, state: "fault" as const } : each))
		: [ok("settings", "complete")];
}
