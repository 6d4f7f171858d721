import { MAX_BYTES } from "../../src/core/import/file-text.ts";

/** A file that an admin may bring by mistake. */
export interface BadImport {
	readonly name: string;
	readonly content: string | Uint8Array;
	/** Bytes that the platform says it has, where that is not so. */
	readonly size?: number;
	/** What the reply says. */
	readonly says: string;
}

const HEADER = "title,prompt,answer,options\n";

export const BAD_IMPORTS: readonly BadImport[] = [
	{ name: "an empty file", content: "", says: "No question was found in it. Nothing was changed." },
	{
		name: "50 MB",
		content: new Uint8Array(MAX_BYTES + 1).fill(65),
		size: 50 * 1024 * 1024,
		says: "at most 5 MB are read. Nothing was changed.",
	},
	{
		name: "a spreadsheet's binary",
		content: new Uint8Array([0x50, 0x4b, 3, 4, 0, 0]),
		says: "That file is not text. Nothing was changed.",
	},
	{
		name: "two right options",
		content: `${HEADER}T,P?,A.,"* a\n* b\nc\nd"\n`,
		says: "line 2: options: exactly one right option",
	},
	{
		name: "an id of the bank",
		content: "id,title,prompt,answer\nkv-cache,T,P?,A.\n",
		says: "line 2: kv-cache is the id of a question of the bank",
	},
	{
		name: "10,000 rows",
		content: `${HEADER}${Array.from({ length: 10_000 }, (_, row) => `T${row},P${row}?,A.,`).join("\n")}\n`,
		says: "It has 10000 questions; at most 2000 are taken. Nothing was changed.",
	},
	{ name: "a formula in a cell", content: `${HEADER}T,"=1+2",A.,\n`, says: "line 2: a cell holds a formula" },
];
