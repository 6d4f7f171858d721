import { expect, test } from "vitest";
import { question } from "./bank.ts";
import { at, grouped, options, sum } from "./options.ts";

const mean = (values: readonly number[]) => sum(values) / values.length;

test("recall, reciprocal rank, average precision and nDCG of the list that is shown", async () => {
	const { exhibit = "", answer, follow_ups } = await question("ranking-metrics");
	const grades = [...exhibit.matchAll(/^\d {5}D\d\d {2}(\d)$/gm)].map((match) => Number(match[1]));
	expect(grades).toHaveLength(5);
	const missing = Number(/not in the list: D\d\d \(grade (\d)\)/.exec(exhibit)?.[1]);
	const relevant = [...grades, missing].filter((grade) => grade > 0);
	const hits = grades.flatMap((grade, index) => (grade > 0 ? [index + 1] : []));

	expect(answer).toContain(
		`Recall@5 = ${hits.length}/${relevant.length} = ${(hits.length / relevant.length).toFixed(2)}`,
	);
	expect(answer).toContain(`Reciprocal rank = 1/${hits[0]} = ${(1 / at(hits, 0)).toFixed(2)}`);
	const precisions = hits.map((rank, index) => `${index + 1}/${rank}`);
	const average = sum(hits.map((rank, index) => (index + 1) / rank)) / relevant.length;
	expect(answer).toContain(`(${precisions.join(" + ")} + 0) / ${relevant.length} = ${average.toFixed(2)}`);

	const dcg = (list: readonly number[], gain: (grade: number) => number) =>
		sum(list.slice(0, 5).map((grade, index) => gain(grade) / Math.log2(index + 2)));
	const ideal = relevant.toSorted((a, b) => b - a);
	const linear = (grade: number) => grade;
	expect(answer).toContain(
		`2/${Math.log2(3).toFixed(3)} + 1/${Math.log2(4)} + 1/${Math.log2(6).toFixed(3)} = ${dcg(grades, linear).toFixed(2)}`,
	);
	expect(answer).toContain(`The ideal order ${ideal.join(", ")} gives ${dcg(ideal, linear).toFixed(2)}`);
	const ndcg = (gain: (grade: number) => number) => (dcg(grades, gain) / dcg(ideal, gain)).toFixed(2);
	expect(answer).toContain(`so nDCG is ${ndcg(linear)}`);
	expect(follow_ups[0]?.a).toContain(`this list gets ${ndcg((grade) => 2 ** grade - 1)} instead of ${ndcg(linear)}`);
});

test("MRR and recall prefer an engine whose mean rank is worse", async () => {
	const ranks = { X: [2, 6, 6], Y: [1, 4, 50] };
	type Engine = keyof typeof ranks;
	const mrr = (engine: Engine) => mean(ranks[engine].map((rank) => 1 / rank));
	const recall = (engine: Engine) => mean(ranks[engine].map((rank) => Number(rank <= 5)));
	const best = (metric: (engine: Engine) => number) => (metric("X") > metric("Y") ? "X" : "Y");
	const { mcq, traps } = await question("ranking-metrics");
	expect((await options("ranking-metrics")).right).toBe(`MRR: ${best(mrr)}; recall@5: ${best(recall)}`);
	expect(mcq.options[0]?.why).toContain(`${mean(ranks.X).toFixed(1)} against ${mean(ranks.Y).toFixed(1)}.`);
	for (const option of [1, 2])
		expect(mcq.options[option]?.why).toContain(`${mrr("Y").toFixed(2)} against ${mrr("X").toFixed(2)}`);
	expect([recall("Y"), recall("X")]).toEqual([2 / 3, 1 / 3]);
	expect(mcq.explanation).toContain(
		`from 1 to 2 costs ${(1 - 1 / 2).toFixed(2)}, from 6 to 50 costs ${(1 / 6 - 1 / 50).toFixed(2)}`,
	);
	expect(traps[1]?.correction).toContain(
		`ranks 1 and 10 give ${mean([1, 1 / 10]).toFixed(2)}, while the reciprocal of their mean rank is ${(1 / mean([1, 10])).toFixed(2)}`,
	);
});

const crossEntropy = (p: readonly number[], q: readonly number[]) =>
	sum(p.map((value, index) => (value === 0 ? 0 : -value * Math.log2(at(q, index)))));
