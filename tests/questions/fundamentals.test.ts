import { expect, test } from "vitest";
import { question } from "./bank.ts";
import { at, grouped, options, sum } from "./options.ts";

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

test("static vectors: candidates per pair, pairs per sentence, size of the table", async () => {
	const { answer, follow_ups } = await question("static-word-embeddings");
	const negatives = 5;
	expect(answer).toContain(`with ${negatives} negatives scores ${1 + negatives}`);
	expect(follow_ups[3]?.a).toContain(`a ${(100_000 * 300 * 4) / 1e6} MB lookup table`);
	const [words, window] = [5, 2];
	const neighbors = Array.from({ length: words }, (_, i) => Math.min(i, window) + Math.min(words - 1 - i, window));
	expect(follow_ups[1]?.a).toContain(
		`${sum(neighbors)} pairs: the words have ${neighbors.slice(0, -1).join(", ")} and ${neighbors.at(-1)}`,
	);
	const { mcq } = await question("static-word-embeddings");
	const sentences = ["red dax ran", "red wug ran", "old fep hid", "dax likes fep"].map((text) => text.split(" "));
	for (const sentence of sentences) expect(mcq.stem).toContain(`\`${sentence.join(" ")}\``);
	const contexts = (word: string) =>
		new Set(
			sentences.flatMap((sentence) =>
				sentence.flatMap((other, i) => (sentence[i - 1] === word || sentence[i + 1] === word ? [other] : [])),
			),
		);
	const cosines = mcq.options.map(({ text }) => {
		const [a = new Set(), b = new Set()] = [...text.matchAll(/`(\w+)`/g)].map(([, word = ""]) => contexts(word));
		return [...a].filter((word) => b.has(word)).length / Math.sqrt(a.size * b.size);
	});
	expect(cosines.map((cosine) => cosine.toFixed(2))).toEqual(["0.82", "0.33", "0.00", "0.00"]);
	expect(mcq.explanation).toContain("the cosines are 0.82, 0.33, 0 and 0");
});

/** Entities of a BIO sequence as "type:start-end". */
function entities(tags: readonly string[]): Set<string> {
	const found = new Set<string>();
	tags.forEach((tag, start) => {
		if (!tag.startsWith("B-")) return;
		let end = start + 1;
		while (tags[end] === `I-${tag.slice(2)}`) end += 1;
		found.add(`${tag.slice(2)}:${start}-${end}`);
	});
	return found;
}

const f1 = (tp: number, fp: number, fn: number) => (2 * tp) / (2 * tp + fp + fn);

test("entity F1 of a boundary error", async () => {
	const { answer } = await question("named-entity-recognition");
	const gold = "B-PER I-PER O B-ORG I-ORG O B-LOC";
	expect(answer).toContain(`\`${gold}\``);
	const truth = entities(gold.split(" "));
	const predicted = entities("B-PER I-PER O O B-ORG O B-LOC".split(" "));
	const tp = [...predicted].filter((entity) => truth.has(entity)).length;
	expect(answer).toContain(
		`precision ${tp}/${predicted.size}, recall ${tp}/${truth.size}, F1 ${f1(tp, 1, 1).toFixed(2)}`,
	);
});

test("precision and recall of a name split in two, and the interval of a rare type", async () => {
	const gold = new Set(["ORG:0-3", "LOC:4-5"]);
	const predicted = new Set(["LOC:0-2", "ORG:2-3", "LOC:4-5"]);
	const hits = [...predicted].filter((entity) => gold.has(entity)).length;
	const { mcq, follow_ups } = await question("named-entity-recognition");
	const { right, wrong } = await options("named-entity-recognition");
	const shown = (p: number, r: number) => `Precision ${p}/${predicted.size} and recall ${r}/${gold.size}`;
	expect(right).toBe(shown(hits, hits));
	expect(wrong).toEqual([shown(hits, hits + 1), shown(hits + 1, hits), shown(hits + 1, hits + 1)]);
	expect(mcq.explanation).toContain(`= ${f1(hits, predicted.size - hits, gold.size - hits).toFixed(2)}`);
	const points = 1.96 * Math.sqrt((0.8 * 0.2) / 30);
	expect(follow_ups[3]?.a).toContain(`a recall of 0.8 is known to about ${Math.round(100 * points)} points either way`);
});

