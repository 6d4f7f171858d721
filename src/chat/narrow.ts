/** Rearranges tables of monospaced text where lines are short, as on a phone. */

/** A text that would grow by a larger factor stays as it is. */
const MAX_GROWTH = 2;
/** Blanks between two columns. */
const GAP = "  ";
/** A table has at least this many rows. */
const MIN_ROWS = 3;

/** A line between rows and their sum. */
const RULE = /^\s*[-=]{5,}\s*$/;

interface Span {
	readonly start: number;
	/** Exclusive. */
	readonly end: number;
}

/** Lines without a blank one, of which those from `from` to `to` (exclusive) are rows of a table; null if there is none. */
interface Paragraph {
	readonly lines: readonly string[];
	readonly table: { readonly from: number; readonly to: number; readonly columns: readonly Span[] } | null;
}

/** Whether a line has cells: words two or more blanks apart. */
const hasCells = (line: string): boolean => /\S {2,}\S/.test(line);

/** The columns that all rows share: whatever lies between two blanks that run through every row. */
function columnsOf(rows: readonly string[]): Span[] {
	const width = Math.max(0, ...rows.map((row) => row.length));
	const isBlank = Array.from({ length: width }, (_, at) => rows.every((row) => (row[at] ?? " ") === " "));
	const columns: { start: number; end: number }[] = [];
	for (let at = 0; at < width; at += 1) {
		if (isBlank[at]) continue;
		const last = columns.at(-1);
		if (last && at - last.end < GAP.length) last.end = at + 1;
		else columns.push({ start: at, end: at + 1 });
	}
	return columns;
}

function paragraphOf(lines: readonly string[]): Paragraph {
	const from = lines.findIndex(hasCells);
	const rule = lines.findIndex((line, index) => index > from && RULE.test(line));
	const before = rule === -1 ? lines : lines.slice(0, rule);
	const to = before.findLastIndex(hasCells) + 1;
	if (from === -1 || before.filter(hasCells).length < MIN_ROWS) return { lines, table: null };
	// A line without cells inside a table has only the first of them.
	const columns = columnsOf(lines.slice(from, to));
	const [first] = columns;
	if (!first || columns.length < 2) return { lines, table: null };
	// Lines that begin behind the first column are rows too, such as a sum and the rule above it.
	const next = lines.findIndex((line, index) => index >= to && line.search(/\S/) < first.end + GAP.length);
	const end = next === -1 ? lines.length : next;
	return { lines, table: { from, to: end, columns: columnsOf(lines.slice(from, end)) } };
}

/** A table and the paragraph below it as one, if that has the same columns and nothing else; null otherwise. */
function withRowsBelow({ lines, table }: Paragraph, below: Paragraph): Paragraph | null {
	if (!table || table.to < lines.length || !below.lines.every(hasCells)) return null;
	const all = [...lines, "", ...below.lines];
	const columns = columnsOf(all.slice(table.from));
	const most = Math.max(table.columns.length, columnsOf(below.lines).length);
	return columns.length < most ? null : { lines: all, table: { from: table.from, to: all.length, columns } };
}

/** Joins paragraphs that are one table with blank lines in it. */
function joined(paragraphs: readonly Paragraph[]): Paragraph[] {
	const result: Paragraph[] = [];
	for (const paragraph of paragraphs) {
		const last = result.at(-1);
		const one = last ? withRowsBelow(last, paragraph) : null;
		if (one) result[result.length - 1] = one;
		else result.push(paragraph);
	}
	return result;
}

const cellsOf = (row: string, columns: readonly Span[]): string[] =>
	columns.map(({ start, end }) => row.slice(start, end).padEnd(end - start));

const widthOf = (spans: readonly Span[]): number =>
	spans.reduce((sum, { start, end }) => sum + end - start, 0) + GAP.length * Math.max(0, spans.length - 1);

const withGaps = (cells: readonly string[]): string => cells.join(GAP).trimEnd();

/** Puts columns that do not fit beside each other below each other; the first one comes with each part. */
function stacked(rows: readonly string[], [first, ...rest]: readonly Span[], most: number): string[] {
	if (!first) return [...rows];
	const parts: Span[][] = [];
	for (const column of rest) {
		const part = parts.at(-1);
		if (part && widthOf([first, ...part, column]) <= most) part.push(column);
		else parts.push([column]);
	}
	return parts.flatMap((part, index) => [
		...(index > 0 ? [""] : []),
		...rows.map((row) => withGaps(cellsOf(row, [first, ...part]))),
	]);
}

/** Puts each row's first cell above the others. */
function headed(rows: readonly string[], [first, ...rest]: readonly Span[]): string[] {
	if (!first) return [...rows];
	return rows.flatMap((row) => {
		const [name = ""] = cellsOf(row, [first]);
		const others = withGaps(cellsOf(row, rest));
		const isBelow = others.trim() !== "";
		return [...(name.trim() === "" && isBelow ? [] : [name.trim()]), ...(isBelow ? [`${GAP}${others}`] : [])];
	});
}

/** Lays out a table's rows within `most` characters a line, as far as its columns allow. */
function layOut(rows: readonly string[], columns: readonly Span[], most: number): string[] {
	if (widthOf(columns) <= most) return rows.map((row) => withGaps(cellsOf(row, columns)));
	const [first, ...rest] = columns;
	const isWide = first !== undefined && 3 * (first.end - first.start) > most;
	const fitsBelow = GAP.length + widthOf(rest) <= most;
	return isWide && fitsBelow ? headed(rows, columns) : stacked(rows, columns, most);
}

/**
 * A monospaced text whose tables fit into lines of `most` characters, as far as possible: with fewer blanks between
 * columns, or with columns below each other. Other lines stay as they are: a client wraps them between words.
 */
export function narrowed(text: string, most: number): string {
	const paragraphs = joined(text.split(/\n(?:[^\S\n]*\n)+/).map((part) => paragraphOf(part.split("\n"))));
	const laidOut = paragraphs.map(({ lines, table }) => {
		if (lines.every((line) => line.length <= most)) return lines;
		const { from, to, columns } = table ?? { from: 0, to: 0, columns: [] };
		const rows = layOut(lines.slice(from, to), columns, most);
		return [...lines.slice(0, from), ...rows, ...lines.slice(to)].map((line) =>
			RULE.test(line) && line.length > most ? line.trim().slice(0, most) : line,
		);
	});
	const result = laidOut.map((lines) => lines.join("\n")).join("\n\n");
	return result.length > MAX_GROWTH * text.length ? text : result;
}
