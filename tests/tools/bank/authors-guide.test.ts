import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import {
	CATEGORIES,
	DIFFICULTIES,
	KINDS,
	QUESTION_LIMITS,
	questionSchema,
	TAGS,
} from "../../../src/core/question/question.ts";
import { itemFaults } from "../../../tools/bank/item-faults.ts";
import { lintBank } from "../../../tools/bank/lint.ts";

describe("the guide for authors", () => {
	const guide = readFileSync("docs/questions.md", "utf8");
	const [good, bad] = [...guide.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) =>
		questionSchema.parse(parse(text ?? "")),
	);

	test("its good example keeps the rules", () => {
		expect(good).toBeDefined();
		expect(lintBank(new Map(good ? [[good.id, { ...good, see: [] }]] : []))).toEqual([]);
		expect(good ? itemFaults(good) : null).toEqual([]);
	});

	test("the good example's figures", () => {
		const mrr = (1 + 1 / 4 + 0) / 3;
		expect(good?.answer).toContain(`(1 + 0.25 + 0) / 3 = ${mrr.toFixed(3)}`);
		expect(good?.answer).toContain(
			`from rank 2 to 1 gains ${1 - 1 / 2}, from 10 to 9 it gains ${(1 / 9 - 1 / 10).toFixed(3)}`,
		);
	});

	test("in its bad example the check finds what the guide says", () => {
		const found = lintBank(new Map(bad ? [[bad.id, bad]] : [])).map(({ message }) => message);
		expect(bad ? itemFaults(bad).map(({ kind }) => kind) : []).toContain("ratio");
		expect(found.filter((message) => message.includes("an absolute word"))).toHaveLength(1);
		expect(found.filter((message) => message.includes("None of the above"))).toHaveLength(1);
		expect(found).toHaveLength(2);
		expect(guide.match(/\*The check says so\.\*/g)).toHaveLength(3);
	});

	test("it names every value of every list, and every limit", () => {
		const names = [...CATEGORIES, ...DIFFICULTIES, ...KINDS, ...TAGS];
		for (const name of names) expect(guide).toContain(`\`${name}\``);
		for (const field of Object.keys(questionSchema.shape))
			expect(guide).toMatch(new RegExp(`^\\| \`${field}[\`.]`, "m"));
		const row = (field: string) => guide.split("\n").find((line) => line.startsWith(`| \`${field}\``)) ?? "";
		const limits: [string, ...number[]][] = [
			["title", QUESTION_LIMITS.title],
			["prompt", QUESTION_LIMITS.prompt],
			["exhibit", QUESTION_LIMITS.exhibit, QUESTION_LIMITS.exhibitLine],
			["hint", QUESTION_LIMITS.hint],
			["key_points", QUESTION_LIMITS.keyPoint, QUESTION_LIMITS.keyPointsTotal],
			["mcq.stem", QUESTION_LIMITS.stem],
			["mcq.options", QUESTION_LIMITS.option, QUESTION_LIMITS.optionWhy],
			["mcq.explanation", QUESTION_LIMITS.explanation],
			["traps", QUESTION_LIMITS.trapClaim, QUESTION_LIMITS.trapCorrection],
			["follow_ups", QUESTION_LIMITS.followUpQuestion, QUESTION_LIMITS.followUpAnswer],
			["references", QUESTION_LIMITS.referenceLabel],
			["rubric", QUESTION_LIMITS.criterion, QUESTION_LIMITS.rubricText],
		];
		for (const [field, ...numbers] of limits)
			for (const number of numbers) expect(row(field)).toMatch(new RegExp(`\\b${number}\\b`));
		expect(row("answer")).toContain(
			`${QUESTION_LIMITS.answer.toLocaleString("en-US")} (rapid-fire: ${QUESTION_LIMITS.rapidAnswer})`,
		);
	});
});
