import { expect, test } from "vitest";
import { question } from "./bank.ts";
import { at, options } from "./options.ts";

/** How often each symbol and each adjacent pair occurs in words with counts. */
function pairCounts(corpus: readonly (readonly [string, number])[], split: (word: string) => string[]) {
	const symbols = new Map<string, number>();
	const pairs = new Map<string, number>();
	for (const [word, count] of corpus) {
		const pieces = split(word);
		for (const piece of pieces) symbols.set(piece, (symbols.get(piece) ?? 0) + count);
		for (let i = 1; i < pieces.length; i += 1) {
			const pair = `${pieces[i - 1]} ${pieces[i]}`;
			pairs.set(pair, (pairs.get(pair) ?? 0) + count);
		}
	}
	return { symbols, pairs };
}

const bestOf = (scores: ReadonlyMap<string, number>) =>
	at(
		[...scores].sort((a, b) => b[1] - a[1]),
		0,
	);

const MERGE_CORPUS = [
	["the", 10],
	["that", 6],
	["quit", 2],
	["hit", 2],
] as const;

test("BPE and WordPiece choose different first merges on the example corpus", async () => {
	const { answer } = await question("bpe-vs-wordpiece");
	for (const [word, count] of MERGE_CORPUS) expect(answer).toContain(`${word} x${count}`);

	const [bpePair, bpeCount] = bestOf(pairCounts(MERGE_CORPUS, (word) => [...word]).pairs);
	expect(answer).toContain(`BPE first merges \`${bpePair}\` (count ${bpeCount})`);

	const { symbols, pairs } = pairCounts(MERGE_CORPUS, (word) =>
		[...word].map((letter, i) => (i ? `##${letter}` : letter)),
	);
	const score = (pair: string) => {
		const [a = "", b = ""] = pair.split(" ");
		return (pairs.get(pair) ?? 0) / ((symbols.get(a) ?? 0) * (symbols.get(b) ?? 0));
	};
	const [wordPiecePair, wordPieceScore] = bestOf(new Map([...pairs.keys()].map((pair) => [pair, score(pair)])));
	expect(answer).toContain(`WordPiece first merges \`${wordPiecePair}\``);
	expect(answer).toContain(`= ${wordPieceScore} against`);
	expect(answer).toContain(`= ${score("t ##h")}, because`);
});

function bpeEncode(word: string, merges: readonly string[]): string[] {
	let pieces = [...word];
	for (const merge of merges) {
		const [a, b] = merge.split(" ");
		const merged: string[] = [];
		for (let i = 0; i < pieces.length; i += 1)
			if (pieces[i] === a && pieces[i + 1] === b) {
				merged.push(`${a}${b}`);
				i += 1;
			} else merged.push(at(pieces, i));
		pieces = merged;
	}
	return pieces;
}

function longestMatch(word: string, vocabulary: ReadonlySet<string>): string[] {
	const pieces: string[] = [];
	for (let start = 0; start < word.length; ) {
		let end = word.length;
		while (end > start + 1 && !vocabulary.has(word.slice(start, end))) end -= 1;
		pieces.push(word.slice(start, end));
		start = end;
	}
	return pieces;
}

test("ranked merges and longest match agree on the word of the check, by another order they would not", async () => {
	const show = (pieces: string[]) => pieces.map((piece) => `\`${piece}\``).join(" + ");
	const bpe = show(bpeEncode("her", ["h e", "e r"]));
	const longest = show(longestMatch("her", new Set(["h", "e", "r", "er", "he"])));
	expect((await options("bpe-vs-wordpiece")).right).toBe(`BPE: ${bpe}; longest match: ${longest}`);
	expect((await question("bpe-vs-wordpiece")).mcq.explanation).toContain(
		`Had \`e r\` been learned first, BPE would give ${show(bpeEncode("her", ["e r", "h e"]))} from`,
	);
});

