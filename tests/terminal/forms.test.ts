import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, test } from "vitest";
import { UNFINISHED_TEXTS } from "../../src/adapters/folders.ts";
import { freshFolder, prepareFolderWithBank } from "../support/databases.ts";
import { freshDatabase } from "../support/postgres.ts";
import { CLOCK } from "../support/program.ts";
import { CTRL_C, ENTER, type TypedProgram, typedProgram } from "../support/pseudo-terminal.ts";

const SECRET = "A sentence that only I should read.";

async function begin(folder: string, size: { columns?: number; rows?: number } = {}): Promise<TypedProgram> {
	await prepareFolderWithBank(folder);
	return typedProgram({ folder, clock: CLOCK, env: { NO_COLOR: "1" }, ...size });
}

/** The files of unfinished texts in a data folder. */
const filesIn = (folder: string): string[] =>
	readdirSync(folder)
		.filter((name) => name.startsWith(UNFINISHED_TEXTS))
		.map((name) => readFileSync(join(folder, name), "utf8"));

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

test("lines of an answer outlive `quit`, a kill and a closed window, in a file of its writer, until they are sent or erased", async () => {
	const folder = freshFolder();
	const files = () => readdirSync(folder).filter((name) => name.startsWith(UNFINISHED_TEXTS));
	const first = await begin(folder);
	await first.say("answer", /An empty line ends it/);
	await first.say(SECRET, /should read/);
	first.type(CTRL_C);
	await first.until(/Your text is kept: `answer again` takes it up\.\n>\s*$/);
	first.type(`quit${ENTER}`);
	expect(await first.ended()).toBe(0);
	expect(first.text).toMatch(/Your unfinished text is kept: `again` takes it up next time\.$/);
	expect(files().map((name) => statSync(join(folder, name)).mode & 0o777)).toEqual([0o600]);

	const second = await begin(folder);
	expect(second.text).toMatch(/an unfinished text from last time\. Your text is kept: `answer\s+again`/);
	await second.say("again", /> A sentence that only I should read/);
	await second.say("A second line.", /second line/);
	await second.until(() => filesIn(folder).some((text) => text.includes("A second line.")));
	second.signal("SIGKILL");
	await second.ended();

	// A window that is closed takes not even the line that was not yet entered.
	const closed = await begin(folder);
	await closed.say("again", /> A second line\./);
	closed.type("Half a third");
	await closed.until(/… Half a third$/);
	closed.signal("SIGHUP");
	await closed.ended();

	const third = await begin(folder);
	await third.say("answer", /> A sentence that only I should read\.\n> A second line\.\n> Half a third/);
	await third.say("", /Counted for today/);
	await third.until(() => files().length === 0);
	await third.say("report", /An empty line ends it/);
	await third.say("Not quite clear to me.", /clear/);
	expect(files()).toHaveLength(1);
	third.type(CTRL_C);
	await third.until(/takes it up\.\n>\s*$/);
	await third.say("settings forget confirm:yes", /forgotten|erased/i);
	expect(files()).toEqual([]);
	third.type(`q${ENTER}`);
	expect(await third.ended()).toBe(0);
	expect(files()).toEqual([]);
});

test("two terminals on one database keep their unfinished texts apart, and the next takes up both", async () => {
	const [folder, url] = [freshFolder(), await freshDatabase(inject("postgresBankTemplate"))];
	const open = () => typedProgram({ folder, clock: CLOCK, env: { NO_COLOR: "1", DATABASE_URL: url } });
	const first = await open();
	await first.say("answer today", /An empty line ends it/);
	await first.say("What the first one says.", /first one says/);
	const second = await open();
	expect(second.text).not.toContain("unfinished text");
	await second.say("show kv-cache", /\[\d\]/);
	await second.say("answer", /An empty line ends it/);
	await second.say("What the second one says.", /second one says/);
	await first.say("And goes on.", /goes on/);
	await expect
		.poll(() => filesIn(folder).join())
		.toMatch(/goes on[\s\S]*second one says|second one says[\s\S]*goes on/);
	for (const program of [first, second]) {
		program.signal("SIGKILL");
		await program.ended();
	}
	const third = await open();
	expect(third.text).toContain("There is an unfinished text from last time.");
	await third.say("answer kv-cache", /> What the second one says\./);
	third.type(CTRL_C);
	await third.until(/takes it up\.\n>\s*$/);
	await third.say("answer today", /> What the first one says\.\n> And goes on\./);
});

test("where nothing can be written, an unfinished text is on the screen at the end, and not said to be kept", async () => {
	const url = await freshDatabase(inject("postgresBankTemplate"));
	const folder = join(freshFolder(), "file");
	writeFileSync(folder, "no folder can be below it");
	const program = await typedProgram({
		folder: join(folder, "data"),
		clock: CLOCK,
		env: { NO_COLOR: "1", DATABASE_URL: url },
	});
	await program.say("answer today", /An empty line ends it/);
	await program.say(SECRET, /should read/);
	program.type(CTRL_C);
	await program.until(/takes it up\.\n>\s*$/);
	await program.say("answer again", /> A sentence that only I should read\./);
	program.type(CTRL_C);
	await program.until(/takes it up\.\n>\s*$/);
	program.type(`quit${ENTER}`);
	expect(await program.ended()).toBe(0);
	expect(program.text).toMatch(/\nNot sent, and not kept:\n\nA sentence that only I should read\.$/);
});

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
