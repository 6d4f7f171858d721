import { createHmac } from "node:crypto";
import type { EnvelopeType } from "./delivery.ts";

/** How a signed request is falsified. */
export interface Forgery {
	/** `wrong`: made with another secret; `missing`: no signature header; `version`: an unknown version. */
	signature?: "wrong" | "missing" | "version";
	/** How many seconds too old the request is; negative if it comes from the future. */
	ageSeconds?: number;
	/** Changes the body after it was signed. */
	mutate?: (body: string) => string;
}

/** A request as sent, for replaying. */
export interface SignedRequest {
	url: string;
	headers: Record<string, string>;
	body: string;
}

/** `v0=` and the HMAC-SHA256 that Slack puts into X-Slack-Signature. */
export function sign(secret: string, timestamp: number, body: string): string {
	return `v0=${createHmac("sha256", secret).update(`v0:${timestamp}:${body}`).digest("hex")}`;
}

function encode(type: EnvelopeType, payload: Record<string, unknown>): { body: string; contentType: string } {
	if (type === "events_api") return { body: JSON.stringify(payload), contentType: "application/json" };
	const form =
		type === "interactive"
			? { payload: JSON.stringify(payload) }
			: Object.fromEntries(Object.entries(payload).map(([key, value]) => [key, String(value)]));
	return { body: new URLSearchParams(form).toString(), contentType: "application/x-www-form-urlencoded" };
}

/** Builds the request that Slack would send, or a forged one. */
export function signedRequest(init: {
	url: string;
	secret: string;
	/** Milliseconds since the epoch, by the clock of the app that checks it. */
	now: number;
	type: EnvelopeType;
	payload: Record<string, unknown>;
	headers: Record<string, string>;
	forge: Forgery;
}): SignedRequest {
	const { forge } = init;
	const { body, contentType } = encode(init.type, init.payload);
	const timestamp = Math.floor(init.now / 1000) - (forge.ageSeconds ?? 0);
	const right = sign(forge.signature === "wrong" ? `${init.secret}?` : init.secret, timestamp, body);
	const signature = forge.signature === "version" ? right.replace("v0=", "v9=") : right;
	return {
		url: init.url,
		body: forge.mutate?.(body) ?? body,
		headers: {
			"content-type": contentType,
			"x-slack-request-timestamp": String(timestamp),
			...(forge.signature === "missing" ? {} : { "x-slack-signature": signature }),
			...init.headers,
		},
	};
}

/** The app's response over HTTP. */
export interface SignedAnswer {
	status: number;
	text: string;
	/** Whether the app asks not to be sent this again. */
	noRetry: boolean;
}

/** Sends a signed request. @throws TypeError when the app cannot be reached. */
export async function sendSigned(request: SignedRequest): Promise<SignedAnswer> {
	const response = await fetch(request.url, { method: "POST", headers: request.headers, body: request.body });
	const text = await response.text();
	return { status: response.status, text, noRetry: response.headers.get("x-slack-no-retry") === "1" };
}

/** A response's body: parsed if it is JSON, otherwise the text; undefined if empty. */
export function parsedBody(text: string): unknown {
	if (text === "") return undefined;
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}
