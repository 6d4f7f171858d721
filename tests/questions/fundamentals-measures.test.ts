import { expect, test } from "vitest";
import { question } from "./bank.ts";
import { f1 } from "./fundamentals-arithmetic.ts";
import { at, options, sum } from "./options.ts";

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
