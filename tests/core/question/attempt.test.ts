import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isAttempt } from "../../../src/core/question/attempt.ts";
import { byEffort } from "../../support/effort.ts";

const runs = { numRuns: byEffort({ test: 200, ci: 2000, full: 20_000 }) };
const PROMPT = "What does the key-value cache hold, and why does it grow with the context?";
const concept = { kind: "concept", prompt: PROMPT } as const;
const rapid = { kind: "rapid", prompt: "Which is larger here: precision or recall?" } as const;
const formula = { kind: "formula", prompt: "Write the softmax of a vector." } as const;
const isConceptAttempt = (text: string) => isAttempt(concept, text);

describe("what counts as an attempt", () => {
	test("twenty letters or digits, with anything between them", () => {
		expect(isConceptAttempt("It keeps keys of past")).toBe(false);
		expect(isConceptAttempt("It keeps keys of pasts, yes")).toBe(true);
		expect(isConceptAttempt(`${"a b.".repeat(9)}c`)).toBe(false);
		expect(isConceptAttempt("! ".repeat(200))).toBe(false);
		expect(isConceptAttempt("😀".repeat(200))).toBe(false);
	});

	test("eight characters if most letters are Han, kana, Hangul, Thai, Lao, Khmer or Burmese", () => {
		for (const text of [
			"缓存保存过去的键值",
			"過去のキーを保存する",
			"이전 키와 값을 저장",
			"เก็บคีย์และค่าเดิม",
			"ເກັບກະແຈແລະຄ່າ",
			"រក្សាទុកសោនិងតម្លៃ",
			"သော့နှင့်တန်ဖိုးသိမ်း",
		])
			expect([text, isConceptAttempt(text)]).toEqual([text, true]);
		expect(isConceptAttempt("缓存保存键值")).toBe(false);
		// Most letters are Latin, so the usual minimum applies.
		expect(isConceptAttempt("KV cache 缓存 keys")).toBe(false);
	});

	test("three characters for a rapid question or a formula, where a term of the prompt may be the answer", () => {
		expect(isAttempt(rapid, "no")).toBe(false);
		expect(isAttempt(rapid, "512")).toBe(true);
		expect(isAttempt(rapid, "recall")).toBe(true);
		expect(isAttempt(rapid, "precision or recall")).toBe(false);
		expect(isAttempt(formula, "e^x")).toBe(true);
		expect(isAttempt(formula, "???")).toBe(false);
	});

	test("one repeated character is no attempt, in any case and with any spaces", () => {
		const sign = fc.constantFrom("a", "Z", "7", "的", "=", "é", "ก");
		fc.assert(
			fc.property(
				sign,
				fc.integer({ min: 1, max: 300 }),
				fc.constantFrom("", " ", "!", "\n"),
				(one, times, between) => {
					const text = Array.from({ length: times }, (_, at) => (at % 2 ? one : one.toUpperCase())).join(between);
					for (const question of [concept, rapid, formula]) expect(isAttempt(question, text)).toBe(false);
				},
			),
			runs,
		);
	});

	test("the prompt's words in their own order are no attempt, even with words left out, capitals or signs in between", () => {
		const words = PROMPT.split(" ");
		const some = fc.array(fc.boolean(), { minLength: words.length, maxLength: words.length });
		fc.assert(
			fc.property(some, fc.constantFrom(" ", ", ", "\n- "), fc.boolean(), (kept, between, large) => {
				const text = words.filter((_, at) => kept[at]).join(between);
				expect(isConceptAttempt(large ? text.toUpperCase() : text)).toBe(false);
			}),
			runs,
		);
	});

	test("any other honest text counts: the same words in another order, or a single word of the member's own", () => {
		expect(isConceptAttempt("The context: why does it grow with the key-value cache?")).toBe(true);
		fc.assert(
			fc.property(fc.stringMatching(/^[b-z]{3,12}q$/), fc.nat(8), (own, at) => {
				expect(isConceptAttempt(PROMPT.split(" ").toSpliced(at, 0, own).join(" "))).toBe(true);
			}),
			runs,
		);
	});

	test("eight characters of a dense script stay an attempt if Latin words follow", () => {
		// A single character that abbreviates a word of five kana.
		expect(isConceptAttempt("\u3356**/")).toBe(true);
		expect(isConceptAttempt("\u3356**/\nunheardof")).toBe(true);
		expect(isConceptAttempt("注意力矩阵随着")).toBe(false);
		expect(isConceptAttempt("注意力矩阵随着长")).toBe(true);
		expect(isConceptAttempt("注意力矩阵随着长\nunheardof")).toBe(true);
		expect(isConceptAttempt("unheardof 注意力")).toBe(false);
	});

	test("a longer text is never less of an attempt", () => {
		const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 80 });
		fc.assert(
			fc.property(text, text, (first, second) => {
				if (isConceptAttempt(first)) expect(isConceptAttempt(`${first}\nunheardof ${second}`)).toBe(true);
			}),
			runs,
		);
	});
});
