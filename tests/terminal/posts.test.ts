import { expect, onTestFinished, test } from "vitest";
import { compile } from "../support/compiled.ts";
import { freshFolder, prepareFolderWithBank } from "../support/databases.ts";
import { byEffort } from "../support/effort.ts";
import { runProgram } from "../support/program.ts";
import { ENTER, LEFT, typedProgram } from "../support/pseudo-terminal.ts";

test("yesterday's answer comes before today's question, as one line that `open` and a number unfold", async () => {
	const folder = freshFolder();
	await prepareFolderWithBank(folder);
	const clock = "2027-03-08T09:30:00Z";
	const { out } = await runProgram(["/clock +2d", "6", "open"], { folder, clock, args: [] });
	const title = /Question of the day #2 · (.+)/.exec(out)?.[1] ?? "?";
	const [folded, posted] = [out.indexOf(`The answer to #2 · ${title} (\`open\` shows it)`), out.indexOf("day #3 ·")];
	expect(folded).toBeGreaterThan(0);
	expect(posted).toBeGreaterThan(folded);
	expect(out.slice(folded, posted)).not.toContain("Strong answer");
	expect(out.split("Strong answer")).toHaveLength(3);
});

/** Whether the line at the bottom of the screen, in any number of rows, shows what was typed. */
const showsLine = (text: string, typed: string) => text.replaceAll("\n", "").trimEnd().endsWith(`> ${typed}`.trimEnd());

const LINE = "answer today What I would say of 東京 and of the first of them all.";
/** How many keys are typed between two arriving questions. */
const STEP_INTERVAL = byEffort({ test: 22, ci: 3, full: 1 });

test("questions that arrive at each key of a line leave it intact, and it goes to the question it was begun for", async () => {
	const worker = compile("tests/support/typed-worker.ts");
	onTestFinished(() => worker.remove());
	const folder = freshFolder();
	await prepareFolderWithBank(folder);
	const program = await typedProgram({ folder, program: worker.path, args: [folder], columns: 40 });
	const first = /Question of the day #1 ·([\s\S]+?)Category/.exec(program.text)?.[1]?.trim() ?? "?";
	const arrives = async (number: number, typed: string) => {
		program.signal("SIGUSR2");
		await program.until((text) => text.includes(`day #${number} ·`) && showsLine(text, typed));
	};
	let [typed, number] = ["", 1];
	for (let from = 0; from < LINE.length; from += STEP_INTERVAL) {
		const keys = LINE.slice(from, from + STEP_INTERVAL);
		typed += keys;
		program.type(keys);
		await program.until((text) => showsLine(text, typed));
		number += 1;
		await arrives(number, typed);
	}
	// Within the line too, and the next key goes where the cursor was.
	program.type(LEFT.repeat(4));
	await arrives(number + 1, LINE);
	program.type("b");
	await program.until((text) => showsLine(text, LINE.replace("all.", "ball.")));
	program.type(ENTER);
	await program.until(/Compare · [\s\S]*\n>\s*$/);
	expect(/Compare · ([\s\S]+?)\n\n/.exec(program.text)?.[1]?.replaceAll("\n", " ")).toBe(first.replaceAll("\n", " "));
	expect(program.text.replaceAll(/\s+(> )?/g, " ")).toContain(" What I would say of 東京 and of the first");
	program.type(`q${ENTER}`);
	expect(await program.ended()).toBe(0);
});

test("a question that arrives while a form is open leaves every line of the text, which goes to its own question", async () => {
	const worker = compile("tests/support/typed-worker.ts");
	onTestFinished(() => worker.remove());
	const folder = freshFolder();
	await prepareFolderWithBank(folder);
	const program = await typedProgram({ folder, program: worker.path, args: [folder], columns: 40, rows: 20 });
	const first = /Question of the day #1 ·([\s\S]+?)Category/.exec(program.text)?.[1]?.trim() ?? "?";
	await program.say("answer", /An empty line ends it/);
	await program.say("What it is, in words of my own.", /my own/);
	const second = "What 東京 costs, which is more than one row of it.";
	for (const [number, typed] of ["", second.slice(0, 20), second].entries()) {
		program.type(second.slice(0, typed.length).slice(number === 2 ? 20 : 0));
		await program.until((text) => text.replaceAll("\n", "").trimEnd().endsWith(`… ${typed}`.trimEnd()));
		program.signal("SIGUSR2");
		await program.until((text) => text.includes(`day #${number + 2} ·`) && endsIn(text, typed));
		// What is typed stays on the screen, with how to end it.
		await program.until(() => /An empty line ends it[\s\S]*\n… /.test(program.shown));
	}
	program.type(ENTER);
	await program.until((text) => /\n…\s*$/.test(text));
	program.signal("SIGUSR2");
	await program.until((text) => text.includes("day #5 ·") && endsIn(text, ""));
	program.type(ENTER);
	await program.until(/Compare · [\s\S]*\n>\s*$/);
	expect(/Compare · ([\s\S]+?)\n\n/.exec(program.text)?.[1]?.replaceAll("\n", " ")).toBe(first.replaceAll("\n", " "));
	// On a small screen the text is below what fits.
	program.type(ENTER);
	await program.until((text) =>
		text
			.slice(text.lastIndexOf("Compare · "))
			.replaceAll(/\s+(> )?/g, " ")
			.includes("What it is, in words of my own. What 東京 costs, which is more than one row of it."),
	);
	program.type(`q${ENTER}`);
	expect(await program.ended()).toBe(0);
});

/** Whether the form's prompt is at the bottom, with what was typed. */
const endsIn = (text: string, typed: string) => text.replaceAll("\n", "").trimEnd().endsWith(`… ${typed}`.trimEnd());
