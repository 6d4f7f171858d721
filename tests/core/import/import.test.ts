import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { textOf } from "../../../src/core/import/file-text.ts";
import { readQuestions } from "../../../src/core/import/read.ts";
import { EXPORT_FORMATS, writeQuestions } from "../../../src/core/import/write.ts";
import { checkDraft, type OwnContent } from "../../../src/core/question/own.ts";
import { ownContent } from "../../support/own.ts";

const read = (text: string) => readQuestions(text, (id) => id === "kv-cache");
const short = ({ title, prompt, answer, key_points: points, options }: OwnContent) => ({
	title,
	prompt,
	answer,
	points: points.map(({ label }) => label),
	right: options.find(({ correct }) => correct)?.text ?? null,
});

/** CP1252: one byte for each of these characters. */
const cp1252 = (text: string) => Uint8Array.from(text, (sign) => sign.charCodeAt(0));

describe("an import reads what other programs write", () => {
	test("Anki's notes as plain text, with html", () => {
		const text = [
			"#separator:tab",
			"#html:true",
			"#guid column:1",
			"#notetype column:2",
			"#deck column:3",
			"#tags column:6",
			'Nx&7a\tBasic\tNLP\tWhat is <b>BPE</b>?\t"It merges pairs.<br>""Greedily"" &amp; <i>often</i>."\tnlp',
			"k9\tBasic\tNLP\tWhy &lt;pad&gt;?<div>Say why.</div>\t<ul><li>Batches</li><li>Masks</li></ul>\t",
		].join("\n");
		expect(read(text).good.map(short)).toEqual([
			{
				title: "What is BPE?",
				prompt: "What is BPE?",
				answer: 'It merges pairs.\n"Greedily" & often.',
				points: [],
				right: null,
			},
			{
				title: "Why <pad>?",
				prompt: "Why <pad>?\nSay why.",
				answer: "- Batches\n- Masks",
				points: [],
				right: null,
			},
		]);
	});

	test("a spreadsheet's CSV with semicolons, in CP1252, its columns in any order", () => {
		const text =
			'Answer;Key points;Question\r\n"Weil; es ""glättet""";"glättet\nstabil";Warum Label-Smoothing für Übersetzung?\r\n';
		expect(read(textOf(cp1252(text))).good.map(short)).toEqual([
			{
				title: "Warum Label-Smoothing für Übersetzung?",
				prompt: "Warum Label-Smoothing für Übersetzung?",
				answer: 'Weil; es "glättet"',
				points: ["glättet", "stabil"],
				right: null,
			},
		]);
	});

	test("answers to a Google Form", () => {
		const text = [
			'"Timestamp","Email Address","Your question","Your answer","Key points (one a line)","Option A","Option B","Option C","Option D","Correct option"',
			'"2026/11/29 9:12:01 AM GMT+1","ana@example.com","What does dropout do?","It drops units, at training alone.","drops units',
			'training alone","It drops units","It adds units","It sorts units","It names units","A"',
		].join("\n");
		expect(read(`\ufeff${text}`).good.map(short)).toEqual([
			{
				title: "What does dropout do?",
				prompt: "What does dropout do?",
				answer: "It drops units, at training alone.",
				points: ["drops units", "training alone"],
				right: "It drops units",
			},
		]);
	});

	test("a quiz table in Kahoot's format, with lines above its header", () => {
		const text = [
			"Quiz template,,,,,,,",
			"Add questions, at least two answer alternatives,,,,,,",
			",Question - max 120 characters,Answer 1 - max 75 characters,Answer 2 - max 75 characters,Answer 3 - max 75 characters,Answer 4 - max 75 characters,Time limit (sec) – 5 or 10,Correct answer(s) - choose at least one",
			"1,Which one is subword tokenization?,BPE,TF-IDF,LDA,HMM,20,1",
			'2,Which ones are recurrent?,LSTM,GRU,CNN,BERT,20,"1,2"',
		].join("\n");
		const { good, faults } = read(text);
		expect(good.map(short)).toEqual([
			{
				title: "Which one is subword tokenization?",
				prompt: "Which one is subword tokenization?",
				answer: "BPE",
				points: [],
				right: "BPE",
			},
		]);
		expect(faults).toEqual([{ line: 5, message: expect.stringContaining("exactly one right option") }]);
	});

	test.each([
		[
			"headings",
			"# Our questions\n\n## What is RAG?\n\nIt retrieves first.\n\n- [x] It retrieves\n- [ ] It trains\n- [ ] It sorts\n- [ ] It ranks\n",
		],
		[
			"letters",
			"**Q: What is RAG?**\nA: It retrieves first.\n- [x] It retrieves\n- [ ] It trains\n- [ ] It sorts\n- [ ] It ranks\n",
		],
		[
			"a list",
			"1. What is RAG?\n   It retrieves first.\n   - [x] It retrieves\n   - [ ] It trains\n   - [ ] It sorts\n   - [ ] It ranks\n",
		],
	])("Markdown with questions as %s", (_way, text) => {
		expect(read(text).good.map(short)).toEqual([
			{
				title: "What is RAG?",
				prompt: "What is RAG?",
				answer: "It retrieves first.",
				points: [],
				right: "It retrieves",
			},
		]);
	});

	test("the bank's YAML, but no question that is in the bank", () => {
		const record = (id: string) =>
			`- id: ${id}\n  title: T ${id}\n  prompt: P?\n  answer: A.\n  mcq:\n    stem: S?\n    options:\n      - {text: a, correct: true, why: x}\n      - {text: b, why: x}\n      - {text: c, why: x}\n      - {text: d, why: x}\n    explanation: E.\n`;
		const { good, faults } = read(record("mine") + record("kv-cache"));
		expect(good.map(({ title, stem }) => [title, stem])).toEqual([["T mine", "S?"]]);
		expect(faults).toEqual([
			{ line: 13, message: expect.stringContaining("kv-cache is the id of a question of the bank") },
		]);
	});
});

