import { describe, expect, test } from "vitest";
import { QUESTION_LIMITS, questionSchema } from "../../../src/core/question/question.ts";
import { makeOptions, makeQuestion, makeRecord, makeRubric, type QuestionRecord } from "../../support/question.ts";

/** The fields in which the schema finds fault with a record. */
function faultyFields(changes: Partial<QuestionRecord>): string[] {
	const parsed = questionSchema.safeParse(makeRecord(changes));
	return parsed.success ? [] : parsed.error.issues.map((issue) => issue.path.join("."));
}

function withOption(
	index: number,
	changes: Partial<QuestionRecord["mcq"]["options"][number]>,
	right = 0,
): QuestionRecord["mcq"] {
	const options = makeOptions(right).map((option, place) => (place === index ? { ...option, ...changes } : option));
	return { stem: "Which?", options, explanation: "Because." };
}

describe("a planted fault in one record is found in its field", () => {
	const long = (limit: number) => "x".repeat(limit + 1);
	const limit = QUESTION_LIMITS;
	test.each<[name: string, field: string, changes: Partial<QuestionRecord>]>([
		["an id in capitals", "id", { id: "KV-Cache" }],
		["an id with a blank", "id", { id: "kv cache" }],
		["an id that is too long for a button", "id", { id: "a".repeat(46) }],
		["revision 0", "revision", { revision: 0 }],
		["half a revision", "revision", { revision: 1.5 }],
		["a date that does not exist", "reviewed_on", { reviewed_on: "2026-02-30" }],
		["a review date in words", "review_by", { review_by: "next summer" }],
		["one tag alone", "tags", { tags: ["attention"] }],
		["six tags", "tags", { tags: ["attention", "architecture", "cost", "data", "decoding", "agents"] }],
		["the same tag twice", "tags", { tags: ["attention", "attention"] }],
		["a title that is too long", "title", { title: long(limit.title) }],
		["a prompt that is too long", "prompt", { prompt: long(limit.prompt) }],
		["an empty prompt", "prompt", { prompt: "  " }],
		["an exhibit that is too long", "exhibit", { exhibit: `${"x".repeat(59)}\n`.repeat(16) }],
		["an exhibit with a line that a phone would wrap", "exhibit", { exhibit: "x".repeat(limit.exhibitLine + 1) }],
		["an exhibit with tabs", "exhibit", { exhibit: "if x:\n\treturn y" }],
		["an empty exhibit", "exhibit", { exhibit: " \n " }],
		["a hint that is too long", "hint", { hint: long(limit.hint) }],
		["an answer that is too long", "answer", { answer: long(limit.answer) }],
		["a rapid answer that is too long", "answer", { category: "rapid-fire", answer: long(limit.rapidAnswer) }],
		["three key points", "key_points", { key_points: [1, 2, 3].map((n) => ({ label: `Point ${n}` })) }],
		[
			"nine key points",
			"key_points",
			{ key_points: [1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => ({ label: `Point ${n}` })) },
		],
		[
			"a key point that is too long",
			"key_points.0.label",
			{ key_points: [long(limit.keyPoint), "b", "c", "d"].map((label) => ({ label })) },
		],
		["a stem that is too long", "mcq.stem", { mcq: { ...withOption(0, {}), stem: long(limit.stem) } }],
		["three options", "mcq.options", { mcq: { ...withOption(0, {}), options: makeOptions().slice(0, 3) } }],
		["two right options", "mcq.options", { mcq: withOption(1, { correct: true }) }],
		["no right option", "mcq.options", { mcq: withOption(0, { correct: false }) }],
		[
			"two options that differ in case alone",
			"mcq.options",
			{ mcq: withOption(1, { text: makeOptions()[0]?.text.toUpperCase() ?? "" }) },
		],
		["an option that is too long", "mcq.options.2.text", { mcq: withOption(2, { text: long(limit.option) }) }],
		["a reason that is too long", "mcq.options.3.why", { mcq: withOption(3, { why: long(limit.optionWhy) }) }],
		[
			"an explanation that is too long",
			"mcq.explanation",
			{ mcq: { ...withOption(0, {}), explanation: long(limit.explanation) } },
		],
		["one trap alone", "traps", { traps: [{ claim: "a", correction: "b" }] }],
		[
			"a claim that is too long",
			"traps.0.claim",
			{
				traps: [
					{ claim: long(limit.trapClaim), correction: "b" },
					{ claim: "a", correction: "b" },
				],
			},
		],
		[
			"a correction that is too long",
			"traps.1.correction",
			{
				traps: [
					{ claim: "a", correction: "b" },
					{ claim: "a", correction: long(limit.trapCorrection) },
				],
			},
		],
		["one follow-up alone", "follow_ups", { follow_ups: [{ q: "a", a: "b" }] }],
		[
			"a follow-up that is too long",
			"follow_ups.0.a",
			{
				follow_ups: [
					{ q: "a", a: long(limit.followUpAnswer) },
					{ q: "a", a: "b" },
				],
			},
		],
		["no reference", "references", { references: [] }],
		[
			"a reference without https",
			"references.0.url",
			{ references: [{ label: "a", kind: "paper", url: "http://example.org/a" }] },
		],
		[
			"a reference that is no address",
			"references.0.url",
			{ references: [{ label: "a", kind: "paper", url: "somewhere" }] },
		],
		["a behavioral question without a rubric", "rubric", { category: "behavioral" }],
		["a rubric on another question", "rubric", { rubric: makeRubric() }],
		["a rubric of three", "rubric", { category: "behavioral", rubric: makeRubric().slice(1) }],
		["source 55", "source", { source: 55 }],
		["source 0", "source", { source: 0 }],
	])("%s: %s", (_name, field, changes) => {
		expect(new Set(faultyFields(changes))).toEqual(new Set([field]));
	});

	test("values outside of their lists, and fields that do not exist", () => {
		const parsed = questionSchema.safeParse({
			...makeRecord(),
			category: "trivia",
			difficulty: "hard",
			kind: "quiz",
			minutes: 3,
			tags: ["attention", "pets"],
			answers: "a typo of answer",
		});
		const issues = parsed.success ? [] : parsed.error.issues;
		expect(issues.map((issue) => issue.path.join(".")).sort()).toEqual([
			"",
			"category",
			"difficulty",
			"kind",
			"minutes",
			"tags.1",
		]);
		expect(issues.find((issue) => issue.path.length === 0)?.message).toContain("answers");
	});

	test("an exhibit keeps its spaces, except for blank lines around it", () => {
		const { exhibit } = makeQuestion({ exhibit: "\n  \n  step  loss\n\n   100  nan\n\n" });
		expect(exhibit).toBe("  step  loss\n\n   100  nan");
	});

	test("a text of exactly the limit's length is valid", () => {
		const exact = makeRecord({
			title: "x".repeat(limit.title),
			prompt: "x".repeat(limit.prompt),
			exhibit: `${"x".repeat(limit.exhibitLine - 1)}\n`.repeat(limit.exhibit / limit.exhibitLine),
			hint: "x".repeat(limit.hint),
			answer: "x".repeat(limit.answer),
			key_points: Array.from({ length: 8 }, (_, n) => ({ label: `${n}`.padEnd(75, "x") })),
		});
		expect(questionSchema.safeParse(exact).success).toBe(true);
	});
});
