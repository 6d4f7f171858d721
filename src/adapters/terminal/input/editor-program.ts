import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The member's own editor as a command of the shell; null where none is named. */
export function editorProgram(environment: Readonly<Record<string, string | undefined>>): string | null {
	return environment.VISUAL?.trim() || environment.EDITOR?.trim() || null;
}

/**
 * Lets a member write a text in a program of their own, in a file that nobody else can read and that is gone afterwards.
 * @param program a command of the shell, such as `code --wait`
 * @returns null when the program failed, and the text stays as it was
 */
export async function writeInEditor(program: string, text: string): Promise<string | null> {
	const folder = mkdtempSync(join(tmpdir(), "nlpq-"));
	const file = join(folder, "answer.md");
	try {
		writeFileSync(file, text, { mode: 0o600 });
		const code = await new Promise<number | null>((resolve) => {
			const child = spawn(`${program} "${file}"`, { shell: true, stdio: "inherit" });
			child.once("error", () => resolve(null)).once("close", resolve);
		});
		return code === 0 ? readFileSync(file, "utf8").replace(/\r\n?/g, "\n").trimEnd() : null;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}