const kl = (p: readonly number[], q: readonly number[]) => crossEntropy(p, q) - crossEntropy(p, p);

test("entropy, cross-entropy and KL of the three-class example, both ways round", async () => {
	const [p, q] = [
		[0.5, 0.25, 0.25],
		[0.8, 0.1, 0.1],
	] as const;
	const { answer, follow_ups } = await question("entropy-cross-entropy-kl");
	expect(answer).toContain(`p = (${p.join(", ")}) and q = (${q.join(", ")})`);
	expect(answer).toContain(
		`H(p) = ${crossEntropy(p, p).toFixed(2)}, H(p, q) = ${crossEntropy(p, q).toFixed(2)}, KL(p || q) = ${kl(p, q).toFixed(2)}`,
	);
	expect(answer).toContain(`KL(q || p) = ${kl(q, p).toFixed(2)}`);
	expect(follow_ups[0]?.a).toContain(`perplexity 2^3 = ${2 ** 3}`);
});

test("the two directions of KL prefer different models", async () => {
	const p = [0.5, 0.5, 0];
	const models = { q1: [1, 0, 0], q2: [1 / 3, 1 / 3, 1 / 3] };
	const prefers = (divergence: (q: readonly number[]) => number) =>
		divergence(models.q1) < divergence(models.q2) ? "q1" : "q2";
	expect((await options("entropy-cross-entropy-kl")).right).toBe(
		`KL(p || q) prefers ${prefers((q) => kl(p, q))}, KL(q || p) prefers ${prefers((q) => kl(q, p))}`,
	);
	const { mcq } = await question("entropy-cross-entropy-kl");
	expect(mcq.options[2]?.why).toBe(
		`KL(p || q2) = log2(1.5) = ${kl(p, models.q2).toFixed(2)} bits, KL(p || q1) is infinite; KL(q1 || p) = ${kl(models.q1, p)} bit, KL(q2 || p) is infinite.`,
	);
	expect(kl(p, models.q1)).toBe(Number.POSITIVE_INFINITY);
	expect(kl(models.q2, p)).toBe(Number.POSITIVE_INFINITY);
});

/** Expected calibration error of bins of n cases. */
function ece(bins: readonly { n: number; confidence: number; accuracy: number }[]): number {
	const all = sum(bins.map(({ n }) => n));
	return sum(bins.map(({ n, confidence, accuracy }) => (n / all) * Math.abs(accuracy - confidence)));
}

test("the calibration error of the table that is shown", async () => {
	const { exhibit = "", answer, follow_ups } = await question("probability-calibration");
	const rows = [...exhibit.matchAll(/^(?:0\.\d to \S+|all)\s+(\d+)\s+(\S+)\s+(\S+)$/gm)].map((match) => ({
		n: Number(match[1]),
		confidence: Number(match[2]),
		accuracy: Number(match[3]),
	}));
	const bins = rows.slice(0, -1);
	const all = at(rows, rows.length - 1);
	expect(bins).toHaveLength(5);
	const weighted = (of: (bin: (typeof bins)[number]) => number) => sum(bins.map((bin) => (bin.n / all.n) * of(bin)));
	expect(sum(bins.map(({ n }) => n))).toBe(all.n);
	expect(weighted(({ confidence }) => confidence)).toBeCloseTo(all.confidence, 9);
	expect(weighted(({ accuracy }) => accuracy)).toBeCloseTo(all.accuracy, 9);
	const terms = bins.map(({ n, confidence, accuracy }) => `${n / all.n} * ${(confidence - accuracy).toFixed(2)}`);
	expect(answer).toContain(`${terms.join(" + ")} = ${ece(bins).toFixed(3)}`);
	expect(answer).toContain(
		`${all.confidence} - ${all.accuracy}, is ${(all.confidence - all.accuracy).toFixed(3)} as well`,
	);
	const error = Math.sqrt((0.8 * 0.2) / 25);
	expect(follow_ups[0]?.a).toContain(
		`a standard error of ${error.toFixed(2)}, so its gap is about ${(error * Math.sqrt(2 / Math.PI)).toFixed(2)}`,
	);
});