test("maximal marginal relevance prefers the less redundant sentence", async () => {
	const mmr = (relevance: number, similarity: number, lambda = 0.7) => lambda * relevance - (1 - lambda) * similarity;
	const [redundant, fresh] = [mmr(0.9, 0.8), mmr(0.7, 0.1)];
	const { answer } = await question("extractive-vs-abstractive-summarization");
	expect(answer).toContain(
		`relevance 0.7 and similarity 0.1 (${fresh.toFixed(2)}) beats one of 0.9 and 0.8 (${redundant.toFixed(2)})`,
	);
	expect(fresh).toBeGreaterThan(redundant);
});

test("MMR over four candidates, and what picks each of the others", async () => {
	const candidates = [
		{ name: "P", relevance: 0.9, similarity: 0.9 },
		{ name: "Q", relevance: 0.6, similarity: 0.1 },
		{ name: "R", relevance: 0.8, similarity: 0.5 },
		{ name: "S", relevance: 0.5, similarity: 0 },
	];
	type Candidate = (typeof candidates)[number];
	const pick = (score: (candidate: Candidate) => number) =>
		at(
			candidates.toSorted((a, b) => score(b) - score(a)),
			0,
		).name;
	const mmr =
		(lambda: number) =>
		({ relevance, similarity }: Candidate) =>
			lambda * relevance - (1 - lambda) * similarity;
	const { mcq } = await question("extractive-vs-abstractive-summarization");
	for (const { name, relevance, similarity } of candidates)
		expect(mcq.stem).toContain(`${name} (${relevance.toFixed(1)}, ${similarity.toFixed(1)})`);
	const { right, wrong } = await options("extractive-vs-abstractive-summarization");
	expect(right).toBe(`Sentence ${pick(mmr(0.6))}`);
	expect(wrong).toEqual([
		`Sentence ${pick(({ relevance }) => relevance)}`,
		`Sentence ${pick(({ relevance, similarity }) => relevance - 0.4 * similarity)}`,
		`Sentence ${pick(({ similarity }) => -similarity)}`,
	]);
	const [p, q, r, s] = candidates.map((candidate) => mmr(0.6)(candidate).toFixed(2));
	expect(mcq.explanation).toContain(`That gives P ${p}, Q ${q}, R ${r} and S ${s}.`);
	expect(pick(mmr(0.9))).toBe("P");
});

test("parameters of a plain RNN, a GRU and an LSTM", async () => {
	const block = (input: number, hidden: number) => input * hidden + hidden * hidden + hidden;
	const [plain, gru, lstm] = [1, 3, 4].map((blocks) => grouped(blocks * block(256, 512)));
	expect((await question("rnn-sequence-modeling")).follow_ups[0]?.a).toContain(
		`${plain}, ${gru} and ${lstm} parameters`,
	);
});

test("a factor per step shrinks or blows up over 50 steps", async () => {
	const { answer } = await question("rnn-sequence-modeling");
	expect(answer).toContain(`50 steps leave ${(0.9 ** 50).toFixed(3)} of it`);
	expect(answer).toContain(`blow it up ${Math.round(1.1 ** 50)} times`);
});

test("what is left of a gradient along an LSTM's cell after 100 steps", async () => {
	const [forget, output, steps] = [0.98, 0.5, 100];
	const percent = (value: number) => `About ${Math.round(100 * value)}%`;
	const { right, wrong } = await options("rnn-sequence-modeling");
	expect(right).toBe(percent(forget ** steps));
	expect(wrong).toEqual([percent(forget), percent((forget * output) ** steps), percent(1)]);
	expect((await question("rnn-sequence-modeling")).mcq.explanation).toContain(`(${(100 * 0.9 ** steps).toFixed(3)}%)`);
});

