import { createHash } from "node:crypto";

/** Length of a run of words that counts as taken over. */
export const PHRASE_WORDS = 8;

/** The words of a text as they are compared: lower case, without markup, punctuation or case. */
function wordsOf(text: string): string[] {
	return (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) as string[];
}

/** A run is a formula or a list of names and figures, not prose, when fewer than five of its words are ordinary words. */
function isProse(run: readonly string[]): boolean {
	return run.filter((word) => /^[a-z]{2,}$/.test(word)).length >= 5;
}

/** Every run of eight words of a text that is prose, with its fingerprint (first 6 bytes of SHA-256, hexadecimal). */
export function phrases(text: string): { run: string; fingerprint: string }[] {
	const words = wordsOf(text);
	const found: { run: string; fingerprint: string }[] = [];
	for (let start = 0; start + PHRASE_WORDS <= words.length; start += 1) {
		const run = words.slice(start, start + PHRASE_WORDS);
		if (!isProse(run)) continue;
		const joined = run.join(" ");
		found.push({ run: joined, fingerprint: createHash("sha256").update(joined).digest("hex").slice(0, 12) });
	}
	return found;
}
