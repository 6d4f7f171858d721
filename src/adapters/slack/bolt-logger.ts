import { type Logger as BoltLogger, LogLevel } from "@slack/bolt";
import type { Logger } from "pino";

/** Longest line taken from the libraries. */
const LONGEST = 200;

/** Tokens and addresses that give rights, if a library ever puts one into a message. */
const SECRETS = /xox[a-z]-\S+|xapp-\S+|xoxe[.-]\S+|https?:\/\/\S+|wss?:\/\/\S+/g;

/**
 * The libraries' messages in our log. What they say below a warning is left out: at those levels they write whole
 * requests, with members' words in them.
 */
export function boltLogger(log: Logger): BoltLogger {
	const line = (parts: unknown[]) =>
		parts
			.map((part) => (part instanceof Error ? part.name : String(part)))
			.join(" ")
			.replace(SECRETS, "…")
			.slice(0, LONGEST);
	return {
		debug: () => undefined,
		info: () => undefined,
		warn: (...parts: unknown[]) => log.debug({ library: "slack" }, line(parts)),
		error: (...parts: unknown[]) => log.warn({ library: "slack" }, line(parts)),
		setLevel: () => undefined,
		getLevel: () => LogLevel.WARN,
		setName: () => undefined,
	};
}
