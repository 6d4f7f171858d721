import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { loadQuestionFiles } from "../../../src/adapters/files/bank.ts";
import { CATEGORIES, type Question, questionSchema, rightOption } from "../../../src/core/question/question.ts";
import { itemFaults } from "../../../tools/bank/item-faults.ts";
import { lintBank } from "../../../tools/bank/lint.ts";
import { runProgram } from "../../../tools/bank/program.ts";
import { scaffold } from "../../../tools/bank/scaffold.ts";
import { question } from "../../questions/bank.ts";
import { isQuickRun } from "../../support/effort.ts";

interface Outcome {
	readonly code: number;
	readonly out: string;
	readonly err: string;
}

/** What the program prints, and its exit code. */
async function run(...args: string[]): Promise<Outcome> {
	let [out, err] = ["", ""];
	const code = await runProgram(args, new Date(), {
		out: (line) => {
			out += `${line}\n`;
		},
		err: (line) => {
			err += `${line}\n`;
		},
	});
	return { code, out, err };
}

/** The same, started as users do. */
function start(...args: string[]): Promise<Outcome> {
	return new Promise((resolve) => {
		execFile(process.execPath, ["--import", "tsx", "scripts/questions.ts", ...args], (error, out, err) =>
			resolve({ code: error === null ? 0 : Number(error.code), out, err }),
		);
	});
}

const folders: string[] = [];

/** A separate bank with the named files of the real one. */
function folderWith(...files: string[]): string {
	const folder = mkdtempSync(join(tmpdir(), "nlpq-questions-"));
	folders.push(folder);
	for (const file of files) {
		mkdirSync(join(folder, file, ".."), { recursive: true });
		cpSync(join("questions", file), join(folder, file));
	}
	return folder;
}

