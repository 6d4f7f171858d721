import { expect, onTestFinished, test } from "vitest";
import { compile } from "../support/compiled.ts";
import { freshFolder, prepareFolderWithBank } from "../support/databases.ts";
import { runProgram } from "../support/program.ts";
import { ENTER, typedProgram } from "../support/pseudo-terminal.ts";

test("yesterday's answer comes before today's question, as one line that `open` and a number unfold", async () => {
	const folder = freshFolder();
	await prepareFolderWithBank(folder);
	const clock = "2027-03-08T09:30:00Z";
	const { out } = await runProgram(["/clock +2d", "6", "open"], { folder, clock, flags: [] });
	const title = /Question of the day #2: (.+)/.exec(out)?.[1] ?? "?";
	const [folded, posted] = [out.indexOf(`The answer to #2: ${title} (\`open\` shows it)`), out.indexOf("day #3:")];
	expect(folded).toBeGreaterThan(0);
	expect(posted).toBeGreaterThan(folded);
	expect(out.slice(folded, posted)).not.toContain("Strong answer");
	expect(out.split("Strong answer")).toHaveLength(3);
});

/** Whether the line at the foot of the screen, in any number of rows, holds what was typed. */
const showsLine = (text: string, typed: string) => text.replaceAll("\n", "").trimEnd().endsWith(`> ${typed}`.trimEnd());

test("questions that arrive at each key of a line leave it whole, and it goes to the question it was begun for", async () => {
	const worker = compile("tests/support/typed-worker.ts");
	onTestFinished(() => worker.remove());
	const folder = freshFolder();
	await prepareFolderWithBank(folder);
	const program = await typedProgram({ folder, program: worker.path, args: [folder], columns: 40 });
	const first = /Question of the day #1:([\s\S]+?)Category/.exec(program.text)?.[1]?.trim() ?? "?";
	let typed = "";
	for (const [index, keys] of ["answer ", "today ", "What I would say ", "of the first of ", "them all."].entries()) {
		typed += keys;
		program.type(keys);
		await program.until((text) => showsLine(text, typed));
		program.signal("SIGUSR2");
		await program.until((text) => text.includes(`day #${index + 2}:`) && showsLine(text, typed));
	}
	program.type(ENTER);
	await program.until(/Compare: [\s\S]*\n>\s*$/);
	expect(/Compare: ([\s\S]+?)\n\n/.exec(program.text)?.[1]?.replaceAll("\n", " ")).toBe(first.replaceAll("\n", " "));
	program.type(`q${ENTER}`);
	expect(await program.ended()).toBe(0);
});
