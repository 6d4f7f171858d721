import { expect, test } from "vitest";
import { readQuestions } from "../../../src/core/import/read.ts";
import { readImport, TWO_CHECKS, TWO_QUESTIONS } from "../../support/imports.ts";

/** The shapes know one question of the bank. */
const read = (file: string | Uint8Array) => readImport(file, (id) => id === "kv-cache");

test.each([
	["Quizlet's export", "What is BPE?\tIt merges.\nWhat is RAG?\tIt retrieves.\n"],
	["Quizlet's columns", "Term,Definition\nWhat is BPE?,It merges.\nWhat is RAG?,It retrieves.\n"],
	["Brainscape's CSV without a header", '"What is BPE?","It merges."\n"What is RAG?","It retrieves."\n'],
	[
		"a database of Notion as CSV",
		"\ufeffName,Answer,Tags,Status\nWhat is BPE?,It merges.,nlp,Done\nWhat is RAG?,It retrieves.,,Done\n",
	],
	[
		"a table of Obsidian with its rule",
		"| Question | Answer |\n|:-:|-|\n| What is BPE? | It merges. |\n| What is RAG? | It retrieves. |\n",
	],
	["Obsidian's flashcards", "#flashcards\n\nWhat is BPE?::It merges.\n\nWhat is RAG?\n?\nIt retrieves.\n"],
	["RemNote's list", "- What is BPE? >> It merges.\n- What is RAG? >> It retrieves.\n"],
	["paragraphs of a note", "What is BPE?\nIt merges.\n\nWhat is RAG?\nIt retrieves.\n"],
	[
		"JSON",
		'[{"question": "What is BPE?", "answer": "It merges."},\n {"prompt": "What is RAG?", "answer": "It retrieves."}]',
	],
	[
		"JSON lines",
		'{"question": "What is BPE?", "answer": "It merges."}\n{"question": "What is RAG?", "answer": "It retrieves."}\n',
	],
	[
		"YAML below a name",
		"questions:\n  - title: BPE\n    prompt: What is BPE?\n    answer: It merges.\n  - title: RAG\n    prompt: What is RAG?\n    answer: It retrieves.\n",
	],
	["Moodle's GIFT", "::BPE::What is BPE?{=It merges.}\n\n// two\n::RAG::[html]What is RAG? {\n=It retrieves.\n}\n"],
])("%s is read", (_name, text) => {
	expect(read(text)).toEqual(TWO_QUESTIONS);
});

test.each([
	[
		"Moodle's Aiken",
		"Which one merges?\nA. BPE\nB. LDA\nC. HMM\nD. SVM\nANSWER: A\n\nWhich one retrieves?\nA) CNN\nB) RAG\nC) SVM\nD) HMM\nANSWER: B\n",
	],
	[
		"Moodle's GIFT",
		"$CATEGORY: nlp\n\nWhich one merges?{\n\t=BPE#yes\n\t~LDA#no\n\t~%-50%HMM\n\t~SVM\n}\n\nWhich one retrieves?{~CNN =RAG ~SVM ~HMM}\n",
	],
	[
		"Blooket's template, with lines in its header",
		'"Blooket\nImport Template",,,,,,,\nQuestion #,Question Text,Answer 1,Answer 2,"Answer 3\n(Optional)","Answer 4\n(Optional)",Time Limit (sec),"Correct Answer(s)\n(Only include Answer #)"\n1,Which one merges?,BPE,LDA,HMM,SVM,20,1\n2,Which one retrieves?,CNN,RAG,SVM,HMM,20,2\n',
	],
	[
		"Quizizz's sheet",
		"Question Text,Question Type,Option 1,Option 2,Option 3,Option 4,Option 5,Correct Answer,Time in seconds\nWhich one merges?,Multiple Choice,BPE,LDA,HMM,SVM,,1,30\nWhich one retrieves?,Multiple Choice,CNN,RAG,SVM,HMM,,2,30\n",
	],
	[
		"a table whose answer names the option",
		"question,a,b,c,d,answer\nWhich one merges?,BPE,LDA,HMM,SVM,A\nWhich one retrieves?,CNN,RAG,SVM,HMM,RAG\n",
	],
])("a quiz as %s is read", (_name, text) => {
	expect(read(text)).toEqual(TWO_CHECKS);
});

test("Kahoot's sheet saved as CSV by a German spreadsheet on Windows is read", () => {
	const text =
		"Frage;Antwort 1;Antwort 2;Antwort 3;Antwort 4;Zeitlimit;Richtige Antwort(en)\r\nWas heißt für?;BPE;LDA;HMM;SVM;20;1\r\n";
	expect(read(Uint8Array.from(text, (sign) => sign.charCodeAt(0)))).toEqual(["Was heißt für? / *BPE LDA HMM SVM"]);
});

test("a bar and a line break in a cell of a Markdown table stay in the cell", () => {
	const text = "| Question | Answer |\n|---|---|\n| What is P(a\\|b)? | It is<br>conditional. |\n";
	expect(read(text)).toEqual(["What is P(a|b)? / It is\nconditional."]);
});

test.each([
	[
		"a text with a comma and no quotes",
		"question,answer\nWhat is a, b?,It merges.\n",
		"! 2: it has 3 cells, the header 2: put quotes around a text with a comma in it",
	],
	[
		"an id of the bank in a table",
		"id,prompt,answer\nkv-cache,What?,It.\n",
		"! 2: kv-cache is the id of a question of the bank, which is asked here anyway",
	],
	["a formula", "question,answer\n=1+2,It.\n", "! 2: a cell holds a formula: save its value as text"],
	[
		"a command in a formula",
		"question,answer\nWhat?,=cmd|'/c calc'!A0\n",
		"! 2: a cell holds a formula: save its value as text",
	],
	[
		"five options",
		"question,option a,option b,option c,option d,option e,correct\nWhich?,a1,b1,c1,d1,e1,B\n",
		"! 2: options: none or 4 of them, here 5",
	],
	["minutes that no question has", "question,answer,minutes\nWhat?,It.,3\n", "! 2: minutes: one of 1, 2, 5, 10 or 15"],
	[
		"a difficulty that nobody knows",
		"question,answer,difficulty\nWhat?,It.,tricky\n",
		"! 2: difficulty: one of basic, intermediate or advanced",
	],
	[
		"true or false in GIFT",
		"::T::The encoder is causal.{FALSE}\n",
		"! 1: a question of true or false; options are four or none here",
	],
	[
		"matching pairs in GIFT",
		"Match.{=a -> 1 =b -> 2}\n",
		"! 1: a question of matching pairs; write it with an answer in words",
	],
])("%s is named with its line and reason", (_name, text, fault) => {
	expect(read(text)).toEqual([fault]);
});

test("other programs' levels are mapped to ours", () => {
	const text = "question,answer,difficulty\nOne?,It.,Easy\nTwo?,It.,medium\nThree?,It.,Hard\n";
	const { good } = readQuestions(text, () => false);
	expect(good.map(({ difficulty }) => difficulty)).toEqual(["basic", "intermediate", "advanced"]);
});

test.each([
	["prose with commas", "Dear all,\nwe meet on Monday, as ever.\nYours, Ana\n"],
	["a page of HTML", "<html><body><p>What is BPE? It merges.</p></body></html>"],
	["a header alone", "question,answer\n"],
])("%s has no question, and nothing is changed", (_name, text) => {
	expect(() => read(text)).toThrow("No question was found in it. Nothing was changed.");
});
