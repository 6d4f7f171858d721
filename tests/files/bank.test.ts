import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { stringify } from "yaml";
import { faultLine, loadQuestionFiles, parseAhead } from "../../src/adapters/files/bank.ts";
import { lintBank } from "../../tools/bank/lint.ts";
import { makeOptions, makeRecord, type QuestionRecord } from "../support/question.ts";

/** A separate bank folder with the given files. */
function folderOf(files: Readonly<Record<string, string>>): string {
	const folder = mkdtempSync(join(tmpdir(), "nlpq-bank-"));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	for (const [file, content] of Object.entries(files)) {
		mkdirSync(dirname(join(folder, file)), { recursive: true });
		writeFileSync(join(folder, file), content);
	}
	return folder;
}

const yaml = (changes: Partial<QuestionRecord> = {}) => stringify(makeRecord(changes));
const FILE = "transformers/sample-question.yaml";

/** The faults of one file beside a sound one. */
async function faultsOf(content: string, file = FILE) {
	const sound = yaml({ id: "sound", category: "debugging" });
	const { questions, faults } = await loadQuestionFiles(folderOf({ [file]: content, "debugging/sound.yaml": sound }));
	expect(questions.has("sound")).toBe(true);
	return faults;
}

/** The line on which a text first occurs in a file. */
const lineOf = (content: string, text: string) => content.slice(0, content.indexOf(text)).split("\n").length;

test("a sound file is read, with defaults for what it leaves out", async () => {
	const { questions, faults } = await loadQuestionFiles(folderOf({ [FILE]: yaml() }));
	expect(faults).toEqual([]);
	expect([...questions.keys()]).toEqual(["sample-question"]);
	expect(questions.get("sample-question")).toMatchObject({
		needs: [],
		see: [],
		key_points: [{ must: true }, { must: false }, {}, {}, {}],
	});
});

describe("a file that cannot be read as a record", () => {
	test.each(["", "\n\n", "# only a comment\n"])("empty: %j", async (content) => {
		expect(await faultsOf(content)).toEqual([
			{ file: FILE, line: 1, field: "", message: "the file is empty: expected one question record", example: null },
		]);
	});

	test("not YAML: the line where it stops being YAML", async () => {
		const content = `${yaml().split("\n").slice(0, 3).join("\n")}\ntags: [attention\nminutes: 5\n`;
		const [fault, ...others] = await faultsOf(content);
		expect(others.every((other) => other.message.startsWith("not valid YAML"))).toBe(true);
		expect(fault).toMatchObject({ file: FILE, field: "" });
		expect(fault?.message).toMatch(/^not valid YAML: /);
		expect(fault?.line).toBeGreaterThanOrEqual(4);
		expect(fault?.line).toBeLessThanOrEqual(6);
	});

	test("a field that occurs twice", async () => {
		const content = `${yaml()}title: Another title\n`;
		const [fault] = await faultsOf(content);
		expect(fault?.message).toMatch(/^not valid YAML: Map keys must be unique/);
		expect(fault?.line).toBe(lineOf(content, "title: Another"));
	});

	test("two records in one file", async () => {
		const [fault] = await faultsOf(`${yaml()}---\n${yaml()}`);
		expect(fault?.message).toMatch(/^not valid YAML: Source contains multiple documents/);
	});

	test.each([
		["a list", "- one\n- two\n"],
		["a sentence", "What is attention?\n"],
	])("%s instead of a record", async (_name, content) => {
		const [fault] = await faultsOf(content);
		expect(fault).toMatchObject({ file: FILE, line: 1, field: "" });
		expect(fault?.message).toContain("expected object");
	});

	test("aliases that would expand without end", async () => {
		const bomb = [
			"a: &a [x, x, x, x, x, x, x, x, x, x]",
			"b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]",
			"c: [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]",
		];
		const [fault] = await faultsOf(`${bomb.join("\n")}\n`);
		expect(fault).toMatchObject({ file: FILE, field: "" });
	});
});

describe("a fault of one field", () => {
	test("two right options: file, line, field, what was expected and an example", async () => {
		const options = makeOptions().map((option, index) => ({ ...option, correct: index < 2 }));
		const content = yaml({ mcq: { stem: "Which?", options, explanation: "Because." } });
		expect(await faultsOf(content)).toEqual([
			{
				file: FILE,
				line: lineOf(content, "    - text"),
				field: "mcq.options",
				message: "exactly one option with correct: true, here 2",
				example: expect.stringContaining("mcq:\n"),
			},
		]);
	});

	test("an over-long field", async () => {
		const content = yaml({ title: "x".repeat(76) });
		expect(await faultsOf(content)).toEqual([
			{
				file: FILE,
				line: lineOf(content, "x".repeat(76)),
				field: "title",
				message: expect.stringContaining("<=75 characters"),
				example: "title: What the KV cache stores",
			},
		]);
	});

	test("deep in a list: the line of that entry", async () => {
		const options = makeOptions().map((option, index) => (index === 2 ? { ...option, why: "y".repeat(201) } : option));
		const content = yaml({ mcq: { stem: "Which?", options, explanation: "Because." } });
		const [fault] = await faultsOf(content);
		expect(fault).toMatchObject({ field: "mcq.options.2.why", line: lineOf(content, "yyyyy") });
	});

	test("a missing field, with an example", async () => {
		const { hint: _, ...rest } = makeRecord();
		const [fault] = await faultsOf(stringify(rest));
		expect(fault).toMatchObject({
			field: "hint",
			line: 1,
			example: "hint: Think of what attention needs from earlier tokens.",
		});
	});

	test("a field that does not exist is named, with its line", async () => {
		const content = `${yaml()}answr: A typo.\n`;
		expect(await faultsOf(content)).toEqual([
			{ file: FILE, line: lineOf(content, "answr"), field: "answr", message: "no such field: answr", example: null },
		]);
	});

	test("a field named like a property of every object does not exist", async () => {
		for (const name of ["constructor", "toString"]) {
			const [fault] = await faultsOf(`${yaml()}${name}: x\n`);
			expect(fault).toMatchObject({ field: name, message: `no such field: ${name}`, example: null });
		}
	});

	test("a value outside of its list names the list", async () => {
		const [fault] = await faultsOf(yaml().replace("difficulty: basic", "difficulty: simple"));
		expect(fault).toMatchObject({ field: "difficulty", example: "difficulty: intermediate" });
		for (const word of ["basic", "intermediate", "advanced"]) expect(fault?.message).toContain(word);
	});

	test("several faults of one file are reported together", async () => {
		const fields = (await faultsOf(yaml({ title: "", hint: "z".repeat(201), tags: ["attention"] }))).map(
			(fault) => fault.field,
		);
		expect(fields.sort()).toEqual(["hint", "tags", "title"]);
	});
});

