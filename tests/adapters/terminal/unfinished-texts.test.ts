import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { UNFINISHED_TEXTS } from "../../../src/adapters/folders.ts";
import { systemProbe } from "../../../src/adapters/process-identity.ts";
import { beginForm, type FormEntry } from "../../../src/adapters/terminal/forms.ts";
import { UnfinishedTexts } from "../../../src/adapters/terminal/input/unfinished-texts.ts";

let folder = "";
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "nlpq-texts-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const kept = (lines: readonly string[]): FormEntry => ({
	...beginForm({
		title: "Your answer",
		intro: [],
		call: { command: "answer", options: { question: "rope" } },
		fields: [{ type: "text", name: "text", label: "Your answer", hint: "", long: true, required: true, longest: 3000 }],
		submit: "Answer",
	}),
	lines,
});

/** The lines of each text. */
const linesOf = (texts: readonly FormEntry[]) => texts.map(({ lines }) => lines);

/** The folder's only file, written by another process. */
function disown(owner: Partial<ReturnType<typeof systemProbe.self>>): void {
	const [name = ""] = readdirSync(folder);
	const written = JSON.parse(readFileSync(join(folder, name), "utf8"));
	writeFileSync(join(folder, name), JSON.stringify({ ...written, owner: { ...written.owner, ...owner } }));
}

test("what was typed comes back in the next process, and once", () => {
	expect(new UnfinishedTexts(folder).write([kept(["Rotations", "of pairs"])])).toBe(true);
	const next = new UnfinishedTexts(folder);
	expect(linesOf(next.read())).toEqual([["Rotations", "of pairs"]]);
	expect(readdirSync(folder)).toHaveLength(1);
	expect(next.write([])).toBe(true);
	expect(readdirSync(folder)).toEqual([]);
});

test("two processes keep their texts apart, and the next takes up both", () => {
	const [one, other] = [new UnfinishedTexts(folder), new UnfinishedTexts(folder)];
	one.write([kept(["Rotations"])]);
	other.write([kept(["Scaling"])]);
	one.write([kept(["Rotations", "of pairs"])]);
	expect(linesOf(new UnfinishedTexts(folder).read()).sort()).toEqual([["Rotations", "of pairs"], ["Scaling"]]);
});

test("a text is not taken from a process that still runs, but from one whose id another process has now", () => {
	new UnfinishedTexts(folder).write([kept(["Rotations"])]);
	const child = spawn(process.execPath, ["-e", "process.stdin.resume()"], { stdio: ["pipe", "ignore", "ignore"] });
	onTestFinished(() => void child.kill());
	disown({ pid: child.pid ?? 0, started: null });
	expect(new UnfinishedTexts(folder).read()).toEqual([]);
	// Only Linux says when a process started.
	if (systemProbe.self().started === null) return;
	disown({ started: "1" });
	expect(linesOf(new UnfinishedTexts(folder).read())).toEqual([["Rotations"]]);
});

test("a text is taken from a process of an earlier boot", () => {
	new UnfinishedTexts(folder).write([kept(["Rotations"])]);
	disown({ boot: "an earlier one", pid: process.ppid });
	expect(linesOf(new UnfinishedTexts(folder).read())).toEqual([["Rotations"]]);
});

test("a process that has not read the texts erases them too, with what a killed one left", () => {
	new UnfinishedTexts(folder).write([kept(["Rotations"])]);
	writeFileSync(join(folder, `${UNFINISHED_TEXTS}1.new`), "left by a process that was killed while it wrote");
	new UnfinishedTexts(folder).erase();
	expect(readdirSync(folder)).toEqual([]);
});

test("where nothing can be written, a text is not said to be kept", () => {
	writeFileSync(join(folder, "file"), "");
	const texts = new UnfinishedTexts(join(folder, "file", "data"));
	expect(texts.read()).toEqual([]);
	expect(texts.write([kept(["Rotations"])])).toBe(false);
	texts.erase();
});
