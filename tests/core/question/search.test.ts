import { describe, expect, test } from "vitest";
import { UserError } from "../../../src/core/errors.ts";
import { Bank } from "../../../src/core/question/bank.ts";
import { CATEGORIES, DIFFICULTIES } from "../../../src/core/question/question.ts";
import { admits } from "../../../src/core/question/search.ts";
import { realBank } from "../../support/bank.ts";
import { makeQuestion } from "../../support/question.ts";

const bank = await realBank();
const found = (words: string, filter = {}) => bank.search(words, filter).map((question) => question.id);

describe("search over the bank", () => {
	test.each([
		["key value cahce", "kv-cache"],
		["kv cache", "kv-cache"],
		["KV CACHE", "kv-cache"],
		["cahce kv", "kv-cache"],
		["byte pair encoding", "bpe-vs-wordpiece"],
		["stemming lemmatization", "stemming-vs-lemmatization"],
		["named entitiy recogniton", "named-entity-recognition"],
		["retrieval augmented generation", "rag-basics"],
		["low rank adaptation", "lora-peft"],
		["flash attention", "flashattention"],
		["speculative decodng", "speculative-decoding"],
		["zipf", "zipfs-law"],
		["bm25", "bm25-ranking"],
		["mixture of experts", "mixture-of-experts"],
		["prompt injection", "prompt-injection"],
		["graphrag", "graphrag"],
		["paged attention", "pagedattention-continuous-batching"],
	])("%j finds %s first", (words, id) => {
		expect(found(words)[0]).toBe(id);
	});

	test.each([
		["what is the difference between bert and gpt", "bert-vs-gpt"],
		["How does the KV cache work?", "kv-cache"],
		["can you explain to me what LoRA is", "lora-peft"],
	])("a question in a whole sentence finds what it is about, and little else: %s", (words, id) => {
		expect(found(words)[0]).toBe(id);
		expect(found(words).length).toBeLessThan(bank.all().length / 4);
	});

	test("a search for nothing but small words still finds something", () => {
		expect(found("what is the").length).toBeGreaterThan(0);
	});

	test("every question is the first match of its own title", () => {
		const missed = bank.all().filter((question) => found(question.title)[0] !== question.id);
		expect(missed.map((question) => question.title)).toEqual([]);
	});

	test("a question is found by words that are only in its exhibit", () => {
		const exhibit = makeQuestion({ id: "traced", exhibit: "step 12  loss 3.1\nstep 13  zorbquax nan" });
		const small = new Bank(new Map([exhibit, makeQuestion({ id: "plain" })].map((entry) => [entry.id, entry])));
		expect(small.search("zorbquax").map(({ id }) => id)).toEqual(["traced"]);
	});

	test("a question is found by words that are only in its answer", () => {
		expect(found("prefill decode bandwidth")).toContain("kv-cache");
	});

	test("questions with all of the words come before those with some", () => {
		const both = found("beam search sampling");
		expect(both[0]).toBe("beam-search-vs-sampling");
		// A word that matches nothing must not hide what the others find.
		expect(found("beam search xyzzyqwv")).toContain("beam-search-vs-sampling");
	});

	test("a filter leaves out other questions, even good matches", () => {
		for (const category of CATEGORIES)
			for (const id of found("model", { categories: [category] })) expect(bank.get(id)?.category).toBe(category);
		for (const difficulty of DIFFICULTIES)
			for (const id of found("attention", { difficulties: [difficulty] }))
				expect(bank.get(id)?.difficulty).toBe(difficulty);
		expect(found("kv cache", { categories: ["behavioral"] })).not.toContain("kv-cache");
		expect(found("kv cache", { categories: ["transformers"], difficulties: ["intermediate"] })[0]).toBe("kv-cache");
	});

	test.each([
		["blanks", " \n\t"],
		["punctuation", "?!.,;:"],
		["SQL", "'; drop table questions; --"],
		["emoji", "😀🙃"],
		["right-to-left marks", "\u202eehcac vk"],
		["control characters", "kv\u0000cache\u001b[2J"],
		["a pattern", "(.*)+$[a-z]{9}"],
		["100 kB", "x".repeat(100_000)],
		["100 kB of words", "kv cache ".repeat(11_000)],
	])("%s in the words do no harm", (_name, words) => {
		expect(() => found(words)).not.toThrow();
	});

	test("an empty search finds nothing", () => {
		expect(found("")).toEqual([]);
		expect(found("xyzzyqwv")).toEqual([]);
	});
});

describe("one question by id or title", () => {
	test("in any case and with spaces around it", () => {
		expect(bank.find(" KV-Cache ").id).toBe("kv-cache");
		const title = bank.get("kv-cache")?.title ?? "";
		expect(bank.find(title.toUpperCase()).id).toBe("kv-cache");
	});

	test("an unknown one is refused with the most similar ones", () => {
		expect(() => bank.find("kv-cahce")).toThrowError(UserError);
		try {
			bank.find("kv-cahce");
		} catch (error) {
			expect(error instanceof UserError && error.remedy).toContain("kv-cache");
		}
		expect(() => bank.find("xyzzyqwv")).toThrowError("There is no question with that name.");
	});
});

test("an empty filter admits every question", () => {
	for (const question of bank.all())
		expect(admits({}, question) && admits({ categories: [], difficulties: [] }, question)).toBe(true);
});
