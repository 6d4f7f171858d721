/** Errors before a connection was made: nothing can have arrived. */
export const NOT_CONNECTED: readonly string[] = [
	"ECONNREFUSED",
	"ENOTFOUND",
	"EAI_AGAIN",
	"EHOSTUNREACH",
	"ENETUNREACH",
	"UND_ERR_CONNECT_TIMEOUT",
];

/** The error's own code, such as `ENOENT`; empty if it has none. */
export function codeOf(error: unknown): string {
	return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** The codes of an error and of its causes, without those that only say which library threw it. */
export function codesOf(error: unknown, isWrapper: (code: string) => boolean = () => false): string[] {
	if (!(error instanceof Error)) return [];
	const own = "code" in error && typeof error.code === "string" && !isWrapper(error.code) ? [error.code] : [];
	const inner = error instanceof AggregateError ? error.errors.flatMap((each) => codesOf(each, isWrapper)) : [];
	return [...own, ...inner, ...codesOf(error.cause, isWrapper)];
}

/** Whether an error's codes show that its request cannot have arrived. */
export const neverConnected = (codes: readonly string[]): boolean =>
	codes.length > 0 && codes.every((code) => NOT_CONNECTED.includes(code));
