import { deflateRawSync, inflateRawSync } from "node:zlib";

/**
 * Packs text into fewer characters: deflated, 14 bits in each. A button's value holds 2,000 characters and Slack
 * returns it unchanged, while it never returns an ephemeral message. So 3,000 typed characters fit into a button.
 */

/** The first of 16,384 characters that no normalisation and no escaping changes. */
const FIRST_CODE = 0x4e00;
const BITS = 14;
/** A longer unpacked text was not packed here. */
const MAX_UNPACKED = 100_000;

export function pack(text: string): string {
	const bytes = deflateRawSync(Buffer.from(text), { level: 9 });
	let packed = "";
	let held = 0;
	let bits = 0;
	const put = (value: number) => {
		packed += String.fromCharCode(FIRST_CODE + value);
	};
	for (const byte of bytes) {
		held = (held << 8) | byte;
		bits += 8;
		if (bits < BITS) continue;
		bits -= BITS;
		put(held >> bits);
		held &= (1 << bits) - 1;
	}
	if (bits > 0) put(held << (BITS - bits));
	return packed;
}

/** @throws Error for a text that was not packed here */
export function unpack(packed: string): string {
	const bytes: number[] = [];
	let held = 0;
	let bits = 0;
	for (const character of packed) {
		held = (held << BITS) | (character.charCodeAt(0) - FIRST_CODE);
		bits += BITS;
		while (bits >= 8) {
			bits -= 8;
			bytes.push((held >> bits) & 0xff);
			held &= (1 << bits) - 1;
		}
	}
	return inflateRawSync(Buffer.from(bytes), { maxOutputLength: MAX_UNPACKED }).toString();
}