test("the calibration error of two bins, and what the wrong options compute", async () => {
	const bins = [
		{ n: 700, confidence: 0.6, accuracy: 0.7 },
		{ n: 300, confidence: 0.9, accuracy: 0.85 },
	];
	const gaps = bins.map(({ confidence, accuracy }) => accuracy - confidence);
	const overall = (of: "confidence" | "accuracy") => sum(bins.map((bin) => (bin.n / 1000) * bin[of]));
	const { right, wrong } = await options("probability-calibration");
	expect(right).toBe(ece(bins).toFixed(3));
	const signed = overall("accuracy") - overall("confidence");
	expect(wrong).toEqual([signed, mean(gaps.map(Math.abs)), mean(gaps)].map((value) => value.toFixed(3)));
	expect((await question("probability-calibration")).mcq.explanation).toContain(
		`(${overall("confidence").toFixed(2)} against ${overall("accuracy").toFixed(3)}) shows ${signed.toFixed(3)} of it`,
	);
});

test("what near copies in training are worth", async () => {
	const share = 1500 / 5000;
	const { mcq } = await question("nlp-data-leakage");
	const [copied, clean] = [97, 79];
	const published = share * copied + (1 - share) * clean;
	const points = (value: number) => `By ${value.toFixed(1)} points`;
	expect(mcq.options[3]?.why).toContain(`= ${published.toFixed(1)}, clean ${clean.toFixed(1)}`);
	expect(mcq.options.map(({ text }) => text)).toEqual([
		points(copied - clean),
		points((copied - clean) * (1 - share)),
		points(copied * share),
		points(published - clean),
	]);
});

test("naive Bayes odds of the example, and what a text pasted twice does", async () => {
	const weight = { free: 40 / 5, meeting: 2 / 20 };
	const odds = weight.free ** 2 * weight.meeting;
	const share = (value: number) => `${Math.round((100 * value) / (1 + value))}%`;
	const { answer, mcq } = await question("linear-text-classifiers");
	expect(answer).toContain(`has odds ${weight.free} * ${weight.free} * ${weight.meeting} = ${odds.toFixed(1)}`);
	expect(answer).toContain(`so ${share(odds)} spam`);
	expect(mcq.options[3]?.why).toContain(
		`odds of ${odds.toFixed(1)} become 6.4 squared, about ${Math.round(odds ** 2)}`,
	);
	expect(mcq.explanation).toContain(`${share(odds)} becomes ${share(odds ** 2)}`);
});

test("the curves that are shown: where validation is lowest, and a coin's loss", async () => {
	const { exhibit = "", answer, mcq } = await question("finetuning-overfit-curves");
	const rows = [...exhibit.matchAll(/^\d .*$/gm)].map(([row]) => row.trim().split(/\s+/).map(Number));
	expect(rows).toHaveLength(5);
	for (const seed of [0, 1]) {
		const train = rows.map((row) => at(row, 1 + 2 * seed));
		const validation = rows.map((row) => at(row, 2 + 2 * seed));
		expect(train.toSorted((a, b) => b - a)).toEqual(train);
		expect(validation.indexOf(Math.min(...validation)) + 1).toBe(2);
	}
	expect(answer).toContain("the validation loss is lowest after epoch 2");
	const coin = Math.LN2.toFixed(2);
	expect(rows.map((row) => at(row, 6).toFixed(2))).toEqual(Array(5).fill(coin));
	expect(answer).toContain(`${coin} is ln 2`);
	const cost = (confidence: number) => (-Math.log(1 - confidence)).toFixed(1);
	expect(mcq.explanation).toContain(`at confidence 0.9 costs ${cost(0.9)}, at 0.999 it costs ${cost(0.999)}`);
	const series = (name: string) =>
		(mcq.stem.match(new RegExp(`${name} ([\\d., ]+\\d)`))?.[1] ?? "").split(", ").map(Number);
	const [unread, wrong] = [series("routed unread"), series("of them wrong")];
	const allowed = unread.filter((_, i) => at(wrong, i) <= 3);
	const best = unread.indexOf(Math.max(...allowed));
	expect(mcq.options.findIndex((option) => option.correct)).toBe(best);
	expect(mcq.options[best]?.why).toContain(`${at(unread, best)}% against ${at(unread, 0)}%`);
	expect(mcq.options[0]?.why).toContain(`${at(unread, best) - at(unread, 0)}% more`);
});