afterAll(() => {
	for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

const BLEU = "rapid-fire/bleu-score.yaml";
const TFIDF = "fundamentals/bow-tfidf-limits.yaml";

function edit(folder: string, file: string, change: (text: string) => string): void {
	const path = join(folder, file);
	const before = readFileSync(path, "utf8");
	const after = change(before);
	expect(after).not.toBe(before);
	writeFileSync(path, after);
}

describe("the check", () => {
	// tests/questions/bank.test.ts asks the same of the bank without its report.
	test.skipIf(isQuickRun)("the project's bank has no faults, and nothing in it is left to write", async () => {
		const { code, out, err } = await run();
		expect(err).toBe("");
		expect(code).toBe(0);
		expect(out).toMatch(/^\d+ valid questions, no faults\.$/m);
		expect(out).toContain("Still to be written\n  none");
		expect(out).toContain("54 of 54 numbers are covered\n");
		expect(out).toContain("no chain joins to a basic one: none");
		expect(out).toContain("needs that are harder than their question: none");
	});

	test("a sound bank of two: the tables count them", async () => {
		const folder = folderWith(BLEU, TFIDF);
		// What they need and suggest is only in the real bank.
		for (const file of [BLEU, TFIDF])
			edit(folder, file, (text) => text.replace(/^see: .*$/m, "see: []").replace(/^needs: .*$/m, "needs: []"));
		const { code, out, err } = await run("--folder", folder);
		expect(err).toBe("");
		expect(code).toBe(0);
		expect(out).toMatch(/^ {2}rapid-fire +0 +1 +0 +1 +0$/m);
		expect(out).toMatch(/^ {2}all +1 +1 +0 +2 +0$/m);
		expect(out).toMatch(/^ {2}rapid +0 +1 +0 +1 +rapid-fire 1$/m);
		const pair = [await question("bleu-score"), await question("bow-tfidf-limits")];
		const letters = pair.map(rightOption);
		const times = letters.filter((letter) => letter === letters[0]).length;
		expect(out).toContain(`${letters[0]} ${times} (${50 * times}%)`);
		const longest = Math.max(...pair.map(({ title }) => title.length));
		expect(out).toMatch(new RegExp(`^ {2}title +2 +\\d+ +\\d+ +${longest} +75 `, "m"));
		expect(out).toContain("2 of 54 numbers are covered; missing: ");
		expect(out).toContain("2 valid questions, no faults.");
	});

	test("each fault names its place, and the exit code is 1", async () => {
		const folder = folderWith(BLEU, TFIDF);
		edit(folder, BLEU, (text) => text.replace(/^minutes: 1$/m, "minutes: 3"));
		edit(folder, TFIDF, (text) => text.replace(/^see: .*$/m, "see: [no-such-question]"));
		const { code, out, err } = await run("--folder", folder);
		expect(code).toBe(1);
		const line = readFileSync(join(folder, BLEU), "utf8").split("\n").indexOf("minutes: 3") + 1;
		expect(err).toContain(`${BLEU}:${line}: minutes:`);
		expect(err).toContain("for example: minutes: 5");
		expect(err).toContain(`${TFIDF}: see: "no-such-question" is not a question of the bank`);
		expect(out).toContain("1 valid question, 2 faults.");
	});

	test("started as users do, it prints, complains and ends with the same code", async () => {
		const folder = folderWith(BLEU, TFIDF);
		const runs = [
			["--folder", folder],
			["show", "bleu-score"],
		];
		for (const args of isQuickRun ? runs.slice(0, 1) : runs) expect(await start(...args)).toEqual(await run(...args));
	});

	test("a folder, a command or an option that does not exist", async () => {
		const folder = await run("--folder", join(tmpdir(), "nlpq-no-such-folder"));
		expect(folder).toMatchObject({ code: 1 });
		expect(folder.err).toContain("Name the bank's folder with `--folder`.");
		const command = await run("shwo", "bleu-score");
		expect(command).toMatchObject({ code: 2 });
		expect(command.err).toContain('There is no command "shwo". Did you mean show?\nnpm run questions');
		const option = await run("--folders", "x");
		expect(option).toMatchObject({ code: 2 });
		expect(option.err).toContain("There is no --folders. Did you mean --folder?\n`npm run questions -- --help`");
		expect(option.err).not.toContain("    at ");
	});
});

describe("guess", () => {
	test("says how well the bank can be guessed, and lists the chosen checks with their cues", async () => {
		const folder = folderWith(BLEU, TFIDF, "transformers/kv-cache.yaml");
		const { code, out, err } = await run("guess", "--id", "bleu-score", "--id", "kv-cache", "--folder", folder);
		expect(err).toBe("");
		expect(code).toBe(0);
		expect(out).toMatch(/^ {2}logistic regression on cues +\d+\.\d%$/m);
		expect(out).toMatch(/^ {2}boosted trees on cues +\d+\.\d%$/m);
		expect(out).toMatch(/^ {2}chance +25\.0%$/m);
		expect(out).toContain("The 2 checks below");
		expect(out).toMatch(/^ {2}rapid-fire +1 /m);
		expect(out).toMatch(/^ {2}kv-cache +[A-D] /m);
		expect(out).toMatch(/^ {2}bleu-score +[A-D] /m);
		expect(out).not.toMatch(/^ {2}bow-tfidf-limits /m);
	});

	test("lists a category, and refuses one that does not exist, and options of other commands", async () => {
		const folder = folderWith(BLEU, TFIDF);
		const { code, out } = await run("guess", "--category", "rapid-fire", "--folder", folder);
		expect(code).toBe(0);
		expect(out).toMatch(/^ {2}bleu-score +[A-D] /m);
		expect(out).not.toContain("bow-tfidf-limits");
		const typo = await run("guess", "--category", "rapidfire", "--folder", folder);
		expect(typo).toMatchObject({ code: 1 });
		expect(typo.err).toContain("Did you mean rapid-fire?");
		expect((await run("show", "bleu-score", "--id", "x")).err).toContain("`--id` belongs to `guess`.");
		expect((await run("ratchet", "--folder", folder)).err).toContain("the project's own bank");
	});
});

describe("show", () => {
	test("the question, the quick check, the answer, in this order", async () => {
		const { code, out } = await run("show", "bleu-score");
		const { prompt, hint, mcq, answer, key_points } = await question("bleu-score");
		expect(code).toBe(0);
		const wrong = mcq.options.findIndex((option) => !option.correct);
		const parts = [
			prompt,
			hint,
			mcq.stem,
			`A) ${mcq.options[0]?.text}`,
			`D) ${mcq.options[3]?.text}`,
			`You chose ${rightOption(await question("bleu-score"))}, the right one.`,
			`${key_points[0]?.label} (essential)`,
			answer,
			mcq.explanation,
			`You chose ${"ABCD"[wrong]}. ${mcq.options[wrong]?.why}`,
		];
		const places = parts.map((part) => out.indexOf(part.replaceAll("`", "")));
		expect(Math.min(...places)).toBeGreaterThan(0);
		expect(places).toEqual([...places].sort((a, b) => a - b));
		expect(out.indexOf(answer.slice(0, 60))).toBeGreaterThan(out.indexOf(mcq.stem.slice(0, 16)));
	});

	test("an unknown id names similar ones, a faulty file its faults", async () => {
		const folder = folderWith(BLEU, TFIDF);
		const unknown = await run("show", "blue-score", "--folder", folder);
		expect(unknown).toMatchObject({ code: 1, out: "" });
		expect(unknown.err).toMatch(/^There is no question "blue-score"\.\nDid you mean bleu-score/);
		edit(folder, BLEU, (text) => text.replace(/^difficulty: .*$/m, "difficulty: easy"));
		const faulty = await run("show", "bleu-score", "--folder", folder);
		expect(faulty).toMatchObject({ code: 1, out: "" });
		expect(faulty.err).toContain(`${BLEU}:`);
		expect(faulty.err).toContain("for example: difficulty: intermediate");
	});

	test("without an id, or with two", async () => {
		for (const args of [["show"], ["show", "bleu-score", "rouge-score"]]) {
			const { code, err } = await run(...args);
			expect(code).toBe(2);
			expect(err).toContain("`show` takes one id");
		}
	});
});

describe("new", () => {
	test("writes a sound file, which is listed as still to be written", async () => {
		const folder = folderWith();
		const made = await run("new", "prompt-caching", "--category", "llm-apps", "--folder", folder);
		expect(made).toMatchObject({ code: 0, err: "" });
		expect(made.out).toContain("prompt-caching.yaml is written.");
		const checked = await run("--folder", folder);
		expect(checked).toMatchObject({ code: 0, err: "" });
		expect(checked.out).toContain("Still to be written\n  prompt-caching\n");
	});

	test("a category is optional; an unknown one names the nearest", async () => {
		const folder = folderWith();
		expect(await run("new", "chunking", "--folder", folder)).toMatchObject({ code: 0 });
		expect(readdirSync(join(folder, "fundamentals"))).toEqual(["chunking.yaml"]);
		const typo = await run("new", "reranking", "--category", "behaviorl", "--folder", folder);
		expect(typo).toMatchObject({ code: 1 });
		expect(typo.err).toContain("Did you mean behavioral?");
	});

	test("a file whose id is taken is not changed, even if it is faulty or in another category", async () => {
		const folder = folderWith(BLEU, TFIDF);
		edit(folder, TFIDF, () => "id: [");
		const before = readFileSync(join(folder, BLEU), "utf8");
		for (const id of ["bleu-score", "bow-tfidf-limits"]) {
			const { code, err } = await run("new", id, "--category", "debugging", "--folder", folder);
			expect(code).toBe(1);
			expect(err).toContain(`The id "${id}" is taken`);
		}
		expect(readFileSync(join(folder, BLEU), "utf8")).toBe(before);
		expect(readdirSync(folder).sort()).toEqual(["fundamentals", "rapid-fire"]);
	});

	test("an id that is not kebab-case is refused", async () => {
		const folder = folderWith();
		for (const id of ["Prompt-Caching", "prompt_caching", "../prompt", "prompt--caching", "a".repeat(46)]) {
			const { code, err } = await run("new", id, "--folder", folder);
			expect(code).toBe(1);
			expect(err).toContain(`"${id}" is no id`);
		}
		expect(readdirSync(folder)).toEqual([]);
	});

	test("passes the schema and the rules of the bank in every category", async () => {
		const folder = folderWith();
		for (const category of CATEGORIES) {
			mkdirSync(join(folder, category));
			writeFileSync(
				join(folder, category, `new-${category}.yaml`),
				scaffold(`new-${category}`, category, "2026-11-23", []),
			);
		}
		const bank = await loadQuestionFiles(folder);
		expect(bank.faults).toEqual([]);
		expect([...bank.questions.values()].map((entry) => entry.category).sort()).toEqual([...CATEGORIES].sort());
		expect(lintBank(bank.questions)).toEqual([]);
		expect([...bank.questions.values()].flatMap(itemFaults)).toEqual([]);
	});

	test("the right option goes where it is rarest", async () => {
		const bleu = await question("bleu-score");
		const rightAt = (place: number): Question => ({
			...bleu,
			mcq: { ...bleu.mcq, options: bleu.mcq.options.map((option, index) => ({ ...option, correct: index === place })) },
		});
		const right = (...others: Question[]) =>
			rightOption(questionSchema.parse(parse(scaffold("chunking", "debugging", "2026-11-23", others))));
		expect(right()).toBe("A");
		expect(right(rightAt(0))).toBe("B");
		expect(right(rightAt(0), rightAt(1), rightAt(3))).toBe("C");
	});
});
