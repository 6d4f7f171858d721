import { UserError } from "../errors.ts";

/** Largest file in bytes: fifty questions are about a hundredth of it. */
export const MOST_BYTES = 5 * 1024 * 1024;

/** First bytes of what people take for a table: a zip such as xlsx, an old xls, a PDF, a gzip. */
const BINARY = [
	[0x50, 0x4b, 0x03, 0x04],
	[0xd0, 0xcf, 0x11, 0xe0],
	[0x25, 0x50, 0x44, 0x46],
	[0x1f, 0x8b],
] as const;

/** A text may have one by mistake; a picture or a program has many. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const CONTROL = /[\u0001-\u0008\u000e-\u001a]/g;

const tooLarge = (bytes: number) =>
	new UserError(
		`The file has ${Math.ceil(bytes / 1024 / 1024)} MB; at most ${MOST_BYTES / 1024 / 1024} MB are read. Nothing was changed.`,
		"Leave out pictures, or import it in parts.",
	);

const notText = () =>
	new UserError(
		"That file is no text. Nothing was changed.",
		"Save it as CSV (from a spreadsheet), as Notes in Plain Text (from Anki), as YAML or as Markdown.",
	);

/** @throws UserError when a file is larger than what is read */
export function requireSize(bytes: number): void {
	if (bytes > MOST_BYTES) throw tooLarge(bytes);
}

function decode(bytes: Uint8Array): string {
	const [first, second] = bytes;
	if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
	if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
	// Without a mark, every other byte of plain letters is zero.
	if (bytes.length > 3 && first !== 0 && second === 0 && bytes[3] === 0)
		return new TextDecoder("utf-16le").decode(bytes);
	if (bytes.length > 3 && first === 0 && second !== 0 && bytes[2] === 0)
		return new TextDecoder("utf-16be").decode(bytes);
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch {
		// What spreadsheets on Windows write.
		return new TextDecoder("windows-1252").decode(bytes);
	}
}

/**
 * The text of a file: UTF-8, UTF-16 with its mark, or CP1252.
 * @throws UserError when it is too large, or no text
 */
export function textOf(bytes: Uint8Array): string {
	requireSize(bytes.length);
	if (BINARY.some((mark) => mark.every((byte, index) => bytes[index] === byte))) throw notText();
	const text = decode(bytes).replace(/^\ufeff/, "");
	if (text.includes("\u0000") || (text.match(CONTROL)?.length ?? 0) * 10 > text.length) throw notText();
	return text;
}
