/** Cutting and splitting of markdown that is longer than a place for it. */
import { beginning } from "../../../core/text/cut.ts";

/** A text cut to `most` UTF-16 units with an ellipsis. */
export function cut(text: string, most: number): string {
	if (text.length <= most) return text;
	return `${beginning(text, most - 1)
		.trimEnd()
		// A backslash at the end would have escaped what was cut.
		.replace(/\\+$/, "")}…`;
}

const BREAKS = ["\n\n", "\n", ". ", " "] as const;

/** Where a text of at most `most` units may end: after a paragraph, a line, a sentence, a word, a character. */
function breakIn(text: string, most: number): number {
	const start = beginning(text, most);
	for (const mark of BREAKS) {
		const at = start.lastIndexOf(mark);
		// A break in the first third would waste most of the place.
		if (at > most / 3) return at + mark.length;
	}
	// A backslash stays with what it escapes.
	const slashes = /\\*$/.exec(start)?.[0].length ?? 0;
	return Math.max(1, start.length - (slashes % 2));
}

/** Splits a text into parts of at most `first` and then `most` units; nothing is lost but blanks at the edges. */
export function split(text: string, first: number, most: number): string[] {
	const parts: string[] = [];
	let rest = text;
	let room = first;
	while (rest.length > room) {
		const end = breakIn(rest, room);
		parts.push(rest.slice(0, end).trimEnd());
		rest = rest.slice(end).trimStart();
		room = most;
	}
	return rest === "" ? parts : [...parts, rest];
}
