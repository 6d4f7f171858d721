import { rmSync, writeFileSync } from "node:fs";
import { parse } from "node:path";

const MAX_TRIES = 100;

/**
 * Writes a file that only its user can read into the current folder. Never overwrites an existing one.
 * @returns its name; null if it cannot be written
 */
export function saveFile(name: string, content: string): string | null {
	const { name: stem, ext } = parse(name);
	for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
		const file = tries === 1 ? `${stem}${ext}` : `${stem}-${tries}${ext}`;
		try {
			writeFileSync(file, `${content}\n`, { mode: 0o600, flag: "wx" });
			return file;
		} catch (error) {
			if (error instanceof Error && "code" in error && error.code === "EEXIST") continue;
			// A full disk leaves a part of it.
			rmSync(file, { force: true });
			return null;
		}
	}
	return null;
}
