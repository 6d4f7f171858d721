import { expect, test } from "vitest";
import { question } from "./bank.ts";
import { f1 } from "./fundamentals-arithmetic.ts";
import { at, grouped, options, sum } from "./options.ts";

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
