/** A response `{ok: false, error}` of the Web API. */
export class ApiError extends Error {
	readonly code: string;
	readonly extra: Record<string, unknown>;
	readonly retryAfter: number | undefined;

	/** With `retryAfter`, in seconds, the response is HTTP 429. */
	constructor(code: string, extra: Record<string, unknown> = {}, retryAfter?: number) {
		super(code);
		this.code = code;
		this.extra = extra;
		this.retryAfter = retryAfter;
	}
}

/** Something that Slack refuses or ignores, or that its documentation advises against. */
export interface Violation {
	/** The Web API method, `response_url`, `ack` or `upload`. */
	where: string;
	/** Slack's error code. */
	error: string;
	faults: string[];
	payload: unknown;
}