describe("a fault of the file's place", () => {
	test("a file in another category's folder", async () => {
		const [fault, ...others] = await faultsOf(yaml(), "fundamentals/sample-question.yaml");
		expect(others).toEqual([]);
		expect(fault).toMatchObject({
			file: "fundamentals/sample-question.yaml",
			field: "category",
			line: lineOf(yaml(), "category:"),
			message: "the file is in fundamentals, but its category is transformers",
			example: "category: transformers",
		});
	});

	test("a file whose name differs from its id", async () => {
		const [fault] = await faultsOf(yaml(), "transformers/other.yaml");
		expect(fault).toMatchObject({
			field: "id",
			line: 1,
			message: "the file is named other.yaml, its id is sample-question: they must be the same",
		});
	});

	test("an id used in two files: the second is reported, naming the first", async () => {
		const folder = folderOf({ [FILE]: yaml(), "transformers/zz/sample-question.yaml": yaml() });
		const { questions, faults } = await loadQuestionFiles(folder);
		expect(questions.size).toBe(1);
		expect(faults).toEqual([
			{
				file: "transformers/zz/sample-question.yaml",
				line: 1,
				field: "id",
				message: `"sample-question" is already the id of ${FILE}: ids are unique`,
				example: "id: kv-cache",
			},
		]);
	});

	test("a link to nothing is found by the bank's lint", async () => {
		const { questions, faults } = await loadQuestionFiles(folderOf({ [FILE]: yaml({ needs: ["nowhere"] }) }));
		expect(faults).toEqual([]);
		expect(lintBank(questions)).toEqual([
			{ id: "sample-question", field: "needs", message: '"nowhere" is not a question of the bank' },
		]);
	});

	test("other files are ignored", async () => {
		const folder = folderOf({
			[FILE]: yaml(),
			"README.md": "# The bank",
			"transformers/notes.txt": "later",
			".hidden": "x",
		});
		expect((await loadQuestionFiles(folder)).faults).toEqual([]);
	});
});

describe("what was parsed ahead", () => {
	test("gives the same bank as parsing again", async () => {
		const ahead = await parseAhead("questions");
		const stored: typeof ahead = new Map(JSON.parse(JSON.stringify([...ahead])));
		expect(ahead.size).toBeGreaterThanOrEqual(100);
		expect(await loadQuestionFiles("questions", stored)).toEqual(await loadQuestionFiles("questions"));
	});

	test("is used only for a file that has not changed", async () => {
		const ahead = await parseAhead(folderOf({ [FILE]: yaml({ title: "As it was" }) }));
		const planted = new Map([...ahead].map(([key, { idLine }]) => [key, { question: null, idLine }]));
		const same = await loadQuestionFiles(folderOf({ [FILE]: yaml({ title: "As it was" }) }), planted);
		expect(same.questions.size).toBe(0);
		const changed = await loadQuestionFiles(folderOf({ [FILE]: yaml({ title: "As it is" }) }), planted);
		expect([...changed.questions.values()].map(({ title }) => title)).toEqual(["As it is"]);
		const moved = await loadQuestionFiles(folderOf({ "debugging/other.yaml": yaml({ title: "As it was" }) }), planted);
		expect(moved.faults).toHaveLength(2);
	});

	test("never contains a file with faults", async () => {
		expect(
			(await parseAhead(folderOf({ [FILE]: yaml({ id: "other" }), "transformers/broken.yaml": "id: [" }))).size,
		).toBe(0);
	});
});

test("one bad file hides neither the others nor their faults", async () => {
	const folder = folderOf({
		[FILE]: yaml(),
		"transformers/empty.yaml": "",
		"transformers/broken.yaml": "id: [",
		"debugging/long.yaml": yaml({ id: "long", category: "debugging", hint: "h".repeat(300) }),
	});
	const { questions, faults } = await loadQuestionFiles(folder);
	expect([...questions.keys()]).toEqual(["sample-question"]);
	expect(new Set(faults.map((fault) => fault.file))).toEqual(
		new Set(["debugging/long.yaml", "transformers/broken.yaml", "transformers/empty.yaml"]),
	);
});

test("a fault's line contains place, field, expectation and example", () => {
	expect(
		faultLine({ file: "a/b.yaml", line: 7, field: "title", message: "too long", example: "title: Short\nand sweet" }),
	).toBe("a/b.yaml:7: title: too long\n    for example: title: Short\n    and sweet");
	expect(faultLine({ file: "a/b.yaml", line: null, field: "", message: "empty", example: null })).toBe(
		"a/b.yaml: empty",
	);
});
