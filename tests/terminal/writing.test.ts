import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { freshFolder, prepareFolderWithBank } from "../support/databases.ts";
import { CLOCK } from "../support/program.ts";
import { CTRL_C, CTRL_D, CTRL_E, ENTER, paste, type TypedProgram, typedProgram } from "../support/pseudo-terminal.ts";

const UP = "\u001b[A";

async function begin(env: Readonly<Record<string, string>> = {}): Promise<TypedProgram> {
	const folder = freshFolder();
	await prepareFolderWithBank(folder);
	return typedProgram({ folder, clock: CLOCK, env: { NO_COLOR: "1", ...env } });
}

test("an answer of several lines, one of them taken back and one pasted, is one text; Ctrl-C keeps it; `q` leaves", async () => {
	const program = await begin();
	await program.say("1", /An empty line ends it/);
	await program.say("BLEU counts overlapping n-grams.", /n-grams/);
	await program.say("It sees no meening.", /meening/);
	program.type(UP);
	await program.until(/… It sees no meening\.$/);
	program.type("\b".repeat("meening.".length));
	await program.say("meaning, as the pasted table shows:", /meaning, as/);
	// Neither the number nor the empty line nor the command in it does anything.
	program.type(paste("2\n\nquit\n/nlpq today"));
	await program.until(/… \/nlpq today\n…/);
	program.type(`Half a li${CTRL_C}`);
	await program.until(/Half a li\^C\nYour text is kept: `answer again` takes it up\.\n>/);
	// Each way to the same form brings the text back.
	for (const command of ["answer", "1", "again"]) {
		await program.say(command, /> Half a li\n\n[^>]*An empty line ends it[^>]*\n…\s*$/);
		program.type(CTRL_C);
		await program.until((text) => text.trimEnd().endsWith("takes it up.\n>"));
	}
	// What is written into another form takes nothing away.
	await program.say("report", /An empty line ends it/);
	program.type(`Unclear${CTRL_C}`);
	await program.until(/Unclear\^C\nYour text is kept: `again` takes it up\.\n>/);
	await program.say("answer", /> Half a li\n\n[^>]*An empty line ends it[^>]*\n…\s*$/);
	program.type(CTRL_C);
	await program.until((text) => text.trimEnd().endsWith("takes it up.\n>"));
	await program.say("answer again", /Half a li/);
	program.type(CTRL_D);
	await program.until(/Counted for today/);
	await program.prompt();
	const history = await program.say("history answer:1", /Your answer/);
	const words = history.replace(/^[>\s]+/gm, "");
	expect(words).toContain(
		"BLEU counts overlapping n-grams.\nIt sees no meaning, as the pasted table shows:\n2\nquit\n/nlpq today\nHalf a li",
	);
	program.type(`q${ENTER}`);
	expect(await program.ended()).toBe(0);
});

test("several lines that arrive at once outside a form run nothing, with paste marks or without", async () => {
	const program = await begin();
	for (const [turn, pasted] of [paste("2\n3\nthe third line\n"), "2\r3\rthe third line\r"].entries()) {
		program.type(pasted);
		await program.until((text) => text.split("3 lines came at once. Nothing was done with them").length === turn + 2);
		await program.prompt();
		expect(program.text).not.toMatch(/Quick check ·|Hint · /);
		await program.say("1", /An empty line ends it/);
		program.type(CTRL_C);
		await program.prompt();
	}
	// One pasted line waits for Enter.
	program.type(paste("hint\n"));
	await program.until(/> hint$/);
	await program.say("", /Hint · /);
	program.type(`unfinished${CTRL_C}`);
	await program.until(/unfinished\^C\n>/);
	program.type(CTRL_C);
	expect(await program.ended()).toBe(0);
});

test("a command by itself is no answer but leaves the form, which keeps its text; after the editor no line is repeated", async () => {
	const editor = join(freshFolder(), "editor.sh");
	writeFileSync(editor, 'printf "\nadded in the editor\n" >> "$1"');
	const program = await begin({ EDITOR: `sh ${editor}` });
	await program.say("1", /An empty line ends it/);
	await program.say("skip", /You have no practice run open/);
	await program.say("1", /An empty line ends it/);
	await program.say("?", /You are writing[\s\S]*keeps what you/);
	await program.say("the first line of mine", /of mine/);
	program.type(`and the second${CTRL_E}`);
	await program.until(/… added in the editor\n/);
	await program.prompt();
	for (const line of ["the first line of mine", "and the second", "added in the editor"])
		expect(program.lines.filter((shown) => shown.endsWith(line))).toHaveLength(1);
	await program.say("quit", /Your text is kept: `answer again` takes it up/);
	await program.say("answer again", /> the first line of mine\n> and the second\n> added in the editor/);
	program.type(CTRL_C);
	await program.until((text) => text.trimEnd().endsWith("takes it up.\n>"));
	expect(await program.say("history", /Your answers/)).toContain("Your answers: 0");
	program.type(`q${ENTER}`);
	expect(await program.ended()).toBe(0);
});

test("Ctrl-E opens the editor with the text so far, and its text comes back; a wrong rating keeps the form", async () => {
	const editor = join(freshFolder(), "editor.sh");
	writeFileSync(
		editor,
		'tr a-z A-Z < "$1" > "$1.new" && printf "\\nand a line of the editor\\n" >> "$1.new" && mv "$1.new" "$1"',
	);
	const program = await begin({ EDITOR: `sh ${editor}` });
	await program.say("answer", /An empty line ends it/);
	await program.say("written in the line", /line/);
	program.type(`and unfinished${CTRL_E}`);
	await program.until(/… WRITTEN IN THE LINE\n… AND UNFINISHED\n… and a line of the editor/);
	await program.prompt();
	program.type(ENTER);
	await program.until(/Counted for today/);
	await program.prompt();
	const ticks = /\[(\d+)\] Tick what you had/.exec(program.text)?.[1] ?? "";
	await program.say(ticks, /Ctrl-C leaves the form/);
	await program.say("none at all", /not numbers of key points/);
	await program.say("1,2", /Noted: 2 of/);
	program.type(CTRL_D);
	expect(await program.ended()).toBe(0);
});
