import { type Logger as BoltLogger, LogLevel } from "@slack/bolt";
import { LRUCache } from "lru-cache";
import type { Logger } from "pino";
import { MinuteLine } from "../../log.ts";

/** Longest line accepted from the libraries, in characters. */
const MAX_LENGTH = 200;

/** Tokens, and addresses that give access, if a library puts one into a message. */
const SECRETS = /xox[a-z]-\S+|xapp-\S+|xoxe[.-]\S+|https?:\/\/\S+|wss?:\/\/\S+/g;

/** How many different lines have their repetitions counted; the oldest are forgotten. */
const MAX_LINES = 100;

/**
 * Puts the libraries' messages into our log, each text at most once a minute: strangers can cause some of them. Below a
 * warning the libraries write whole requests with members' words in them, so those levels are left out.
 */
export function boltLogger(log: Logger): BoltLogger {
	const line = (parts: unknown[]) =>
		parts
			.map((part) => (part instanceof Error ? part.name : String(part)))
			.join(" ")
			.replace(SECRETS, "…")
			.slice(0, MAX_LENGTH);
	const repeated = new LRUCache<string, MinuteLine>({ max: MAX_LINES });
	const warn = (text: string) => {
		const known = repeated.get(text) ?? new MinuteLine((times) => log.warn({ library: "slack", times }, text));
		repeated.set(text, known);
		known.happened();
	};
	return {
		debug: () => undefined,
		info: () => undefined,
		warn: (...parts: unknown[]) => log.debug({ library: "slack" }, line(parts)),
		error: (...parts: unknown[]) => warn(line(parts)),
		setLevel: () => undefined,
		getLevel: () => LogLevel.WARN,
		setName: () => undefined,
	};
}