test("a vocabulary of 100,000 instead of 30,000 pieces costs this many embedding parameters", async () => {
	const millions = ((100_000 - 30_000) * 768) / 1e6;
	const { follow_ups } = await question("bpe-vs-wordpiece");
	expect(follow_ups[2]?.a).toContain(`adds ${millions.toFixed(1)}M embedding parameters`);
});

const CONSONANT = "[^aeiou]";
const VOWEL = "[aeiouy]";
const CONSONANTS = `${CONSONANT}[^aeiouy]*`;
const VOWELS = `${VOWEL}[aeiou]*`;
const MEASURE_OVER_0 = new RegExp(`^(${CONSONANTS})?${VOWELS}${CONSONANTS}`);
const MEASURE_IS_1 = new RegExp(`^(${CONSONANTS})?${VOWELS}${CONSONANTS}(${VOWELS})?$`);
const MEASURE_OVER_1 = new RegExp(`^(${CONSONANTS})?${VOWELS}${CONSONANTS}${VOWELS}${CONSONANTS}`);
const HAS_VOWEL = new RegExp(`^(${CONSONANTS})?${VOWEL}`);
const SHORT_END = new RegExp(`^${CONSONANTS}${VOWEL}[^aeiouwxy]$`);
const STEP_2 =
	"ational:ate tional:tion enci:ence anci:ance izer:ize abli:able alli:al entli:ent eli:e ousli:ous ization:ize ation:ate ator:ate alism:al iveness:ive fulness:ful ousness:ous aliti:al iviti:ive biliti:ble";
const STEP_3 = "icate:ic ative: alize:al iciti:ic ical:ic ful: ness:";
const STEP_4 =
	"al: ance: ence: er: ic: able: ible: ant: ement: ment: ent: sion:s tion:t ou: ism: ate: iti: ous: ive: ize:";

/** The first rule (longest suffix first) whose suffix fits: applied if its stem passes. */
function suffixRules(word: string, rules: string, condition: RegExp): string {
	const parsed = rules.split(" ").map((rule) => rule.split(":"));
	parsed.sort(([a = ""], [b = ""]) => b.length - a.length);
	for (const [suffix = "", replacement = ""] of parsed) {
		if (!word.endsWith(suffix)) continue;
		const stem = word.slice(0, word.length - suffix.length) + (rules === STEP_4 ? replacement : "");
		return condition.test(stem) ? stem + (rules === STEP_4 ? "" : replacement) : word;
	}
	return word;
}

/** Porter's algorithm of 1980. */
function porter(input: string): string {
	let word = input;
	if (/(ss|i)es$/.test(word)) word = word.slice(0, -2);
	else if (/[^s]s$/.test(word)) word = word.slice(0, -1);
	const verbal = /^(.*?)(ed|ing)$/.exec(word);
	if (word.endsWith("eed")) word = MEASURE_OVER_0.test(word.slice(0, -3)) ? word.slice(0, -1) : word;
	else if (verbal?.[1] && HAS_VOWEL.test(verbal[1])) {
		word = verbal[1];
		if (/(at|bl|iz)$/.test(word)) word += "e";
		else if (/([^aeiouylsz])\1$/.test(word)) word = word.slice(0, -1);
		else if (SHORT_END.test(word)) word += "e";
	}
	if (word.endsWith("y") && HAS_VOWEL.test(word.slice(0, -1))) word = `${word.slice(0, -1)}i`;
	word = suffixRules(word, STEP_2, MEASURE_OVER_0);
	word = suffixRules(word, STEP_3, MEASURE_OVER_0);
	word = suffixRules(word, STEP_4, MEASURE_OVER_1);
	if (word.endsWith("e")) {
		const stem = word.slice(0, -1);
		if (MEASURE_OVER_1.test(stem) || (MEASURE_IS_1.test(stem) && !SHORT_END.test(stem))) word = stem;
	}
	if (word.endsWith("ll") && MEASURE_OVER_1.test(word)) word = word.slice(0, -1);
	return word;
}

