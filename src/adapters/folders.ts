import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/** The file in the data folder that keeps a terminal's commands for its Up key. */
export const COMMAND_HISTORY = "command-history";

/**
 * Makes a folder and those above it, where they do not exist.
 *
 * One by one: Node's own `recursive` never ends where a parent exists and takes no folder, such as /proc.
 * @throws the file system's error
 */
export function makeFolder(folder: string, mode?: number): void {
	const parent = dirname(folder);
	if (!existsSync(parent)) makeFolder(parent, mode);
	try {
		mkdirSync(folder, { mode });
	} catch (error) {
		// It was there, or another process was faster.
		if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw error;
	}
}
