import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import stringWidth from "string-width";
import { expect, test } from "vitest";
import { UNFINISHED_TEXTS } from "../../src/adapters/folders.ts";
import { freshFolder, prepareFolderWithBank } from "../support/databases.ts";
import { isQuickRun } from "../support/effort.ts";
import { CLOCK } from "../support/program.ts";
import { CTRL_C, CTRL_D, CTRL_Z, ENTER, plain, TypedProgram, typedProgram } from "../support/pseudo-terminal.ts";

const CLEAR = "\u001b[H\u001b[J";
const [UP, UNDO] = ["\u001b[A", "\u001f"];
const SECRET = "Nobody should read this sentence of mine.";

test("Up brings back the commands of an earlier run, never an answer; forgetting oneself erases them", async () => {
	const folder = freshFolder();
	await prepareFolderWithBank(folder);
	const options = { folder, clock: CLOCK, env: { NO_COLOR: "1" } };
	const first = await typedProgram(options);
	await first.say("stats", /No statistics yet/);
	await first.say(`answer today ${SECRET}`, /Counted for today/);
	await first.say("not a command, and mine", /I don't know that command/);
	await first.say("answer last", /An empty line ends it/);
	await first.say("A second sentence of mine.", /mine/);
	first.type(CTRL_C);
	await first.until(/Your text is kept: .+\n>\s*$/);
	await first.say("streak", /Your streak/);
	first.type(`q${ENTER}`);
	expect(await first.ended()).toBe(0);
	const file = join(folder, "command-history");
	expect(readFileSync(file, "utf8")).toBe("stats\nanswer last\nstreak\n");
	expect(statSync(file).mode & 0o777).toBe(0o600);

	const second = await typedProgram(options);
	second.type(UP);
	await second.until(/> streak$/);
	second.type(UP + UP);
	await second.until(/> stats$/);
	second.type(ENTER);
	await second.until(/> stats\n[\s\S]*\n> *$/);
	await second.say("settings forget confirm:yes", /forgotten|erased/i);
	second.type(CTRL_D);
	expect(await second.ended()).toBe(0);
	expect(() => statSync(file)).toThrow();
});

test("in one session: undo, type-ahead letters, a card that is resized, one read in parts, and Ctrl-C at each place", async () => {
	const folder = freshFolder();
	await prepareFolderWithBank(folder);
	const program = await typedProgram({ folder, clock: CLOCK, env: { NO_COLOR: "1", TZ: "Asia/Tokyo" } });
	// Times are local, by the clock on the wall.
	expect(program.text).toContain("Open until at least Tue 9 Mar 2027, 18:30 (Asia/Tokyo)");
	program.type("histori");
	await program.until(/> histori$/);
	program.type(UNDO);
	await program.until(/> histor$/);
	program.type(CTRL_C);
	await program.until(/> histor\^C\n>\s*$/);

	// A long card waits for Enter; an open line survives a resize, and what is shown fits.
	await program.say("help", /Enter shows the other \d+ lines/);
	const more = await program.say("", /Enter shows the other \d+ lines/);
	expect(more).not.toContain("I don't know that command");
	// Ctrl-C gives up the rest of the card, and not the program.
	program.type(CTRL_C);
	await program.until(/> \^C\n>\s*$/);
	await program.say("today", /Today's question/);
	program.type("hi");
	await program.until(/> hi$/);
	const words = new Set<string>();
	for (const columns of [32, 120, 20, 200, 80]) {
		const before = program.written.length;
		program.resize(columns, 60);
		const drawn = () => plain(program.written.slice(before).split(CLEAR).at(1) ?? "");
		await program.until(() => /> hi$/.test(drawn().trimEnd()));
		const card = drawn().split("[1]")[0] ?? "";
		for (const line of drawn().split("\n")) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
		words.add(card.replaceAll(/\s·\s/g, " ").replaceAll(/\s+/g, " "));
	}
	expect([...words]).toEqual([expect.stringContaining("Open until at least Tue 9 Mar 2027, 18:30 (Asia/Tokyo)")]);
	await program.say("nt", /Hint · /);
	// Without a line, the prompt is below the card again.
	const before = program.written.length;
	program.resize(90, 60);
	await program.until(() => /\n> *$/.test(plain(program.written.slice(before).split(CLEAR).at(1) ?? "").trimEnd()));

	await program.say("check today", /Quick check/);
	await program.say("b)", /Well chosen|Not this time/);
	await program.say("1.", /\S/);
	if (/… *$/.test(program.text)) {
		program.type(CTRL_C);
		await program.until(/> *$/);
	}
	program.type(`q${ENTER}`);
	expect(await program.ended()).toBe(0);
});

test("a single command from the shell: `today` is shown and left; Ctrl-C in its form keeps its text for the next", async () => {
	const folder = freshFolder();
	await prepareFolderWithBank(folder);
	const env = { NO_COLOR: "1" };
	const today = new TypedProgram({ folder, clock: CLOCK, env, args: ["today"], rows: 10 });
	expect(await today.ended()).toBe(0);
	expect(today.text).toMatch(/Today's question #1[\s\S]+\[4\] Reveal\n\n.*`nlpq` alone opens one\.$/);
	expect(today.text).not.toContain("Enter shows");

	const answer = await typedProgram({ folder, clock: CLOCK, env, args: ["answer", "today"], prompt: /^… *$/m });
	answer.type(`My own first line.${ENTER}`);
	await answer.until(/… My own first line\.\n… *$/);
	answer.type("And a second");
	await answer.until(/And a second$/);
	answer.type(CTRL_C);
	expect(await answer.ended()).toBe(130);
	expect(answer.text).toMatch(/Your unfinished text is kept: the same command takes it up next time\.$/);
	const goesOn = await typedProgram({ folder, clock: CLOCK, env, args: ["answer", "today"], prompt: /^… *$/m });
	expect(goesOn.text).toMatch(/> My own first line\.\n> And a second\n/);
	goesOn.type(CTRL_D);
	expect(await goesOn.ended()).toBe(0);
	expect(readdirSync(folder).filter((name) => name.startsWith(UNFINISHED_TEXTS))).toEqual([]);
});

test.skipIf(isQuickRun)(
	"an export is a file in the current folder that its user alone can read; where none can be written, it is on the screen",
	async () => {
		const [folder, cwd] = [freshFolder(), freshFolder()];
		await prepareFolderWithBank(folder);
		const program = await typedProgram({ folder, cwd, clock: CLOCK, env: { NO_COLOR: "1" } });
		await program.say("settings export", /Written to nlpq-my-data\.json in this folder/);
		const file = join(cwd, "nlpq-my-data.json");
		expect(statSync(file).mode & 0o777).toBe(0o600);
		const written: unknown = JSON.parse(readFileSync(file, "utf8"));
		await program.say("settings export", /Written to nlpq-my-data-2\.json/);
		rmSync(cwd, { recursive: true });
		const shown = await program.say("settings export", /cannot be written, so here it is:\n[\s\S]*\n}\n/);
		expect(JSON.parse(/\n(\{[\s\S]*\n\})\n/.exec(shown)?.[1] ?? "")).toEqual(written);
		program.type(`q${ENTER}`);
		expect(await program.ended()).toBe(0);
	},
);

test("in a small window the first question begins on the screen, and Enter shows what did not fit", async () => {
	const folder = freshFolder();
	await prepareFolderWithBank(folder);
	const program = await typedProgram({ folder, clock: CLOCK, columns: 40, rows: 20, env: { NO_COLOR: "1" } });
	expect(program.shown).toMatch(/question #1|Question of the day #1/i);
	const isWhole = () => program.text.replace(/\s+/g, " ").includes("Open until at least Tue 9 Mar 2027, 09:30 (UTC)");
	const parts = () => program.text.split("(Enter shows").length;
	while (!isWhole()) {
		const before = parts();
		program.type(ENTER);
		await program.until(() => isWhole() || parts() > before);
	}
});

test("Ctrl-Z gives the terminal back to the shell even under npm, and `fg` returns with the line as it was", async () => {
	const folder = freshFolder();
	await prepareFolderWithBank(folder);
	const shell = join(freshFolder(), "shell.sh");
	// The inner shell stands for npm: it waits for the program, as one job with it.
	const job = `sh -c '"$0" "$1"; exit $?' '${process.execPath}' dist/src/main.js`;
	writeFileSync(shell, `set -m\n${job}\nwhile printf 'shell: ' && read -r word && [ "$word" = fg ]; do fg; done\n`);
	const options = { folder, clock: CLOCK, env: { NO_COLOR: "1" }, program: shell, runner: "/bin/sh" };
	const program = await typedProgram(options);
	program.type("strea");
	await program.until(/> strea$/);
	program.type(CTRL_Z);
	await program.until(/shell: $/);
	program.type(`fg${ENTER}`);
	await program.until(/> strea$/);
	await program.say("k", /Your streak/);
	await program.say("answer today", /An empty line ends it/);
	program.type("half a line");
	await program.until(/… half a line$/);
	program.type(CTRL_Z);
	await program.until(/shell: $/);
	program.type(`fg${ENTER}`);
	await program.until(/… half a line$/);
	program.type(`${CTRL_C}q${ENTER}`);
	await program.until(/Your text is kept/);
});
