/** Splits a text into what all formats are made of: rows of cells, and blocks between blank lines. */
import { type Options, parse } from "csv-parse/sync";

/** A row of a table. */
export interface Row {
	/** Line number in the file, from 1, where the row begins. */
	readonly line: number;
	readonly cells: readonly string[];
}

/** @throws CsvError when a quote is opened and not closed */
export function rowsOf(text: string, delimiter: string, options: Options = {}): Row[] {
	const rows = parse(text, {
		delimiter,
		relax_quotes: true,
		relax_column_count: true,
		skip_empty_lines: false,
		info: true,
		...options,
	}) as unknown as { record: string[]; info: { lines: number } }[];
	let before = 0;
	return rows.map(({ record, info }) => {
		const line = before + 1;
		before = info.lines;
		return { line, cells: record };
	});
}

/** Lines that follow one another without a blank one. */
export interface Block {
	/** Line number in the file, from 1, of its first line. */
	readonly line: number;
	readonly lines: readonly string[];
}

/** @param aside matches lines that belong to no block and separate none */
export function blocksOf(text: string, aside?: RegExp): Block[] {
	const blocks: { line: number; lines: string[] }[] = [];
	let isOpen = false;
	for (const [index, line] of text.split("\n").entries()) {
		if (aside?.test(line)) continue;
		if (line.trim() === "") isOpen = false;
		else if (isOpen) blocks.at(-1)?.lines.push(line);
		else {
			blocks.push({ line: index + 1, lines: [line] });
			isOpen = true;
		}
	}
	return blocks;
}