function softmax(logits: readonly number[]): number[] {
	const top = Math.max(...logits);
	const exps = logits.map((logit) => Math.exp(logit - top));
	return exps.map((value) => value / sum(exps));
}

test("softmax of 2, 1, 0, its loss and its gradient", async () => {
	const p = softmax([2, 1, 0]);
	const gradient = p.map((value, i) => (value - (i === 0 ? 1 : 0)).toFixed(3));
	const { answer } = await question("softmax-classification");
	expect(answer).toContain(`Logits 2, 1, 0 become ${p.map((value) => value.toFixed(3)).join(", ")}`);
	expect(answer).toContain(`the loss is ${(-Math.log(at(p, 0))).toFixed(3)} and the gradient (${gradient.join(", ")})`);
});

test("a second softmax raises the loss and puts a floor under it", async () => {
	const loss = (logits: readonly number[]) => -Math.log(at(softmax(logits), 0));
	const { answer, follow_ups } = await question("softmax-classification");
	expect(answer).toContain(`rises from ${loss([4, 0, 0]).toFixed(3)} to ${loss(softmax([4, 0, 0])).toFixed(3)}`);
	const floor = loss([1, ...Array<number>(9).fill(0)]);
	expect(floor).toBeCloseTo(Math.log(1 + 9 / Math.E), 12);
	expect(follow_ups[0]?.q).toContain(`stays at ${floor.toFixed(2)}`);
	expect(follow_ups[0]?.a).toContain(`ln(1 + 9/e) = ${floor.toFixed(3)}`);
});

test("any common shift of the logits keeps the probabilities, a division flattens them", async () => {
	const logits = [2, 1, 0];
	const shown = (values: readonly number[]) => softmax(values).map((value) => value.toFixed(3));
	for (const shift of [Math.max(...logits), sum(logits) / logits.length])
		expect(shown(logits.map((logit) => logit - shift))).toEqual(shown(logits));
	const batch = [
		[2, 1, 0],
		[1, 3, 0],
	];
	const means = logits.map((_, index) => sum(batch.map((row) => at(row, index))) / batch.length);
	for (const row of batch) expect(shown(row.map((logit, index) => logit - at(means, index)))).not.toEqual(shown(row));
	expect((await question("softmax-classification")).mcq.explanation).toContain(
		`give ${shown(logits).join(", ")}, and divided by 5 they give ${shown(logits.map((logit) => logit / 5)).join(", ")}.`,
	);
});

test("an ideal Zipf curve: what the head covers, how many words occur once or twice", async () => {
	const harmonic = (n: number) => sum(Array.from({ length: n }, (_, i) => 1 / (i + 1)));
	const share = (head: number) => Math.round((100 * harmonic(head)) / harmonic(50_000));
	const { answer, follow_ups } = await question("zipfs-law");
	expect(answer).toContain(
		`the top 100 types make up ${share(100)}% of the tokens, the top 1,000 about ${share(1000)}%`,
	);
	const frequencies = Array.from({ length: 50_000 }, (_, i) => Math.floor(50_000 / (i + 1)));
	const occurring = (times: number) =>
		frequencies.filter((frequency) => frequency === times).length / frequencies.length;
	expect(occurring(1)).toBeCloseTo(1 / 2, 3);
	expect(occurring(2)).toBeCloseTo(1 / 6, 3);
	expect(answer).toContain("about half of the types occur once and a sixth twice");
	expect(follow_ups[0]?.a).toContain(`3,993 of 8,018 types (${((100 * 3993) / 8018).toFixed(1)}%)`);
});

