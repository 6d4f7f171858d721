import { expect, test } from "vitest";
import { question } from "./bank.ts";
import { at, grouped, options, sum } from "./options.ts";

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
