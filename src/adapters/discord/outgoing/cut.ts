/** Cuts and splits markdown that is too long. */
import { beginning } from "../../../core/text/cut.ts";

/** Cuts a text to `most` UTF-16 units, with an ellipsis. */
export function cut(text: string, most: number): string {
	if (text.length <= most) return text;
	return `${beginning(text, most - 1)
		.trimEnd()
		// A trailing backslash would have escaped the character that was cut off.
		.replace(/\\+$/, "")}…`;
}

const BREAKS = ["\n\n", "\n", ". ", " "] as const;

/** Where to break a text, within its first `most` units: after a paragraph, line, sentence, word or character. */
function breakIn(text: string, most: number): number {
	const start = beginning(text, most);
	for (const mark of BREAKS) {
		const at = start.lastIndexOf(mark);
		// A break in the first third would waste most of the room.
		if (at > most / 3) return at + mark.length;
	}
	// Keep a backslash with the character it escapes.
	const slashes = /\\*$/.exec(start)?.[0].length ?? 0;
	return Math.max(1, start.length - (slashes % 2));
}

/**
 * Splits a text into a part of at most `first` units and parts of at most `most`. Only whitespace at the edges is lost.
 */
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
