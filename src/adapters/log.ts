import { type Logger, pino } from "pino";

/** The lines of a stack behind the message, which may have lines of its own that begin with "at". */
function framesOf({ stack, message }: Error): string | undefined {
	const begin = stack?.indexOf(message) ?? -1;
	return begin < 0 ? stack : stack?.slice(begin + message.length);
}

/** An error without what a member or a database may have put into it: its kind, code and place. */
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
	// Messages of drivers quote parameters, which are members' words: the place in the code says enough.
	const at =
		framesOf(error)
			?.split("\n")
			.filter((line) => line.trim().startsWith("at "))
			.slice(0, 4)
			.join(" ") ?? null;
	return { kind: error.name, code, cause, at };
}

/** Structured logs on the standard error stream, so that replies keep the standard output for themselves. */
export function createLog(level: string): Logger {
	return pino(
		{ level, base: null, timestamp: pino.stdTimeFunctions.isoTime },
		pino.destination({ dest: 2, sync: true }),
	);
}
