const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

/** The longest prefix of a text within `most` UTF-16 code units that does not split a grapheme. */
export function beginning(text: string, most: number): string {
	if (text.length <= most) return text;
	// Graphemes are short, so segment only the text around the limit.
	const safe = Math.max(0, most - 64);
	let end = 0;
	for (const { index, segment } of segmenter.segment(text.slice(safe, most + 64))) {
		if (safe + index + segment.length > most) break;
		end = safe + index + segment.length;
	}
	return text.slice(0, end > 0 ? end : most).replace(/[\uD800-\uDBFF]$/, "");
}

/** Limits a text to `most` UTF-16 code units. Cuts between graphemes and ends a cut text with an ellipsis. */
export function cut(text: string, most: number): string {
	return text.length <= most ? text : `${beginning(text, most - 1).trimEnd()}…`;
}
