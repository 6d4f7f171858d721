import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { UserError } from "../core/errors.ts";

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

interface Key {
	readonly id: string;
	readonly secret: Buffer;
}

function readKey(part: string): Key {
	const [, id = "", encoded = ""] = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/_-]+={0,2})$/.exec(part.trim()) ?? [];
	const secret = Buffer.from(encoded, "base64");
	if (id !== "" && secret.length === KEY_BYTES) return { id, secret };
	throw new UserError(
		`NLPQ_ENCRYPTION_KEY is not made of id:base64 with ${KEY_BYTES} bytes each.`,
		'Make one with `echo "k1:$(openssl rand -base64 32)"`; to change it, put the new one in front, with a comma between.',
	);
}

/** The id of the key that sealed a text. */
export const keyIdOf = (sealed: string): string => sealed.split(".")[0] ?? "";

/**
 * Seals tokens with AES-256-GCM. A sealed token is bound to a purpose and opens for no other.
 * The first key seals; the others only open what they sealed earlier.
 */
export class KeyRing {
	readonly #keys: readonly [Key, ...Key[]];

	/**
	 * @param text `id:base64`, joined by commas, newest first
	 * @throws UserError when it is malformed
	 */
	constructor(text: string) {
		const [first = "", ...rest] = text.split(",");
		this.#keys = [readKey(first), ...rest.map(readKey)];
		const ids = new Set(this.#keys.map((key) => key.id));
		if (ids.size < this.#keys.length)
			throw new UserError("NLPQ_ENCRYPTION_KEY names a key id twice.", "Give every key an id of its own.");
	}

	/** Returns `id.nonce.sealed`; all but the id in base64url. */
	seal(text: string, purpose: string): string {
		const [key] = this.#keys;
		const nonce = randomBytes(NONCE_BYTES);
		const cipher = createCipheriv("aes-256-gcm", key.secret, nonce).setAAD(Buffer.from(purpose));
		const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
		return [key.id, nonce.toString("base64url"), sealed.toString("base64url")].join(".");
	}

	/** Whether a key has this id. */
	has(id: string): boolean {
		return this.#keys.some((key) => key.id === id);
	}

	/**
	 * @throws UserError if the key is missing or different, or if the text was altered or sealed for another purpose
	 */
	open(sealed: string, purpose: string): string {
		const id = keyIdOf(sealed);
		const key = this.#keys.find((candidate) => candidate.id === id);
		if (!key)
			throw new UserError(
				`NLPQ_ENCRYPTION_KEY lacks the key "${id}", which stored tokens need.`,
				"Put it back, after the newer ones.",
			);
		try {
			return this.#decipher(key, sealed, purpose);
		} catch {
			throw new UserError(
				`A stored token does not open with the key "${id}" of NLPQ_ENCRYPTION_KEY.`,
				`Put the secret back that "${id}" had when the token was sealed.`,
			);
		}
	}

	#decipher(key: Key, sealed: string, purpose: string): string {
		const [, nonce = "", body = ""] = sealed.split(".");
		const bytes = Buffer.from(body, "base64url");
		const decipher = createDecipheriv("aes-256-gcm", key.secret, Buffer.from(nonce, "base64url"), {
			authTagLength: TAG_BYTES,
		})
			.setAAD(Buffer.from(purpose))
			.setAuthTag(bytes.subarray(-TAG_BYTES));
		return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString("utf8");
	}

	/** Whether an older key sealed the text. */
	isOld(sealed: string): boolean {
		return !sealed.startsWith(`${this.#keys[0].id}.`);
	}
}