test("Porter's stems are those that the stemming question shows", async () => {
	const { answer, traps } = await question("stemming-vs-lemmatization");
	const shared = (words: string[]) => {
		const stems = new Set(words.map(porter));
		expect(stems.size, words.join(" ")).toBe(1);
		return `\`${[...stems][0]}\``;
	};
	expect(answer).toContain(`Porter sends studies, studying and study to ${shared(["studies", "studying", "study"])}`);
	expect(answer).toContain(`${shared(["organization", "organ"])} for organization and organ`);
	expect(answer).toContain(`leaves \`${porter("ran")}\` apart from \`${porter("running")}\``);
	expect(traps[0]?.correction).toContain(`\`${porter("unhappy")}\``);
});

test("Porter joins news with new and cats with cat, and keeps irregular forms apart", async () => {
	const pair = (text: string) => [...text.matchAll(/`(\w+)`/g)].map((match) => porter(match[1] ?? ""));
	const same = ([a, b]: string[]) => a === b;
	const { right, wrong } = await options("stemming-vs-lemmatization");
	expect(right).toBe("`mice` and `mouse`");
	expect(same(pair(right))).toBe(false);
	expect(wrong.map((text) => same(pair(text)))).toEqual([true, false, true]);
	const { mcq } = await question("stemming-vs-lemmatization");
	expect(mcq.options[1]?.why).toContain(`Porter gives ${porter("mice")} and ${porter("mouse")},`);
});

test("TF-IDF weights of a rare and of a common term", async () => {
	const weight = (tf: number, df: number, documents = 1000) => tf * Math.log(documents / df);
	const { answer, follow_ups } = await question("bow-tfidf-limits");
	expect(answer).toContain(`3 * ln(${1000 / 10}) = ${weight(3, 10).toFixed(1)}`);
	expect(answer).toContain(`5 * ln(${(1000 / 900).toFixed(2)}) = ${weight(5, 900).toFixed(1)}`);
	const smoothed = Math.log((1 + 1000) / (1 + 1000)) + 1;
	expect(follow_ups[1]?.a).toContain(`log(N/df) it is ${weight(1, 1000)}`);
	expect(follow_ups[1]?.a).toContain(`= ${smoothed}`);
});

test("a sparse document-term matrix is small, the dense one is not", async () => {
	const [documents, terms, perDocument, float32, int32] = [100_000, 50_000, 100, 4, 4];
	const sparse = documents * perDocument * (float32 + int32) + (documents + 1) * int32;
	const { follow_ups } = await question("bow-tfidf-limits");
	expect(follow_ups[0]?.a).toContain(`about ${Math.round(sparse / 1e6)} MB`);
	expect(follow_ups[0]?.a).toContain(`takes ${(documents * terms * float32) / 1e9} GB`);
});

test("three terms in the order of their TF-IDF weights, of their counts and of their rarity", async () => {
	const terms = [
		{ name: "invoice", tf: 2, df: 100 },
		{ name: "please", tf: 6, df: 5000 },
		{ name: "sap", tf: 1, df: 10 },
	].map((term) => ({ ...term, idf: Math.log(10_000 / term.df) }));
	type Term = (typeof terms)[number];
	const order = (key: (term: Term) => number) =>
		terms
			.toSorted((a, b) => key(b) - key(a))
			.map(({ name }) => name)
			.join(", ");
	const { mcq } = await question("bow-tfidf-limits");
	const { right, wrong } = await options("bow-tfidf-limits");
	expect(right).toBe(order(({ tf, idf }) => tf * idf));
	expect(wrong[0]).toBe(order(({ tf }) => tf));
	expect(wrong[1]).toBe(order(({ idf }) => idf));
	expect(mcq.options[1]?.why).toBe(
		`2 * ln(100) = ${(2 * Math.log(100)).toFixed(1)}, 1 * ln(1,000) = ${Math.log(1000).toFixed(1)} and 6 * ln(2) = ${(6 * Math.log(2)).toFixed(1)}.`,
	);
});
