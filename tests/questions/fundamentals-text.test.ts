import { expect, test } from "vitest";
import { question } from "./bank.ts";
import { at, options, sum } from "./options.ts";

/** BPE as it encodes a word: while a learned pair is present, merge the one that was learned first. */
function bpe(word: string, merges: readonly string[]): { pieces: string[]; steps: string[] } {
	let pieces = [...word];
	const steps = [pieces.join(" ")];
	for (;;) {
		const present = pieces.slice(1).map((piece, index) => `${pieces[index]} ${piece}`);
		const rank = merges.findIndex((merge) => present.includes(merge));
		if (rank < 0) return { pieces, steps };
		const place = present.indexOf(at(merges, rank));
		pieces = [...pieces.slice(0, place), `${pieces[place]}${pieces[place + 1]}`, ...pieces.slice(place + 2)];
		steps.push(pieces.join(" "));
	}
}

test("the merges that are shown split the word as the answer says, step by step", async () => {
	const { exhibit = "", answer } = await question("bpe-merges-by-hand");
	const merges = [...exhibit.matchAll(/^\d {2}(.+)$/gm)].map((match) => match[1] ?? "");
	expect(merges).toHaveLength(7);
	const { pieces, steps } = bpe("lowers", merges);
	for (const step of steps) expect(answer).toContain(`- \`${step}\`:`);
	expect(answer).toContain(`\`lowers\` becomes ${pieces.map((piece) => `\`${piece}\``).join(" + ")}`);
	expect(bpe("lower", merges).pieces).toEqual(["lower"]);
	const bytes = new TextEncoder().encode("ö");
	expect(answer).toContain(`ö is the two bytes ${[...bytes].map((byte) => byte.toString(16).toUpperCase()).join(" ")}`);
	expect(new TextEncoder().encode("löwe")).toHaveLength(5);
	const symbols = /base symbols: (.+)/.exec(exhibit)?.[1]?.split(" ") ?? [];
	for (const letter of "lowers") expect(symbols).toContain(letter);
	expect(symbols).not.toContain("ö");
});

test("a piece of the vocabulary that BPE does not reach from its own word", async () => {
	const { mcq } = await question("bpe-merges-by-hand");
	const merges = [...mcq.stem.matchAll(/\d\. `([^`]+)`/g)].map((match) => match[1] ?? "");
	expect(merges).toHaveLength(5);
	const shown = (pieces: readonly string[]) => pieces.map((piece) => `\`${piece}\``).join(" + ");
	const { right, wrong } = await options("bpe-merges-by-hand");
	expect(right).toBe(shown(bpe("that", merges).pieces));
	expect(merges.map((merge) => merge.replace(" ", ""))).toContain("that");
	expect(wrong).toContain(shown(["that"]));
	expect(wrong).toContain(shown(bpe("that", merges.slice(0, 1)).pieces));
});

test("the lengths that the Python session prints", async () => {
	const { exhibit = "", answer } = await question("unicode-text-traps");
	const bytes = (text: string) => new TextEncoder().encode(text).length;
	const [composed, combining] = ["caf\u00e9", "cafe\u0301"];
	expect(exhibit).toContain(`(False, ${[...composed].length}, ${[...combining].length}, ${bytes(composed)})`);
	expect(composed).not.toBe(combining);
	for (const form of ["NFC", "NFD"]) expect(composed.normalize(form)).toBe(combining.normalize(form));
	const emoji = "\u{1F469}\u200D\u{1F4BB}";
	expect(exhibit).toContain(`(${[...emoji].length}, ${bytes(emoji)}, ${emoji.length})`);
	expect(answer).toContain(
		`${[...emoji].length} code points, ${bytes(emoji)} bytes, ${emoji.length} UTF-16 units, one grapheme`,
	);
	expect([...new Intl.Segmenter("en", { granularity: "grapheme" }).segment(emoji)]).toHaveLength(1);
	for (const form of ["NFC", "NFD", "NFKC", "NFKD"]) expect("p\u0430ypal".normalize(form)).not.toBe("paypal");
	expect("x\u00b2".normalize("NFKC")).toBe("x2");
	const key = (text: string) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
	const pairs = [
		["\ufb01le", "file"],
		["na\u00efve", "naive"],
		["\uff21\uff11", "a1"],
		["Stra\u00dfe", "STRASSE"],
	] as const;
	const { mcq } = await question("unicode-text-traps");
	for (const [index, [a, b]] of pairs.entries()) {
		const { text, correct = false } = mcq.options[index] ?? {};
		expect(text).toContain(`plain \`${b}\``);
		expect(`${text} ${key(a) !== key(b)}`).toBe(`${text} ${correct}`);
	}
});

