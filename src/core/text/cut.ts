const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

/** The longest beginning of a text within `most` UTF-16 units that ends between characters as a reader counts them. */
export function beginning(text: string, most: number): string {
	if (text.length <= most) return text;
	// Characters are short: only the last ones can reach over the edge.
	const safe = Math.max(0, most - 64);
	let end = 0;
	for (const { index, segment } of segmenter.segment(text.slice(safe, most + 64))) {
		if (safe + index + segment.length > most) break;
		end = safe + index + segment.length;
	}
	return text.slice(0, end > 0 ? end : most).replace(/[\uD800-\uDBFF]$/, "");
}

/** A text of at most `most` UTF-16 units: what is longer ends with an ellipsis, between characters. */
export function cut(text: string, most: number): string {
	return text.length <= most ? text : `${beginning(text, most - 1).trimEnd()}…`;
}
