import { createHmac, timingSafeEqual } from "node:crypto";
import { SIGNATURE_AGE, SIGNATURE_AHEAD } from "../outgoing/limits.ts";

/** How many signatures are remembered. The oldest are forgotten first; they are nearly too old anyway. */
const MAX_REMEMBERED = 200_000;

/**
 * Whether Slack sent a request: it is signed with our secret, and neither too old nor from the future.
 * @param now milliseconds since 1970
 */
export function isSigned(secret: string, timestamp: string, signature: string, body: Buffer, now: number): boolean {
	if (!/^[1-9]\d{8,10}$/.test(timestamp) || !/^v0=[0-9a-f]{64}$/.test(signature)) return false;
	const age = now / 1000 - Number(timestamp);
	if (age > SIGNATURE_AGE || age < -SIGNATURE_AHEAD) return false;
	const expected = createHmac("sha256", secret).update(`v0:${timestamp}:`).update(body).digest();
	return timingSafeEqual(expected, Buffer.from(signature.slice(3), "hex"));
}

/** Remembers requests for as long as their signatures are valid, so that none is accepted twice. */
export class SeenRequests {
	/** When each signature may be forgotten, in order of arrival. */
	readonly #until = new Map<string, number>();

	/** True the first time. @param now milliseconds since 1970 */
	isFirst(signature: string, now: number): boolean {
		for (const [known, until] of this.#until) {
			if (until > now && this.#until.size < MAX_REMEMBERED) break;
			this.#until.delete(known);
		}
		if (this.#until.has(signature)) return false;
		this.#until.set(signature, now + (SIGNATURE_AGE + SIGNATURE_AHEAD) * 1000);
		return true;
	}
}
