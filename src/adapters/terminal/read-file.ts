import { readFile, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { resolve } from "node:path";
import { UserError } from "../../core/errors.ts";
import { requireSize } from "../../core/import/file-text.ts";

const REASONS: Readonly<Record<string, string>> = {
	ENOENT: "does not exist",
	EISDIR: "is a folder",
	EACCES: "may not be read by this program",
};

/**
 * Reads a file by its path, relative to where the program was started.
 * @throws UserError when it is too large or cannot be read
 */
export async function readPath(path: string): Promise<Uint8Array> {
	const file = resolve(path.replace(/^~(?=[/\\]|$)/, homedir()));
	try {
		// Check the size first: a file of many gigabytes would not fit into memory.
		const { size } = await stat(file);
		requireSize(size);
		return await readFile(file);
	} catch (error) {
		if (error instanceof UserError) throw error;
		const code = error instanceof Error && "code" in error ? String(error.code) : "";
		throw new UserError(
			`That file ${REASONS[code] ?? `cannot be read (${code})`}. Nothing was changed.`,
			"Write its path from the folder in which nlpq was started, in quotes if it contains spaces.",
		);
	}
}