test("Heaps' law with exponent 0.5", async () => {
	const { answer, mcq } = await question("zipfs-law");
	expect(2 ** (1 / 0.5)).toBe(4);
	expect(answer).toContain("with beta = 0.5, twice as many types take four times the text");
	const [types, tokens, more] = [20_000, 1e6, 9e6];
	const about = (value: number) => `About ${grouped(1000 * Math.round(value / 1000))}`;
	const { right, wrong } = await options("zipfs-law");
	expect(right).toBe(about(types * (more / tokens) ** 0.5));
	expect(wrong).toEqual([
		about((types * more) / tokens),
		about((types * Math.log(more)) / Math.log(tokens)),
		about(types),
	]);
	expect(mcq.explanation).toContain(`to triple once more takes ${(more * 9) / 1e6} million tokens`);
});

test("add-one smoothing takes nearly all mass from a seen bigram", async () => {
	const [pair, context, vocabulary] = [30, 50, 10_000];
	const smoothed = (pair + 1) / (context + vocabulary);
	expect((await question("ngram-smoothing")).answer).toContain(
		`drops from ${(pair / context).toFixed(2)} to ${pair + 1}/${grouped(context + vocabulary)} = ${smoothed.toFixed(3)}`,
	);
});

test("interpolated Kneser-Ney, worked by hand", async () => {
	const [d, count, followers, continuation] = [0.75, 10, 6, 5 / 20];
	const weight = (d * followers) / count;
	const { follow_ups, answer } = await question("ngram-smoothing");
	expect(follow_ups[0]?.a).toContain(`d * 6 / 10 = ${weight}`);
	expect(follow_ups[0]?.a).toContain(`${weight} * ${continuation} = ${weight * continuation}`);
	expect(follow_ups[0]?.a).toContain(`(2 - ${d})/10 = ${(2 - d) / count}`);
	expect(answer).toContain(`prefers Francisco ${30 / 10} to 1, Kneser-Ney prefers glasses ${5 / 1} to 1`);
});

test("Kneser-Ney of a seen bigram, with and without discount and lower order", async () => {
	const [d, count, context, followers, continuation] = [0.75, 5, 20, 8, 0.02];
	const lower = ((d * followers) / context) * continuation;
	const { right, wrong } = await options("ngram-smoothing");
	expect(right).toBe(((count - d) / context + lower).toFixed(4));
	expect(wrong).toEqual(
		[count / context + lower, (count - d) / context, count / context].map((value) => value.toFixed(4)),
	);
});