describe("what cannot be imported", () => {
	const header = "title,prompt,answer,options,minutes\n";

	test.each([
		["two right options", 'T,P?,A.,"* a\n* b\nc\nd",', 2, "exactly one right option"],
		["a formula", 'T,"=HYPERLINK(""http://x"",""y"")",A.,,', 2, "a formula"],
		["minutes that no question has", "T,P?,A.,,7", 2, "minutes"],
		["no answer", "T,P?,,,", 2, "answer: it is empty"],
	])("%s is named with its line", (_name, row, line, message) => {
		const { good, faults } = read(`${header}${row}\nGood,Is this good?,Yes.,,`);
		expect(good.map(({ title }) => title)).toEqual(["Good"]);
		expect(faults).toEqual([{ line, message: expect.stringContaining(message) }]);
	});

	test("an unclosed quote is named, and nothing is read by half", () => {
		expect(() => read('title,prompt,answer\nT,"P?,A.\n')).not.toThrow(TypeError);
	});

	test.each([
		["an empty file", new Uint8Array()],
		["blanks", new TextEncoder().encode(" \n\n ")],
		["a zip such as xlsx", Uint8Array.from([0x50, 0x4b, 0x03, 0x04, 1, 2])],
		["a binary", Uint8Array.from([1, 2, 0, 3])],
		["50 MB", new Uint8Array(50 * 1024 * 1024)],
		["a text without a question", new TextEncoder().encode("Dear all,\nnothing here.\n")],
		["10,000 rows", new TextEncoder().encode(`${header}${"T,P?,A.,,\n".repeat(10_000)}`)],
	])("%s is refused in words", (_name, bytes) => {
		expect(() => read(textOf(bytes))).toThrow(/Nothing was changed/);
	});

	test("YAML aliases that would expand without end are refused", () => {
		const bomb = `- prompt: &a [x,x,x,x,x,x,x,x,x,x]\n  answer: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n  title: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n  hint: [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n`;
		const { good, faults } = read(bomb);
		expect(good).toEqual([]);
		expect(faults).not.toEqual([]);
	});

	test("a repeated question is imported once", () => {
		const { good, repeated } = read(`${header}T,P?,A.,,\nt,p?,B.,,`);
		expect([good.length, repeated]).toEqual([1, 1]);
	});
});

describe("an export", () => {
	const line = fc.stringMatching(
		/^[\p{L}\p{N}=+@'";,:#*&<>|()[\]{}%_~`-]([\p{L}\p{N} =+@'";,:#*&<>|()[\]{}%_~`.-]{0,30}[\p{L}\p{N}?.])?$/u,
	);
	const content = fc
		.record({
			title: line,
			prompt: line,
			answer: fc.array(line, { minLength: 1, maxLength: 3 }).map((lines) => lines.join("\n")),
			key_points: fc.array(fc.record({ label: fc.stringMatching(/^[A-Za-z=+@"',;]{1,20}$/), must: fc.boolean() }), {
				maxLength: 3,
			}),
		})
		.map((draft) => checkDraft(draft))
		.filter((found) => "content" in found)
		.map((found) => found.content);

	test.each(["yaml", "csv"] as const)("as %s is imported unchanged", (format) => {
		fc.assert(
			fc.property(fc.array(content, { minLength: 1, maxLength: 4 }), (contents) => {
				const all = [...contents, ownContent()];
				const unique = all.filter(
					(one, index) =>
						all.findIndex(
							(other) => `${other.title}${other.prompt}`.toLowerCase() === `${one.title}${one.prompt}`.toLowerCase(),
						) === index,
				);
				const written = unique.map((one, index) => ({ id: `ours/${index + 1}`, content: one }));
				const { good, faults } = read(writeQuestions(written, format));
				expect(faults).toEqual([]);
				expect(good).toEqual(unique);
			}),
			{ numRuns: 60, seed: 20 },
		);
	});

	test.each(EXPORT_FORMATS)("as %s has 500 questions, and they are read again within 5 seconds", (format) => {
		const written = Array.from({ length: 500 }, (_, index) => ({
			id: `ours/${index + 1}`,
			content: ownContent({ title: `Number ${index}`, prompt: `What is <b>${index}</b> & why?` }),
		}));
		const before = process.cpuUsage();
		const { good, faults } = read(writeQuestions(written, format));
		// CPU time, so that whatever else runs here is not counted.
		expect(process.cpuUsage(before).user / 1_000).toBeLessThan(5_000);
		expect(faults).toEqual([]);
		expect(good.map(short)).toEqual(written.map(({ content: one }) => short(one)));
	});

	test("as CSV contains nothing that a spreadsheet would compute", () => {
		const dangerous = ownContent({ title: "=1+1", prompt: "@SUM(A1)?", answer: "-1 is it" });
		const text = writeQuestions([{ id: "ours/1", content: dangerous }], "csv");
		expect(text).not.toMatch(/"[=+@-]/);
		expect(read(text).good).toEqual([dangerous]);
	});
});