test("steps and tokens of the example, and what the wrong counts leave out", async () => {
	const { answer } = await question("batch-step-epoch");
	const batch = 8 * 4 * 4;
	expect(answer).toContain(
		`it is ${batch}, so 96,000 sequences make ${96_000 / batch} steps an epoch. At 2,048 tokens each, a step sees ${grouped(batch * 2048)} tokens, and three epochs ${Math.round((3 * 96_000 * 2048) / 1e6)} million`,
	);
	const updates = (size: number) => `${grouped((64_000 / size) * 3)} updates`;
	const { right, wrong } = await options("batch-step-epoch");
	expect(right).toBe(updates(16 * 2 * 4));
	expect(wrong).toEqual([updates(16), updates(16 * 2), updates(16 * 4)]);
});

/** Expected largest of n standard normal values. */
function largestOf(n: number): number {
	const step = 0.001;
	let [cumulative, expected] = [0, 0];
	for (let x = -8; x < 8; x += step) {
		const density = Math.exp(-(x ** 2) / 2) / Math.sqrt(2 * Math.PI);
		cumulative += density * step;
		expected += x * n * density * cumulative ** (n - 1) * step;
	}
	return expected;
}

test("the best of 20 equal variants on 500 items, and sizes of test sets", async () => {
	const error = (items: number, rate = 0.8) => 100 * Math.sqrt((rate * (1 - rate)) / items);
	const { answer, follow_ups, mcq } = await question("train-validation-test");
	expect(answer).toContain(`a standard error of ${error(500).toFixed(1)} points`);
	expect(answer).toContain(`about ${(80 + largestOf(20) * error(500)).toFixed(1)}% by luck`);
	expect(follow_ups[0]?.a).toContain(`about ${(1.96 * error(1000)).toFixed(1)} points either way`);
	expect(mcq.explanation).toContain(`about ${largestOf(5).toFixed(1)} points above their mean`);
	const scores = [...mcq.stem.matchAll(/\d\d\.\d/g)].map(Number);
	const [validation, test] = [scores.slice(0, 5), scores.slice(5)];
	const leader = Math.max(...validation);
	expect(mcq.options.map(({ text }) => text)).toEqual(
		[Math.max(...test), leader, at(test, validation.indexOf(leader)), sum(test) / 5].map((score) => score.toFixed(1)),
	);
	const needed = 0.8 * 0.2 * 196 ** 2;
	expect(follow_ups[0]?.a).toContain(`for one point it takes about ${grouped(1000 * Math.round(needed / 1000))}`);
	expect(follow_ups[2]?.a).toContain(`about ${Math.round(1.96 * error(100))} points either way`);
});

test("folds that overlap, and what 1,200 reviews by 60 authors are worth", async () => {
	const { answer, follow_ups } = await question("cross-validation-text");
	const folds = 10;
	expect(answer).toContain(`share ${folds - 2}/${folds - 1} of their data`);
	const effect = 1 + (1200 / 60 - 1) * 0.3;
	expect(answer).toContain(`about ${10 * Math.round(1200 / effect / 10)}`);
	expect(follow_ups[0]?.a).toContain(
		`it is ${effect.toFixed(1)}, and 1,200 / ${effect.toFixed(1)} = ${Math.round(1200 / effect)}`,
	);
});

test("precision of an identifier on rare languages, and what the wrong shares are", async () => {
	const { answer, mcq } = await question("language-identification");
	const precision = (prevalence: number, recall: number, falseRate: number) =>
		(prevalence * recall) / (prevalence * recall + (1 - prevalence) * falseRate);
	expect(answer).toContain(`a precision of ${Math.round(100 * precision(0.001, 0.99, 0.005))}%`);
	const [found, wrongly] = [2000 * 0.95, 998_000 * 0.004];
	const about = (share: number) => `About ${Math.floor(100 * share + 0.5)}%`;
	const { right, wrong } = await options("language-identification");
	expect(right).toBe(about(found / (found + wrongly)));
	expect(wrong).toEqual([about(0.95), "About 99%", about(found / wrongly)]);
	expect(mcq.options[1]?.why).toContain(
		`${grouped(found)} found, and 0.4% of 998,000 = ${grouped(wrongly)} false ones: ${grouped(found)} / ${grouped(found + wrongly)}`,
	);
});
