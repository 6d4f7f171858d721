import { existsSync, mkdirSync, statSync } from "node:fs";
import { dirname } from "node:path";

/** The file in the data folder that holds a terminal's commands for the Up key. */
export const COMMAND_HISTORY = "command-history";
/** Begins the files in the data folder that hold what was typed into terminals' forms and not sent, one for each process. */
export const UNFINISHED_TEXTS = "unfinished-texts.";

/**
 * Creates a folder and its missing parents, one by one: Node's own `recursive` never returns when a parent cannot
 * hold folders, such as /proc.
 * @throws the file system's error
 */
export function makeFolder(folder: string, mode?: number): void {
	const parent = dirname(folder);
	if (!existsSync(parent)) makeFolder(parent, mode);
	try {
		mkdirSync(folder, { mode });
	} catch (error) {
		// It existed already, or another process has just created it.
		if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw error;
	}
}
