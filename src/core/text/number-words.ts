const NUMBER_WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

/** The whole number that a word in lower case writes, in digits or as `zero` to `ten`; null for any other word. */
export function numberOf(word: string): number | null {
	if (/^\d{1,3}$/.test(word)) return Number(word);
	const index = NUMBER_WORDS.indexOf(word);
	return index < 0 ? null : index;
}
