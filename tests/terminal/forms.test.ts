import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { freshFolder, prepareFolderWithBank } from "../support/databases.ts";
import { CTRL_C, ENTER, type TypedProgram, typedProgram } from "../support/pseudo-terminal.ts";

const CLOCK = "2027-03-08T09:30:00Z";
const SECRET = "A sentence that only I should read.";

async function begin(folder: string, size: { columns?: number; rows?: number } = {}): Promise<TypedProgram> {
	await prepareFolderWithBank(folder);
	return typedProgram({ folder, clock: CLOCK, env: { NO_COLOR: "1" }, ...size });
}

const endsInForm = /An empty line ends it[\s\S]*\n…\s*$/;

test("on small screens a form shows how to end it and the text that it holds, and Enter never means to read on", async () => {
	const program = await begin(freshFolder(), { columns: 40, rows: 20 });
	await program.say("show transformer-size-arithmetic", /\[\d\]/);
	await program.say("quantum cooking with gas here", /Write it as my answer/);
	const number = /\[(\d)\] Write it as my answer/.exec(program.text)?.[1] ?? "";
	await program.say(number, /more lines: `\?` shows them/);
	expect(program.shown).toMatch(/> quantum cooking with gas here/);
	expect(program.shown).toMatch(endsInForm);
	expect(program.shown).not.toContain("Enter shows");
	const all = await program.say("?", /You are writing/);
	expect(all.replace(/\s+/g, " ")).toContain("one sequence of 8,192 tokens");
	expect(program.shown).toMatch(endsInForm);
	// A window that changes shows the form again, with all that was typed.
	await program.say("and a second line", /second line/);
	program.resize(44, 18);
	await program.until(() => /> quantum cooking with gas here\n> and a second line\n/.test(program.shown));
	expect(program.shown).toMatch(endsInForm);
	await program.say("", /Compare/);
	await program.say("tick what you had", /Their numbers/);
	expect(program.shown).toMatch(/Their numbers[\s\S]*Ctrl-C leaves the form\.\n…\s*$/);
	program.type(CTRL_C);
	await program.until(/\n>\s*$/);
	program.type(`q${ENTER}`);
	expect(await program.ended()).toBe(0);
});

test("lines of an answer outlive `quit` and a kill, in a file of its writer, until they are sent or erased", async () => {
	const folder = freshFolder();
	const file = join(folder, "unfinished-texts");
	const first = await begin(folder);
	await first.say("answer", /An empty line ends it/);
	await first.say(SECRET, /should read/);
	first.type(CTRL_C);
	await first.until(/Your text is kept: `answer again` takes it up\.\n>\s*$/);
	first.type(`quit${ENTER}`);
	expect(await first.ended()).toBe(0);
	expect(first.text).toMatch(/Your unfinished text is kept: `again` takes it up next time\.$/);
	expect(statSync(file).mode & 0o777).toBe(0o600);

	const second = await begin(folder);
	expect(second.text).toMatch(/an unfinished text from last time\. Your text is kept: `answer\s+again`/);
	await second.say("again", /> A sentence that only I should read/);
	await second.say("A second line.", /second line/);
	await second.until(() => readFileSync(file, "utf8").includes("A second line."));
	second.signal("SIGKILL");
	await second.ended();

	const third = await begin(folder);
	await third.say("answer", /> A sentence that only I should read\.\n> A second line\./);
	await third.say("", /Counted for today/);
	await third.until(() => !existsFile(file));
	await third.say("report", /An empty line ends it/);
	await third.say("Not quite clear to me.", /clear/);
	expect(existsFile(file)).toBe(true);
	third.type(CTRL_C);
	await third.until(/takes it up\.\n>\s*$/);
	await third.say("settings forget confirm:yes", /forgotten|erased/i);
	expect(existsFile(file)).toBe(false);
	third.type(`q${ENTER}`);
	expect(await third.ended()).toBe(0);
	expect(existsFile(file)).toBe(false);
});

const existsFile = (file: string): boolean => statSync(file, { throwIfNoEntry: false }) !== undefined;

test("a command in a form, a tiny answer and a paragraph after an answer are asked about, and one Ctrl-C does not leave", async () => {
	const program = await begin(freshFolder());
	await program.say("answer", /An empty line ends it/);
	await program.say("settings interview 11 march", /is a command: an empty line runs it/);
	await program.say("", /Your interview is on/);
	await program.say("answer", /An empty line ends it/);
	await program.say("settings interview 11 march", /is a command: an empty line runs it/);
	await program.say("is how I would begin this answer.", /begin this answer/);
	await program.say("", /Counted for today/);
	// What follows the empty line was meant as the next paragraph.
	await program.say(
		"It shows how the second paragraph goes on with it.",
		/Your answer is sent: the empty line ended it/,
	);
	expect(await program.say("history", /Your answers/)).toContain("Your answers: 1");
	await program.say("show kv-cache", /\[\d\]/);
	await program.say("answer", /An empty line ends it/);
	await program.say("easy", /easy/);
	await program.say("D", /D/);
	await program.say("", /Is “easy\s+D” your whole answer\?/);
	program.type(CTRL_C);
	await program.until(/takes it up\.\n>\s*$/);
	expect(await program.say("history", /Your answers/)).toContain("Your answers: 1");
	program.type(CTRL_C);
	await program.until(/\(Ctrl-C again leaves, and so does `quit`\.\)\n>\s*$/);
	program.type(CTRL_C);
	expect(await program.ended()).toBe(0);
});
