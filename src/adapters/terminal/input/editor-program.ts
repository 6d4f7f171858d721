import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The shell command of the member's own editor; null if none is set. */
export function editorProgram(environment: Readonly<Record<string, string | undefined>>): string | null {
	return environment.VISUAL?.trim() || environment.EDITOR?.trim() || null;
}

/**
 * Lets a member edit a text in another program, through a file that only they can read and that is deleted afterwards.
 * @param program a shell command, such as `code --wait`
 * @returns null when the program failed; the text is then unchanged
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
