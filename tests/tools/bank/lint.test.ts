import { describe, expect, test } from "vitest";
import type { Question } from "../../../src/core/question/question.ts";
import { lintBank, rightPositions } from "../../../tools/bank/lint.ts";
import { makeBank, makeOptions, makeQuestion, makeRubric, type QuestionRecord } from "../../support/question.ts";

const bankOf = (...questions: Question[]) => new Map(questions.map((question) => [question.id, question]));
const messages = (...questions: Question[]) =>
	lintBank(bankOf(...questions)).map((fault) => `${fault.id} ${fault.field}: ${fault.message}`);

function withOption(
	index: number,
	changes: Partial<QuestionRecord["mcq"]["options"][number]>,
	right = 0,
): QuestionRecord["mcq"] {
	const options = makeOptions(right).map((option, place) => (place === index ? { ...option, ...changes } : option));
	return { stem: "Which?", options, explanation: "Because." };
}

test("the test's own question has no fault", () => {
	expect(lintBank(makeBank(60))).toEqual([]);
	expect(messages(makeQuestion({ category: "behavioral", rubric: makeRubric() }))).toEqual([]);
});

describe("options that give themselves away", () => {
	const lintOptions = (mcq: QuestionRecord["mcq"]) => messages(makeQuestion({ mcq }));

	test.each([
		"All of the above options are right, each in its way",
		"None of these statements is right at all, as a rule",
		"Both A and B hold here",
	])("an option that refers to others: %s", (text) => {
		const found = lintOptions(withOption(2, { text }));
		expect(found.some((message) => message.includes("refers to other options"))).toBe(true);
	});

	test.each(["always", "never", "only", "every", "impossible", "guaranteed"])(
		"the absolute word %s in a wrong option only",
		(word) => {
			const text = `It is ${word} so that tokens come one by one`;
			expect(lintOptions(withOption(1, { text }))).toEqual([
				"sample-question mcq.options: an absolute word (always, never, only, all, every …) stands in a wrong option but not in the right one",
			]);
			const both = withOption(1, { text });
			const fair = both.options.map((option, index) =>
				index === 0 ? { ...option, text: `It is ${word} this` } : option,
			);
			expect(lintOptions({ ...both, options: fair })).toEqual([]);
		},
	);

	test("right positions that are unevenly spread", () => {
		const skewed = new Map(
			[...makeBank(60)].map(([id, question], index) => [id, index % 4 === 3 ? question : makeQuestion({ id })]),
		);
		expect(rightPositions([...skewed.values()])).toEqual({ A: 45, B: 0, C: 0, D: 15 });
		expect(lintBank(skewed).map((fault) => fault.message)).toEqual([
			"A is right in 45 of 60: spread the right positions evenly",
		]);
	});
});

describe("links between questions", () => {
	test.each(["needs", "see"] as const)("a link of %s to a question that does not exist", (field) => {
		expect(messages(makeQuestion({ [field]: ["nowhere"] }))).toEqual([
			`sample-question ${field}: "nowhere" is not a question of the bank`,
		]);
	});

	test.each(["needs", "see"] as const)("a link of %s to itself", (field) => {
		expect(messages(makeQuestion({ [field]: ["sample-question"] }))).toContain(
			`sample-question ${field}: links to itself`,
		);
	});

	test("a cycle of needs is reported once, with its path", () => {
		const circle = [
			makeQuestion({ id: "a", needs: ["b"] }),
			makeQuestion({ id: "b", needs: ["c"] }),
			makeQuestion({ id: "c", needs: ["a"] }),
		];
		expect(messages(...circle, makeQuestion({ id: "d", needs: ["a"] }))).toEqual([
			"a needs: goes in a circle: a -> b -> c -> a",
		]);
	});

	test("`see` may form a cycle", () => {
		expect(messages(makeQuestion({ id: "a", see: ["b"] }), makeQuestion({ id: "b", see: ["a"] }))).toEqual([]);
	});

	test("an advanced question that no chain connects to a basic one", () => {
		const basic = makeQuestion({ id: "base" });
		const middle = makeQuestion({ id: "middle", difficulty: "intermediate", needs: ["base"] });
		expect(messages(basic, middle, makeQuestion({ id: "top", difficulty: "advanced", needs: ["middle"] }))).toEqual([]);
		expect(messages(basic, middle, makeQuestion({ id: "top", difficulty: "advanced" }))).toEqual([
			"top needs: no chain of needs leads from a basic question to this advanced one",
		]);
	});
});

test("a source number used by two questions", () => {
	expect(messages(makeQuestion({ id: "a", source: 7 }), makeQuestion({ id: "b", source: 7 }))).toEqual([
		"b source: 7 is taken by a",
	]);
});

test.each([
	"In my last job I led a team of five and cut costs by 40 %.",
	"We shipped it in two weeks.",
	"At work we reduced latency.",
])("a behavioral answer that tells a story of its own: %s", (answer) => {
	expect(messages(makeQuestion({ category: "behavioral", rubric: makeRubric(), answer }))).toEqual([
		"sample-question answer: tells a story of its own: say what a strong answer shows instead",
	]);
});

test("faults are ordered by the bank's categories, then by id", () => {
	const faulty = (id: string, category: "rapid-fire" | "fundamentals") =>
		makeQuestion({ id, category, see: ["nowhere"] });
	const found = lintBank(bankOf(faulty("a", "rapid-fire"), faulty("c", "fundamentals"), faulty("b", "fundamentals")));
	expect(found.map((fault) => fault.id)).toEqual(["b", "c", "a"]);
});