test("what NFKC and case folding join, and what they do not", () => {
	const key = (text: string) => text.normalize("NFKC").toUpperCase().toLowerCase();
	expect(key("\ufb01le")).toBe(key("file"));
	expect(key("\uff21\uff11")).toBe(key("a1"));
	expect(key("Stra\u00dfe")).toBe(key("STRASSE"));
	for (const typed of ["na\u00efve", "nai\u0308ve"]) expect(key(typed)).not.toBe(key("naive"));
	expect(key("na\u00efve")).toBe(key("nai\u0308ve"));
	const unmarked = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "");
	expect([unmarked("na\u00efve"), unmarked("\u00e5")]).toEqual(["naive", "a"]);
});

/** Longest match from one end; the dictionary must cover the text. */
function longestFrom(end: "left" | "right", text: string, words: readonly string[]): string {
	const found: string[] = [];
	for (let rest = text; rest !== ""; ) {
		const fits = words.filter((word) => (end === "left" ? rest.startsWith(word) : rest.endsWith(word)));
		const longest = at(
			fits.toSorted((a, b) => b.length - a.length),
			0,
		);
		rest = end === "left" ? rest.slice(longest.length) : rest.slice(0, -longest.length);
		if (end === "left") found.push(longest);
		else found.unshift(longest);
	}
	return found.join(" ");
}

test("longest match from either end of a text without spaces", async () => {
	const { mcq } = await question("sentence-word-segmentation");
	const words = /holds: ([^.]+)\./.exec(mcq.stem)?.[1]?.split(", ") ?? [];
	const split = (end: "left" | "right") => longestFrom(end, "theyouthevent", words);
	expect((await options("sentence-word-segmentation")).right).toBe(
		`From the left \`${split("left")}\`, from the right \`${split("right")}\``,
	);
	expect(split("left")).not.toBe(split("right"));
});

test("attachment scores of the parse in the check", async () => {
	const { mcq } = await question("dependency-parsing");
	const [gold = [], predicted = []] = mcq.stem
		.split("returns")
		.map((part) => [...part.matchAll(/\d: (\d) (\w+)/g)].map(([, head, label]) => ({ head, label })));
	expect([gold.length, predicted.length]).toEqual([5, 5]);
	const right = gold.map((arc, index) => ({
		head: arc.head === at(predicted, index).head,
		label: arc.label === at(predicted, index).label,
	}));
	const uas = right.filter(({ head }) => head).length;
	const las = right.filter(({ head, label }) => head && label).length;
	expect((await options("dependency-parsing")).right).toBe(`UAS ${uas}/5 and LAS ${las}/5`);
	expect(right.map(({ head, label }) => head && label)).toEqual([true, true, true, true, false]);
	expect(at(right, 4)).toEqual({ head: false, label: false });
});

/** Heads that arc-standard steps give to the words of a sentence; 0 is the root. */
function arcStandard(words: readonly string[], steps: readonly string[]): Record<string, string> {
	const heads: Record<string, string> = {};
	const stack = ["root"];
	const buffer = [...words];
	for (const step of steps) {
		if (step === "shift") stack.push(buffer.shift() ?? "");
		else {
			const top = stack.pop() ?? "";
			const second = stack.pop() ?? "";
			const [head, dependent] = step === "left-arc" ? [top, second] : [second, top];
			heads[dependent] = head;
			stack.push(head);
		}
	}
	expect([stack, buffer]).toEqual([["root"], []]);
	return heads;
}

test("the arc-standard steps of the follow-up build its tree", async () => {
	const text = (await question("dependency-parsing")).follow_ups[0]?.a ?? "";
	const steps = [...text.matchAll(/(shift|left-arc|right-arc)\b/gi)].map(([step]) => step.toLowerCase());
	expect(arcStandard(["Ana", "likes", "jazz"], steps)).toEqual({ Ana: "likes", jazz: "likes", likes: "root" });
	expect(steps).toHaveLength(2 * 3);
});

