import type { Question } from "./question.ts";

/** An attempt needs at least this many letters, digits and mathematical symbols. */
const MIN_SIGNS = 20;
/** The minimum for scripts in which one character is a syllable or a word. */
const MIN_DENSE = 8;
/** The minimum for questions that a number or a single term can answer. */
const MIN_BRIEF = 3;
const BRIEF_KINDS: readonly Question["kind"][] = ["rapid", "formula"];
/** In those questions, fewer words than this never count as a copy: a term of the prompt may be the answer. */
const MIN_COPIED = 3;

const SIGN = /[\p{L}\p{N}\p{Sm}*/^]/gu;
const LETTER = /\p{L}/gu;
const DENSE_SCRIPTS = ["Han", "Hiragana", "Katakana", "Hangul", "Thai", "Lao", "Khmer", "Myanmar"];
const DENSE_SIGN = `[${DENSE_SCRIPTS.map((script) => `\\p{scx=${script}}`).join("")}]`;
const DENSE = new RegExp(`(?=\\p{L})${DENSE_SIGN}`, "gu");
/** A word, or one character in scripts without spaces. */
const WORD = new RegExp(`(?=\\p{L})${DENSE_SIGN}|(?:(?!(?=\\p{L})${DENSE_SIGN})[\\p{L}\\p{M}\\p{N}])+`, "gu");

const folded = (text: string) => text.normalize("NFKC").toLowerCase();
const count = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0;
const wordsOf = (text: string): string[] => folded(text).match(WORD) ?? [];

/** Whether a text is long enough. Adding text never makes it too short, even in another script. */
function isLong(kind: Question["kind"], text: string): boolean {
	const signs = count(text, SIGN);
	if (BRIEF_KINDS.includes(kind)) return signs >= MIN_BRIEF;
	const dense = count(text, DENSE);
	const others = count(text, LETTER) - dense;
	// The dense minimum requires mostly dense letters: count others only while they are fewer.
	const unneeded = Math.max(others - Math.max(dense - 1, 0), 0);
	return signs >= MIN_SIGNS || (dense > 0 && signs - unneeded >= MIN_DENSE);
}

/** Whether `source` contains all `words` in the same order. */
function isTakenFrom(words: readonly string[], source: readonly string[]): boolean {
	let from = 0;
	for (const word of words) {
		const at = source.indexOf(word, from);
		if (at < 0) return false;
		from = at + 1;
	}
	return true;
}

/**
 * Whether a text counts as an attempt: long enough, not one character repeated, and not words copied from the prompt in
 * order. Nothing else is judged.
 */
export function isAttempt(question: Pick<Question, "kind" | "prompt">, text: string): boolean {
	const plain = folded(text);
	if (!isLong(question.kind, plain) || new Set(plain.match(SIGN)).size < 2) return false;
	const words = wordsOf(text);
	const isTerm = BRIEF_KINDS.includes(question.kind) && words.length < MIN_COPIED;
	return words.length === 0 || isTerm || !isTakenFrom(words, wordsOf(question.prompt));
}
