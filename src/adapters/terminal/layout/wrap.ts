import stringWidth from "string-width";
import wrapAnsi from "wrap-ansi";

/** The narrowest width to wrap to, in columns: below it every word would get its own line. */
const MIN_COLUMNS = 20;

export const usable = (columns: number): number => Math.max(MIN_COLUMNS, columns);

/** Wraps a paragraph at words; its lines begin with `first`, then with `rest`. */
function wrapParagraph(text: string, columns: number, first: string, rest: string): string {
	const room = Math.max(1, columns - Math.max(stringWidth(first), stringWidth(rest)));
	const lines = wrapAnsi(text, room, { hard: true, trim: true }).split("\n");
	return lines.map((line, index) => `${index === 0 ? first : rest}${line}`.trimEnd()).join("\n");
}

/** The list mark that a line begins with; empty without one. */
const markOf = (line: string): string => /^\s*(?:[-*•]|\d{1,2}[.)]|[A-D]\))\s+/.exec(line)?.[0] ?? "";

/** Wraps text at words, with a hanging indent for list items. */
export function wrapText(text: string, columns: number, first = "", rest = first): string {
	return text
		.split("\n")
		.map((line, index) => {
			const begin = index === 0 ? first : rest;
			const mark = markOf(line);
			if (mark === "") return wrapParagraph(line, columns, begin, rest);
			return wrapParagraph(line.slice(mark.length), columns, begin + mark, rest + " ".repeat(stringWidth(mark)));
		})
		.join("\n");
}

/** Keeps the spaces of lines. A line that is too long continues below, behind a mark. */
export function wrapPreformatted(text: string, columns: number): string {
	const indent = columns >= 60 ? "    " : "";
	const room = columns - indent.length;
	return text
		.replaceAll("\t", "    ")
		.split("\n")
		.flatMap((line) => {
			if (stringWidth(line) <= room) return [indent + line];
			const [begin = "", ...more] = wrapAnsi(line, room, { hard: true, wordWrap: false, trim: false }).split("\n");
			const others = wrapAnsi(more.join(""), room - 2, { hard: true, wordWrap: false, trim: false }).split("\n");
			return [indent + begin, ...others.map((other) => `${indent}↳ ${other}`)];
		})
		.map((line) => line.trimEnd())
		.join("\n");
}
