import { type LogFn, type Logger, pino } from "pino";
import { MINUTE } from "../core/durations.ts";
import { isOutage } from "../core/errors.ts";
import { inSources } from "./source-places.ts";

const OUTAGE = "Outage";

/** An error's kind. If any of its causes is an outage of the database, that is its kind. */
export function kindOf(error: unknown): string {
	if (isOutage(error)) return OUTAGE;
	return error instanceof Error ? error.name : typeof error;
}

/** The stack after the message, whose own lines may also begin with "at". */
function framesOf({ stack, message }: Error): string | undefined {
	const begin = stack?.indexOf(message) ?? -1;
	return begin < 0 ? stack : stack?.slice(begin + message.length);
}

/** An error's kind, code and place, without anything that a member or the database may have put into it. */
export function describeError(error: unknown): {
	kind: string;
	code: string | null;
	cause: string | null;
	at: string | null;
} {
	if (!(error instanceof Error)) return { kind: typeof error, code: null, cause: null, at: null };
	const code = "code" in error && typeof error.code === "string" ? error.code : null;
	const cause =
		error.cause instanceof Error
			? `${error.cause.name}${"code" in error.cause ? ` ${String(error.cause.code)}` : ""}`
			: null;
	// Drivers quote parameters, which are members' words, in their messages: log the place in the code instead.
	const frames = framesOf(error)
		?.split("\n")
		.filter((line) => line.trim().startsWith("at "))
		.slice(0, 4)
		.join(" ");
	return { kind: kindOf(error), code, cause, at: frames === undefined ? null : inSources(frames) };
}

/** A log line that outsiders can cause at will: written at once, then at most once a minute, with a count. */
export class MinuteLine {
	readonly #say: (count: number) => void;
	#timer: NodeJS.Timeout | null = null;
	#count = 0;

	constructor(say: (count: number) => void) {
		this.#say = say;
	}

	happened(): void {
		this.#count += 1;
		if (this.#timer === null) this.#tell();
	}

	#tell(): void {
		this.#timer = null;
		if (this.#count === 0) return;
		this.#say(this.#count);
		this.#count = 0;
		this.#timer = setTimeout(() => this.#tell(), MINUTE).unref();
	}
}

/**
 * Logs an outage of the database: a line when it begins, one a minute while it lasts, and one when it ends. The lines
 * of everything that failed because of it are dropped and counted.
 */
export class OutageLines {
	#since: number | null = null;
	#saidAt: number | null = null;
	#failed = 0;

	/** Something failed because the database does not answer. */
	failed(log: Logger): void {
		const now = performance.now();
		this.#failed += 1;
		this.#since ??= now;
		if (this.#saidAt !== null && now - this.#saidAt < MINUTE) return;
		this.#saidAt = now;
		log.error(this.#facts(now), "The database does not answer. Due work waits and will be retried.");
	}

	/** The database has answered. */
	over(log: Logger): void {
		if (this.#since === null) return;
		log.info(this.#facts(performance.now()), "The database answers again.");
		this.#since = null;
		this.#saidAt = null;
		this.#failed = 0;
	}

	#facts(now: number): { seconds: number; failed: number } {
		return { seconds: Math.round((now - (this.#since ?? now)) / 1000), failed: this.#failed };
	}
}

const tellsOutage = (fields: unknown): boolean =>
	typeof fields === "object" && fields !== null && "kind" in fields && fields.kind === OUTAGE;

/**
 * Writes structured logs to the standard error stream: the standard output is for replies.
 * @param outages receives the lines about an outage; without it they are written like any other
 */
export function createLog(level: string, outages: OutageLines | null = null): Logger {
	const logMethod = function (this: Logger, args: Parameters<LogFn>, method: LogFn): void {
		if (outages !== null && tellsOutage(args[0])) outages.failed(this);
		else method.apply(this, args);
	};
	return pino(
		{ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, hooks: { logMethod } },
		pino.destination({ dest: 2, sync: true }),
	);
}