/** Levenshtein distance over letters or words; substitutions may cost more, and neighbors may swap (Damerau). */
function editDistance<T>(a: readonly T[], b: readonly T[], substitution = 1, swaps = false): number {
	const table = a.map(() => [] as number[]);
	table.push([]);
	const cell = (i: number, j: number) => at(at(table, i), j);
	for (let i = 0; i <= a.length; i += 1)
		for (let j = 0; j <= b.length; j += 1) {
			let best = i === 0 ? j : j === 0 ? i : Number.POSITIVE_INFINITY;
			if (i > 0 && j > 0) {
				best = Math.min(
					cell(i - 1, j) + 1,
					cell(i, j - 1) + 1,
					cell(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : substitution),
				);
				if (swaps && i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
					best = Math.min(best, cell(i - 2, j - 2) + 1);
			}
			at(table, i)[j] = best;
		}
	return cell(a.length, b.length);
}
const spelled = (a: string, b: string, swaps = false) => editDistance([...a], [...b], 1, swaps);

test("edit distances that the question names", async () => {
	const { answer, follow_ups, traps } = await question("edit-distance");
	expect([..."flaw"].filter((letter, i) => letter === "lawn"[i])).toEqual([]);
	expect(answer).toContain(
		`flaw to lawn takes ${spelled("flaw", "lawn")} edits (delete f, insert n), although no position`,
	);
	expect(follow_ups[0]?.a).toContain(
		`form to from is ${spelled("form", "from", true)} instead of ${spelled("form", "from")}`,
	);
	expect(follow_ups[0]?.a).toContain(
		`is at distance ${spelled("café".normalize("NFD"), "café".normalize("NFC"))} from the precomposed form`,
	);
	expect(spelled("cat", "car")).toBeLessThan(spelled("cat", "kitten"));
	expect(traps[2]?.correction).toContain(
		`\`form\` and \`farm\` differ by ${spelled("form", "farm")}, \`big\` and \`large\` by ${spelled("big", "large")}`,
	);
});

test("two rows instead of the full table", async () => {
	const [length, bytes] = [10_000, 4];
	const rows = Math.round((2 * (length + 1) * bytes) / 1e3);
	const full = Math.round(((length + 1) ** 2 * bytes) / 1e6);
	expect((await question("edit-distance")).answer).toContain(`${rows} kB instead of ${full} MB`);
});

test("word error rate of the quick check, and what the wrong options compute", async () => {
	const { mcq } = await question("edit-distance");
	const [reference = [], output = []] = [...mcq.stem.matchAll(/`([^`]+)`/g)].map((match) =>
		(match[1] ?? "").split(" "),
	);
	const edits = editDistance(reference, output);
	const missing = reference.filter((word) => !output.includes(word)).length;
	const rate = (count: number, whole: readonly string[]) =>
		`${Math.round((100 * count) / whole.length)}%, from ${count} edits over ${whole.length} words`;
	const { right, wrong } = await options("edit-distance");
	expect(right).toBe(rate(edits, reference));
	expect(wrong).toEqual([rate(edits, output), rate(missing, reference), rate(missing, output)]);
});

test("Viterbi, greedy and forward on the two-word example", async () => {
	const tags = ["N", "V"] as const;
	type Tag = (typeof tags)[number];
	const start = { N: 0.6, V: 0.4 };
	const next = { N: { N: 0.3, V: 0.7 }, V: { N: 0.8, V: 0.2 } };
	const fish = { N: 0.3, V: 0.5 };
	const swim = { N: 0.2, V: 0.4 };
	const first = (tag: Tag) => start[tag] * fish[tag];
	const path = (a: Tag, b: Tag) => first(a) * next[a][b] * swim[b];
	const paths = tags.flatMap((a) => tags.map((b) => ({ name: `${a} ${b}`, probability: path(a, b) })));
	const best = at(
		paths.toSorted((a, b) => b.probability - a.probability),
		0,
	);
	const total = sum(paths.map(({ probability }) => probability));

	const { answer } = await question("hmm-viterbi");
	expect(answer).toContain(`N = 0.6 * 0.3 = ${first("N").toFixed(2)}; V = 0.4 * 0.5 = ${first("V").toFixed(2)}`);
	expect(answer).toContain(`* 0.2 = ${Math.max(path("N", "N"), path("V", "N")).toFixed(3)}`);
	expect(answer).toContain(`* 0.4 = ${Math.max(path("N", "V"), path("V", "V")).toFixed(4)}`);
	expect(answer).toContain(`answer ${best.name}.`);
	expect(answer).toContain(`P(words) = ${total.toFixed(4)}`);
});

test("Viterbi, the likeliest emissions, greedy and the prior choose four different paths", async () => {
	const start = { V: 0.7, N: 0.3 };
	const next = { V: { V: 0.4, N: 0.6 }, N: { V: 0.1, N: 0.9 } };
	const words = [
		{ V: 0.2, N: 0.6 },
		{ V: 0.6, N: 0.1 },
	] as const;
	const tags = ["V", "N"] as const;
	type Tag = (typeof tags)[number];
	const top = (score: (tag: Tag) => number) => (score("V") > score("N") ? "V" : "N");
	const prior = (a: Tag, b: Tag) => start[a] * next[a][b];
	const score = (a: Tag, b: Tag) => prior(a, b) * words[0][a] * words[1][b];
	const best = (of: (a: Tag, b: Tag) => number) =>
		at(
			tags.flatMap((a) => tags.map((b) => ({ a, b, value: of(a, b) }))).toSorted((x, y) => y.value - x.value),
			0,
		);
	const shown = (a: Tag, b: Tag) => `\`${a} ${b}\``;
	const { mcq } = await question("hmm-viterbi");
	const { right, wrong } = await options("hmm-viterbi");
	const viterbi = best(score);
	expect(right).toBe(shown(viterbi.a, viterbi.b));
	const greedy = top((tag) => start[tag] * words[0][tag]);
	const likely = best(prior);
	expect(wrong).toEqual([
		shown(
			top((tag) => words[0][tag]),
			top((tag) => words[1][tag]),
		),
		shown(
			greedy,
			top((tag) => next[greedy][tag] * words[1][tag]),
		),
		shown(likely.a, likely.b),
	]);
	expect(mcq.options[0]?.why).toContain(
		`${score("V", "V").toFixed(4)} beats N N (${score("N", "N").toFixed(4)}), N V (${score("N", "V").toFixed(4)}) and V N (${score("V", "N").toFixed(4)})`,
	);
	expect(mcq.options[3]?.why).toContain(`(${likely.value.toFixed(2)})`);
});

test("Viterbi's work against the number of paths", async () => {
	const [words, tags] = [20, 45];
	const { answer } = await question("hmm-viterbi");
	expect(answer).toContain(`${grouped((words - 1) * tags ** 2)} transition scores`);
	expect(answer).toContain(`10^${Math.round(words * Math.log10(tags))} paths`);
});

test("a CRF's best path, its score and its probability on the BIO example", async () => {
	const emissions: Record<string, number>[] = [
		{ B: 1, I: 0, O: 1.2 },
		{ B: 0.2, I: 2, O: 1 },
	];
	const transitions: Record<string, number> = { "B I": 1, "O I": -4 };
	const tags = ["B", "I", "O"];
	const score = (a: string, b: string) =>
		(emissions[0]?.[a] ?? 0) + (emissions[1]?.[b] ?? 0) + (transitions[`${a} ${b}`] ?? 0);
	const paths = tags.flatMap((a) => tags.map((b) => ({ name: `${a} ${b}`, score: score(a, b) })));
	const best = at(
		paths.toSorted((a, b) => b.score - a.score),
		0,
	);
	const z = sum(paths.map((path) => Math.exp(path.score)));
	const separate = emissions
		.map((row) =>
			at(
				tags.toSorted((a, b) => (row[b] ?? 0) - (row[a] ?? 0)),
				0,
			),
		)
		.join(" ");

	const { answer } = await question("linear-chain-crf");
	expect(answer).toContain(`Separate argmax gives ${separate}`);
	expect(answer).toContain(
		`${best.name} scores ${best.score.toFixed(1)}, O O ${score("O", "O").toFixed(1)} and O I ${score("O", "I").toFixed(1)}`,
	);
	expect(answer).toContain(
		`picks ${best.name}, with probability ${(Math.exp(best.score) / z).toFixed(2)} over the ${paths.length} sequences`,
	);
	const bioTags = 2 * 4 + 1;
	expect(answer).toContain(`With ${bioTags} BIO tags the table holds ${bioTags ** 2} transition scores`);
});

test("the CRF's loss on four paths, and what the wrong options compute", async () => {
	const scores = [2, 0.5, 0, 1];
	const gold = 0.5;
	const logZ = Math.log(sum(scores.map(Math.exp)));
	const { right, wrong } = await options("linear-chain-crf");
	expect(right).toBe((logZ - gold).toFixed(2));
	expect(wrong).toEqual([logZ.toFixed(2), (Math.max(...scores) - gold).toFixed(2), Math.exp(gold - logZ).toFixed(2)]);
	const { mcq } = await question("linear-chain-crf");
	expect(mcq.explanation).toContain(`A A holds ${Math.round(100 * Math.exp(2 - logZ))}% of the mass`);
});

const bm25Tf = (tf: number, length = 1, k1 = 1.2, b = 0.75) => (tf * (k1 + 1)) / (tf + k1 * (1 - b + b * length));

test("BM25 saturation, length normalization and idf", async () => {
	const { answer } = await question("bm25-ranking");
	const [one, two, ten] = [1, 2, 10].map((tf) => bm25Tf(tf).toFixed(2));
	expect(answer).toContain(
		`${one} for one occurrence, ${two} for two, ${ten} for ten, and stays below k1 + 1 = ${1.2 + 1}`,
	);
	expect(answer).toContain(
		`Three occurrences give ${bm25Tf(3).toFixed(2)} in an average document, but ${bm25Tf(3, 3).toFixed(2)} in one three times as long`,
	);
	const idf = (documents: number, df: number) => Math.log(1 + (documents - df + 0.5) / (df + 0.5)).toFixed(2);
	expect(answer).toContain(`in 100 of them weighs ${idf(1e6, 100)}, one in half of them ${idf(1e6, 5e5)}`);
});

test("a longer page with as dense a term leads in BM25, ties at b = 1", async () => {
	const by = (p: number, q: number) =>
		p > q ? `P, by ${p.toFixed(2)} to ${q.toFixed(2)}` : `Q, by ${q.toFixed(2)} to ${p.toFixed(2)}`;
	const p = bm25Tf(4);
	const { right, wrong } = await options("bm25-ranking");
	expect(right).toBe(by(p, bm25Tf(8, 2)));
	const density = bm25Tf(8, 2, 1.2, 1);
	expect(density).toBeCloseTo(p, 12);
	expect(wrong).toEqual([
		`Tie, by ${p.toFixed(2)} to ${density.toFixed(2)}`,
		by(p, bm25Tf(8, 2, 1.2, 0)),
		by(p, bm25Tf(8, 2, 1.2, 0) / 2),
	]);
});

test("precision, recall, F1 and accuracy with one percent positives", async () => {
	const [tp, fn, fp, total] = [60, 40, 90, 10_000];
	const tn = total - tp - fn - fp;
	const { answer } = await question("imbalanced-metrics");
	expect(answer).toContain(
		`Precision ${(tp / (tp + fp)).toFixed(2)}, recall ${(tp / (tp + fn)).toFixed(2)}, F1 ${f1(tp, fp, fn).toFixed(2)}, accuracy ${((100 * (tp + tn)) / total).toFixed(1)}%`,
	);
	expect(answer).toContain(
		`flags nothing has accuracy ${((100 * (fp + tn)) / total).toFixed(1)}% and F1 ${f1(0, 0, tp + fn)}`,
	);
	expect(answer).toContain(`false-positive rate of ${((100 * fp) / (fp + tn)).toFixed(1)}%`);
});

test("micro, macro and weighted F1 of one confusion matrix", async () => {
	const confusion = [
		[880, 20, 0],
		[30, 60, 0],
		[6, 3, 1],
	];
	const support = confusion.map(sum);
	const perClass = confusion.map((row, c) => {
		const tp = at(row, c);
		return f1(tp, sum(confusion.map((other) => at(other, c))) - tp, at(support, c) - tp);
	});
	const correct = sum(confusion.map((row, c) => at(row, c)));
	const errors = sum(support) - correct;
	const micro = f1(correct, errors, errors);
	const weighted = sum(perClass.map((value, c) => (value * at(support, c)) / sum(support)));
	expect(micro).toBeCloseTo(correct / sum(support), 12);

	const { follow_ups } = await question("imbalanced-metrics");
	const [a, b, c] = perClass.map((value) => value.toFixed(2));
	expect(follow_ups[0]?.q).toContain(
		`${support[0]}, ${support[1]} and ${support[2]} examples and F1 of ${a}, ${b} and ${c}`,
	);
	expect(follow_ups[0]?.a).toContain(`Micro pools the counts: ${micro.toFixed(2)}`);
	expect(follow_ups[0]?.a).toContain(`Macro, the plain mean: ${(sum(perClass) / 3).toFixed(2)}`);
	expect(follow_ups[0]?.a).toContain(`Weighted by support: ${weighted.toFixed(2)}`);
});

test("precision, recall and F1 of the spam filter, swapped and with the wrong mean", async () => {
	const [mails, spam, flagged, hits] = [1000, 50, 80, 40];
	const [precision, recall] = [hits / flagged, hits / spam];
	const shown = (p: number, r: number, f: number) => `${p.toFixed(2)}, ${r.toFixed(2)} and ${f.toFixed(2)}`;
	const harmonic = f1(hits, flagged - hits, spam - hits);
	const mean = (precision + recall) / 2;
	const { right, wrong } = await options("imbalanced-metrics");
	expect(right).toBe(shown(precision, recall, harmonic));
	expect(wrong).toEqual([
		shown(recall, precision, mean),
		shown(precision, recall, mean),
		shown(recall, precision, harmonic),
	]);
	const accuracy = 1 - (flagged - hits + spam - hits) / mails;
	expect((await question("imbalanced-metrics")).mcq.explanation).toContain(
		`Accuracy is ${(100 * accuracy).toFixed(1)}%`,
	);
	expect(accuracy).toBeCloseTo(1 - spam / mails, 12);
});

/** Cohen's kappa and Krippendorff's nominal alpha of two annotators and two labels. */
function agreement(both: number, neither: number, split: number) {
	const items = both + neither + 2 * split;
	const observed = (both + neither) / items;
	const rate = (both + split) / items;
	const chance = rate ** 2 + (1 - rate) ** 2;
	const values = 2 * items;
	const positives = 2 * both + 2 * split;
	const expectedDisagreement = (2 * positives * (values - positives)) / (values * (values - 1));
	return {
		observed,
		chance,
		kappa: (observed - chance) / (1 - chance),
		alpha: 1 - (1 - observed) / expectedDisagreement,
	};
}

test("the same raw agreement gives a low or a high kappa", async () => {
	const skewed = agreement(2, 90, 4);
	const balanced = agreement(46, 46, 4);
	const { answer } = await question("annotator-agreement");
	expect(skewed.observed).toBe(0.92);
	expect(answer).toContain(`p_e = 0.94^2 + 0.06^2 = ${skewed.chance.toFixed(3)}`);
	expect(answer).toContain(`(1 - p_e)\` = ${skewed.kappa.toFixed(2)}.`);
	expect(balanced.observed).toBe(skewed.observed);
	expect(answer).toContain(`would give p_e = ${balanced.chance.toFixed(2)} and kappa = ${balanced.kappa.toFixed(2)}`);
	expect(answer).toContain(`${skewed.alpha.toFixed(2)} here too`);
});

test("kappa of a balanced and of a skewed set whose agreement differs", async () => {
	const chance = (rate: number) => rate ** 2 + (1 - rate) ** 2;
	const kappa = (agreed: number, rate: number) => ((agreed - chance(rate)) / (1 - chance(rate))).toFixed(2);
	/** The two values if chance were that of annotators with these rates of positives. */
	const values = (p: number, q: number) => `${kappa(0.9, p)} for P and ${kappa(0.964, q)} for Q`;
	const { right, wrong } = await options("annotator-agreement");
	expect(right).toBe(values(0.5, 0.9));
	expect(wrong).toEqual([values(0.9, 0.9), values(0.9, 0.5), values(0.5, 0.5)]);
});

test("a majority of three independent annotators", async () => {
	const p = 0.9;
	const majority = p ** 3 + 3 * p ** 2 * (1 - p);
	expect((await question("annotator-agreement")).answer).toContain(
		`each right in ${100 * p}%, are right in ${(100 * majority).toFixed(1)}%`,
	);
});
