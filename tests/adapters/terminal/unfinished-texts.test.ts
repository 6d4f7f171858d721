import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
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

test("what was typed comes back in the next process", () => {
	expect(new UnfinishedTexts(join(folder, "texts")).write([kept(["Rotations", "of pairs"])])).toBe(true);
	const [entry] = new UnfinishedTexts(join(folder, "texts")).read();
	expect(entry?.lines).toEqual(["Rotations", "of pairs"]);
});

test("a process that has not read the texts erases them too, with what a killed one left", () => {
	new UnfinishedTexts(join(folder, "texts")).write([kept(["Rotations"])]);
	writeFileSync(join(folder, "texts.new"), "left by a process that was killed while it wrote");
	new UnfinishedTexts(join(folder, "texts")).erase();
	expect(readdirSync(folder)).toEqual([]);
});
