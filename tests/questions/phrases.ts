import { createHash } from "node:crypto";

/** How many words in a row count as copied. */
export const PHRASE_WORDS = 8;

/** The words of a text for comparison: in lower case, without markup and punctuation. */
function wordsOf(text: string): string[] {
	return (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) as string[];
}

/** Fewer than five ordinary words make a run a formula or a list of names and figures, not prose. */
function isProse(run: readonly string[]): boolean {
	return run.filter((word) => /^[a-z]{2,}$/.test(word)).length >= 5;
}

/** Every prose run of eight words in a text, with its fingerprint (first 6 bytes of SHA-256, hexadecimal). */
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
