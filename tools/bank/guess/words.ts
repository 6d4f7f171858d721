/** Words too common to tell what a text is about. */
const STOP_WORDS = new Set(
	`a an the and or but if then so of to in on at by for from with without into over under as is are was were be been
	being it its this that these those they them their there than not no nor do does did has have had can could may might
	will would shall should must which who what when where how why all each any one two some more most less least only
	also just very too about because since while after before between up down out per you your we our i`.split(/\s+/),
);

/** Every word and number of a text, in lower case. */
export function wordsOf(text: string): string[] {
	return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** A word without its usual endings, so that "caches" matches "cache" and "cached". */
function stem(word: string): string {
	return word.length <= 4 ? word : word.replace(/(?:ing|ed|es|s|e)$/, "");
}

/** The words that say what a text is about, without their endings. */
export function contentWords(text: string): Set<string> {
	return new Set(
		wordsOf(text)
			.filter((word) => !STOP_WORDS.has(word) && word.length > 1)
			.map(stem),
	);
}

/** How many elements two sets share. */
export function shared(left: ReadonlySet<string>, right: ReadonlySet<string>): number {
	let count = 0;
	for (const word of left) if (right.has(word)) count += 1;
	return count;
}