test("MUC and B-cubed of everything in one cluster, and of the check", async () => {
	type Clusters = readonly (readonly string[])[];
	const clusterOf = (clusters: Clusters, mention: string) =>
		clusters.find((cluster) => cluster.includes(mention)) ?? [mention];
	const average = (values: readonly number[]) => sum(values) / values.length;
	const overlap = (one: readonly string[], other: readonly string[]) =>
		one.filter((mention) => other.includes(mention)).length;
	/** Share of each mention's cluster in `of` that its cluster in `by` shares. */
	const bCubed = (of: Clusters, by: Clusters) =>
		average(
			of.flatMap((cluster) => cluster.map((mention) => overlap(cluster, clusterOf(by, mention)) / cluster.length)),
		);
	/** Links of the clusters in `of` that `by` keeps, and all of them. */
	const links = (of: Clusters, by: Clusters) => ({
		kept: sum(of.map((cluster) => cluster.length - new Set(cluster.map((mention) => clusterOf(by, mention)[0])).size)),
		all: sum(of.map((cluster) => cluster.length - 1)),
	});
	const { answer } = await question("coreference-entity-linking");
	const three: Clusters = [
		["a", "b", "c"],
		["d", "e"],
	];
	const one: Clusters = [["a", "b", "c", "d", "e"]];
	const [recall, precision] = [links(three, one), links(one, three)];
	expect(answer).toContain(`recall ${recall.kept}/${recall.all}, precision ${precision.kept}/${precision.all}.`);
	expect(bCubed(three, one)).toBe(1);
	expect(answer).toContain(`(3 * 3/5 + 2 * 2/5) / 5 = ${bCubed(one, three).toFixed(2)}`);

	const gold: Clusters = [["a", "b", "c", "d"], ["e"]];
	const system: Clusters = [
		["a", "b"],
		["c", "d", "e"],
	];
	const shown = (p: number, r: number) => `Precision ${p.toFixed(2)} and recall ${r.toFixed(2)}`;
	const { right, wrong } = await options("coreference-entity-linking");
	expect(right).toBe(shown(bCubed(system, gold), bCubed(gold, system)));
	const largest = (of: Clusters, by: Clusters) =>
		average(of.map((cluster) => Math.max(...by.map((other) => overlap(cluster, other))) / cluster.length));
	const muc = [links(system, gold), links(gold, system)].map(({ kept, all }) => kept / all);
	expect(wrong).toEqual([
		shown(bCubed(gold, system), bCubed(system, gold)),
		shown(at(muc, 0), at(muc, 1)),
		shown(largest(system, gold), largest(gold, system)),
	]);
});

test("NPMI of two words, and what the wrong options compute", async () => {
	const [first, second, both] = [0.023, 0.011, 0.005];
	const pmi = Math.log(both / (first * second));
	const { right, wrong } = await options("topic-models-clustering");
	expect(right).toBe((pmi / -Math.log(both)).toFixed(2));
	expect(wrong).toEqual([both / first, both / (first + second - both), both / second].map((value) => value.toFixed(2)));
	const { mcq } = await question("topic-models-clustering");
	expect(mcq.options[2]?.why).toBe(
		`ln ${(both / (first * second)).toFixed(1)} / -ln 0.005 = ${pmi.toFixed(2)} / ${(-Math.log(both)).toFixed(2)}.`,
	);
	expect(mcq.explanation).toContain(`together ${(both / (first * second)).toFixed(1)} times as often`);
	expect(mcq.explanation).toContain(`the logarithm of that, ${pmi.toFixed(2)};`);
});

test("CTC merges repeats and then drops blanks", async () => {
	const read = (frames: readonly string[]) =>
		frames.filter((symbol, index) => symbol !== frames[index - 1] && symbol !== "-").join("");
	const { answer } = await question("speech-to-text-architectures");
	expect(answer).toContain(`\`hh-e-ll-lo\` reads ${read([..."hh-e-ll-lo"])}`);
	const { right, wrong } = await options("speech-to-text-architectures");
	const frames = (text: string) => text.replaceAll("`", "").split(" ");
	expect(read(frames(right))).toBe("aab");
	expect(wrong.map((text) => read(frames(text)))).toEqual(["ab", "abb", "aabb"]);
	expect(new Set([right, ...wrong].map((text) => frames(text).length))).toEqual(new Set([8]));
	expect(answer).toContain(
		`250 frames, 50 tokens and 1,000 entries in float32 are ${(250 * 50 * 1000 * 4) / 1e6} MB per utterance`,
	);
});
