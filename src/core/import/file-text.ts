import { UserError } from "../errors.ts";

/** The largest file, in bytes. Fifty questions take about a hundredth of this. */
export const MAX_BYTES = 5 * 1024 * 1024;

/** Magic bytes of files that people mistake for text tables: zip (such as xlsx), old xls, PDF, gzip. */
const BINARY = [
	[0x50, 0x4b, 0x03, 0x04],
	[0xd0, 0xcf, 0x11, 0xe0],
	[0x25, 0x50, 0x44, 0x46],
	[0x1f, 0x8b],
] as const;

/** A text may contain a few control characters by mistake; a binary file has many. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it searches for control characters
const CONTROL = /[\u0001-\u0008\u000e-\u001a]/g;

const tooLarge = (bytes: number) =>
	new UserError(
		`The file has ${Math.ceil(bytes / 1024 / 1024)} MB; at most ${MAX_BYTES / 1024 / 1024} MB are read. Nothing was changed.`,
		"Leave out pictures, or import it in parts.",
	);

const notText = () =>
	new UserError(
		"That file is not text. Nothing was changed.",
		"Save it as CSV (from a spreadsheet), as Notes in Plain Text (from Anki), as YAML or as Markdown.",
	);

/** @throws UserError when a file is too large to import */
export function requireSize(bytes: number): void {
	if (bytes > MAX_BYTES) throw tooLarge(bytes);
}

function decode(bytes: Uint8Array): string {
	const [first, second] = bytes;
	if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
	if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
	// UTF-16 without a byte order mark: every other byte of ASCII text is zero.
	if (bytes.length > 3 && first !== 0 && second === 0 && bytes[3] === 0)
		return new TextDecoder("utf-16le").decode(bytes);
	if (bytes.length > 3 && first === 0 && second !== 0 && bytes[2] === 0)
		return new TextDecoder("utf-16be").decode(bytes);
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch {
		// Spreadsheets on Windows write this encoding.
		return new TextDecoder("windows-1252").decode(bytes);
	}
}

/**
 * Decodes a file: UTF-8, UTF-16 with or without a byte order mark, or Windows-1252.
 * @throws UserError when it is too large or not text
 */
export function textOf(bytes: Uint8Array): string {
	requireSize(bytes.length);
	if (BINARY.some((mark) => mark.every((byte, index) => bytes[index] === byte))) throw notText();
	const text = decode(bytes).replace(/^\ufeff/, "");
	if (text.includes("\u0000") || (text.match(CONTROL)?.length ?? 0) * 10 > text.length) throw notText();
	return text;
}
