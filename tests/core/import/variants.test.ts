import { expect, test } from "vitest";
import { readQuestions } from "../../../src/core/import/read.ts";
import { readImport, TWO_CHECKS, TWO_QUESTIONS } from "../../support/imports.ts";

const utf16 = (text: string) => new Uint8Array(Buffer.from(text, "utf16le"));

test.each([
	["tab-separated text", "Question\tAnswer\nWhat is BPE?\tIt merges.\nWhat is RAG?\tIt retrieves.\n"],
	[
		"tab-separated text without a header, as older versions of Anki write it",
		"What is BPE?\tIt merges.\nWhat is RAG?\tIt retrieves.\n",
	],
	[
		"a line that names the separator",
		"sep=;\r\nQuestion;Answer\r\nWhat is BPE?;It merges.\r\nWhat is RAG?;It retrieves.\r\n",
	],
	["empty columns and rows", ",Question,,Answer,\n,What is BPE?,,It merges.,\n,,,,\n,What is RAG?,,It retrieves.,\n"],
	["the line ends of an old Mac", "question,answer\rWhat is BPE?,It merges.\rWhat is RAG?,It retrieves.\r"],
	[
		"a form's questions as names",
		'"Timestamp","What is your question?","What is the answer?"\n"1","What is BPE?","It merges."\n"2","What is RAG?","It retrieves."\n',
	],
	[
		"a table of Markdown",
		"| Question | Answer |\n|---|:--|\n| What is BPE? | It merges. |\n| What is RAG? | It retrieves. |\n",
	],
	[
		"a numbered list below a heading, answers in bold",
		"# Ours\n\n1. What is BPE?\n   **It merges.**\n\n## More\n\n2. What is RAG?\n   **It retrieves.**\n",
	],
	["questions in bold", "**What is BPE?**\n\nIt merges.\n\n**What is RAG?**\nIt retrieves.\n"],
	[
		"numbered headings, answers that say so, and rules between",
		"## Q1: What is BPE?\n**A:** It merges.\n\n---\n\n## Q2: What is RAG?\n**Answer:** It retrieves.\n",
	],
])("%s is read", (_name, text) => {
	expect(readImport(text)).toEqual(TWO_QUESTIONS);
});

test.each([
	["with its mark", "\ufeffQuestion\tAnswer\r\nWhat is Ü?\tIt.\r\n"],
	["without its mark", "Question\tAnswer\r\nWhat is Ü?\tIt.\r\n"],
])("UTF-16 %s is read in either order of bytes", (_name, text) => {
	expect(readImport(utf16(text))).toEqual(["What is Ü? / It."]);
	expect(readImport(new Uint8Array(Buffer.from(utf16(text)).swap16()))).toEqual(["What is Ü? / It."]);
});

test.each([
	[
		"letters before options and as the answer",
		"1. Which one merges?\n   A) BPE\n   B) LDA\n   C) HMM\n   D) SVM\n   Answer: A\n2. Which one retrieves?\n   a. CNN\n   b. RAG\n   c. SVM\n   d. HMM\n   Correct answer: b. RAG\n",
	],
	[
		"letters below Q1 and Q2",
		"Q1. Which one merges?\nA) BPE\nB) LDA\nC) HMM\nD) SVM\nAnswer: A) BPE\n\nQ2. Which one retrieves?\nA) CNN\nB) RAG\nC) SVM\nD) HMM\nAnswer: B\n",
	],
	[
		"the right one in bold",
		"- Which one merges?\n  - **BPE**\n  - LDA\n  - HMM\n  - SVM\n- Which one retrieves?\n  - CNN\n  - **RAG**\n  - SVM\n  - HMM\n",
	],
])("a quiz in Markdown with %s is read", (_name, text) => {
	expect(readImport(text)).toEqual(TWO_CHECKS);
});

test.each(["2", "b", "B)", "(b)", "Option B", "B) RAG", "rag"])(
	"a table may name the right option as %j",
	(correct) => {
		const text = `question,option a,option b,option c,option d,correct\nWhich?,A) CNN,B) RAG,C) SVM,D) HMM,${correct}\n`;
		expect(readImport(text)).toEqual(["Which? / CNN *RAG SVM HMM"]);
	},
);

test.each(['"CNN\nRAG\nSVM\nHMM"', "CNN; RAG; SVM; HMM", "CNN | RAG | SVM | HMM"])(
	"options may be in one cell: %s",
	(cell) => {
		expect(readImport(`question,answer,options,correct\nWhich?,It is.,${cell},B\n`)).toEqual([
			"Which? / CNN *RAG SVM HMM",
		]);
	},
);

test.each([
	["", "none is marked as the right one"],
	["5", 'the right one is said to be "5", which is none of A, B, C, D'],
	["BPE", 'the right one is said to be "bpe", which is none of A, B, C, D'],
])("a right option named %j is named with its line", (correct, fault) => {
	const text = `question,option a,option b,option c,option d,correct\nWhich?,CNN,RAG,SVM,HMM,${correct}\n`;
	expect(readImport(text)).toEqual([`! 2: options: ${fault}`]);
});

test("a number that is one option's position and another's text is not guessed", () => {
	const text = "question,option 1,option 2,option 3,option 4,correct\nHow many?,10,20,2,1,2\n";
	expect(readImport(text)).toEqual([
		'! 2: options: "2" is the right one by its place or by its text: name it by its letter',
	]);
});

test("Anki's cloze notes ask for what they leave out", () => {
	const text =
		"#separator:tab\n#html:true\n#notetype column:1\nCloze\tThe {{c1::<b>encoder</b>::part}} reads, the {{c2::decoder}} writes.\tSo it goes.\nCloze\t{{c1::BPE}} merges.\t\n";
	expect(readImport(text)).toEqual([
		"The [… part] reads, the […] writes. / The encoder reads, the decoder writes.\n\nSo it goes.",
		"[…] merges. / BPE merges.",
	]);
});

test("a quiz's scores are not key points, and a row of totals is named", () => {
	const text =
		"Question,Option 1,Option 2,Option 3,Option 4,Correct Answer,Points\nWhich?,CNN,RAG,SVM,HMM,RAG,1\nTotal,,,,,,1\n";
	expect(readImport(text)).toEqual(["Which? / CNN *RAG SVM HMM", "! 3: answer: it is empty"]);
	expect(readQuestions(text, () => false).good[0]?.key_points).toEqual([]);
});

test.each([
	["a picture", [0x89, 0x50, 0x4e, 0x47, 1, 2, 3, 4]],
	["a photograph", [0xff, 0xd8, 0xff, 0xe0, 1, 2, 3]],
	["a program", [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]],
])("%s is not text", (_name, content) => {
	expect(() => readImport(Uint8Array.from(content))).toThrow("That file is not text");
});
