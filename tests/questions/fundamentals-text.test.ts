import { expect, test } from "vitest";
import { question } from "./bank.ts";
import { at, options } from "./options.ts";

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
