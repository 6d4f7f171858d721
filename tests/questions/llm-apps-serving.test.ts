import { describe, expect, test } from "vitest";
import { question } from "./bank.ts";
import { optionsOf, percent, rightOf, seconds, signTest, sum, thousands } from "./llm-apps-arithmetic.ts";

describe("figures of the questions on serving, prompts and chunks", () => {
	test("prompt-to-first-token: the log adds up to a queue of 905 ms, 20 ms a token", async () => {
		const { exhibit, answer, key_points } = await question("prompt-to-first-token");
		const at = (event: string) => Number(exhibit?.match(new RegExp(`(\\d+) ms {2}${event}`))?.[1]);
		const queue = at("scheduled") - at("waiting");
		const first = at("first token");
		expect(answer).toContain(`has room (${queue} ms)`);
		expect(answer).toContain(`(prefill, ${at("prefill done") - at("scheduled")} ms)`);
		expect(answer).toContain(`TTFT: ${thousands(first)} ms`);
		expect(answer).toContain(
			`(${thousands(at("last token"))} - ${thousands(first)}) / 399 = ${(at("last token") - first) / 399} ms`,
		);
		expect(answer).toContain(`${thousands(6000 - 2048)} uncached tokens`);
		expect(queue / first).toBeGreaterThan(2 / 3);
		expect(key_points.map(({ label }) => label).join()).toContain(`${queue} of ${thousands(first)} ms`);
	});

	test("prompt-to-first-token: a prompt of twice the length in the quick check", async () => {
		const record = await question("prompt-to-first-token");
		const [queue, prefill, total] = [0.2, 0.6, 5.8];
		const decoding = total - queue - prefill;
		expect(decoding / 250).toBeCloseTo(0.02, 12);
		expect(optionsOf(record)).toEqual(
			[queue + 4 * prefill + decoding, 2 * total, queue + 2 * prefill + decoding, 2 * (queue + prefill) + decoding].map(
				seconds,
			),
		);
		expect(rightOf(record)?.text).toBe(seconds(queue + 2 * prefill + decoding));
	});

	test("prompt-versioning: 14 better and 8 worse are within chance, and save 40% of the tokens", async () => {
		const { exhibit, answer } = await question("prompt-versioning");
		expect(exhibit).toMatch(/passed +164 +170\n/);
		expect(164 + 14 - 8).toBe(170);
		expect(answer).toContain(
			`in ${percent(signTest(14, 8))} of such comparisons (sign test, p = ${signTest(14, 8).toFixed(2)})`,
		);
		expect(answer).toContain(`saving of ${percent(1 - 71 / 118)} of the output tokens`);
	});

	test("prompt-versioning: the four gains of the quick check", async () => {
		const { mcq } = await question("prompt-versioning");
		const drafts = [
			[9, 1],
			[42, 30],
			[20, 10],
			[3, 0],
		] as const;
		const ps = drafts.map(([fixed, broken]) => signTest(fixed, broken));
		const shown = ps.map((p) => p.toFixed(2));
		expect(mcq.explanation).toContain(`p = ${shown.slice(0, 3).join(", ")} and ${shown[3]}`);
		for (const [index, p] of ps.entries()) expect(mcq.options[index]?.why).toContain(percent(p));
		expect(mcq.options.findIndex(({ correct }) => correct)).toBe(ps.indexOf(Math.min(...ps)));
		expect((await question("prompt-versioning")).traps[0]?.correction).toContain(`flipped ${14 + 8} of 200 results`);
	});

	test("prompt-cache-economics: what the second call costs, and should cost", async () => {
		const { exhibit, answer, key_points } = await question("prompt-cache-economics");
		const [write, read, user, reply] = [1.25, 0.1, 200, 150];
		const [tools, system] = [4000, 6000];
		const first = tools + system + user;
		const second = first + reply + user;
		expect(exhibit).toMatch(new RegExp(`1 +${thousands(first)} +0 `));
		expect(exhibit).toMatch(new RegExp(`2 +${thousands(second - tools)} +${thousands(tools)} `));
		expect(exhibit).toMatch(new RegExp(`3 +${thousands(second + reply + user - tools)} +${thousands(tools)} `));
		const broken = Math.round((second - tools) * write + tools * read);
		const mended = Math.round((second - first) * write + first * read);
		expect(answer).toContain(`= ${thousands(broken)} units`);
		expect(answer).toContain(
			`read ${thousands(first)} tokens and write ${second - first}: ${thousands(mended)} units. Without any caching: ${thousands(second)}`,
		);
		expect(key_points.map(({ label }) => label).join()).toContain(
			`${thousands(mended)} units instead of ${thousands(broken)}`,
		);
	});

	test("prompt-cache-economics: break-even hit rates", async () => {
		const record = await question("prompt-cache-economics");
		const breakEven = (write: number, read: number) => percent((write - 1) / (write - read));
		expect(record.answer).toContain(`0.25 / 1.15 = ${breakEven(1.25, 0.1)}`);
		expect(record.answer).toContain(`w = 2, it takes ${breakEven(2, 0.1)}`);
		expect(optionsOf(record)).toEqual([percent(0.25), percent(0.5), breakEven(1.25, 0.5), percent(0.25 / 1.25)]);
		expect(rightOf(record)?.text).toBe(breakEven(1.25, 0.5));
		expect(record.mcq.options[1]?.why).toContain(`= ${0.5 * 0.5 + 0.5 * 1.25}`);
		expect(record.mcq.options[3]?.why).toContain(`is ${(0.2 * 0.5 + 0.8 * 1.25).toFixed(2)}`);
	});

	test("prompt-cache-economics: when compaction pays", async () => {
		const firstCallThatPays = (keep: (calls: number) => number, compact: (calls: number) => number) =>
			Array.from({ length: 50 }, (_, call) => call + 1).find((calls) => compact(calls) < keep(calls));
		const { answer } = await question("prompt-cache-economics");
		const cached = firstCallThatPays(
			(calls) => 40_000 * 0.1 * calls,
			(calls) => 40_000 * 0.1 + 4000 * 5 + 4000 * 1.25 + 4000 * 0.1 * (calls - 1),
		);
		const plain = firstCallThatPays(
			(calls) => 40_000 * calls,
			(calls) => 40_000 + 4000 * 5 + 4000 * calls,
		);
		expect([cached, plain]).toEqual([8, 2]);
		expect(answer).toContain("pays from the eighth further call on; without caching it would pay from the second");
	});

	test("prompt-cache-economics: an append-only chat against a sliding window", async () => {
		const turns = Array.from({ length: 50 }, (_, turn) => turn + 1);
		const sent = sum(turns.map((turn) => 300 * turn));
		const fresh = 300 * turns.length;
		const { follow_ups } = await question("prompt-cache-economics");
		expect(follow_ups[0]?.a).toContain(
			`sends ${thousands(sent)} tokens: ${thousands(sent - fresh)} reads at 0.1 and ${thousands(fresh)} writes at 1.25 are ${thousands((sent - fresh) * 0.1 + fresh * 1.25)} units`,
		);
		expect(follow_ups[0]?.a).toContain(`sends ${thousands(sum(turns.map((turn) => 300 * Math.min(turn, 8))))} tokens`);
	});

	test("chunking-strategies: budgets that are equal, and one that is not", async () => {
		const { answer, mcq } = await question("chunking-strategies");
		expect(5 * 800).toBe(20 * 200);
		expect(answer).toContain("five chunks of 800 hold as much as twenty of 200");
		const ks = [2, 5, 10, 20];
		const recalls = [...mcq.stem.matchAll(/(?:of|Of) ([\d,]+)(?: tokens)?: ((?:0\.\d+,? ?){4})/g)].map(
			([, size = "", row = ""]) => {
				const k = 2500 / Number(size.replace(",", ""));
				return [size, Number(row.split(", ")[ks.indexOf(Math.floor(k))])] as const;
			},
		);
		expect(recalls.map(([, recall]) => recall)).toEqual([0.74, 0.84, 0.87, 0.89]);
		for (const [size, recall] of recalls) {
			const option = mcq.options.find(({ text }) => text === `${size} tokens`);
			expect(option?.why).toContain(recall.toString());
			expect(option?.correct ?? false).toBe(recall === 0.89);
		}
	});
});

describe("figures of the questions on agents, grounding and indexes", () => {
	test("context-engineering-agents: the context adds up, 84% of it tool output", async () => {
		const { exhibit, answer } = await question("context-engineering-agents");
		const parts = [9000, 2500, 14_500, 98_000, 36_000];
		for (const part of parts) expect(exhibit).toContain(thousands(part));
		expect(exhibit).toContain(thousands(sum(parts)));
		expect(answer).toContain(
			`among ${thousands(sum(parts))} tokens, ${percent((98_000 + 36_000) / sum(parts))} of them tool output`,
		);
	});

	test("deep-research-agent: reading 360,000 tokens, keeping 36,000", async () => {
		const pages = 8 * 5 * 3;
		const { answer } = await question("deep-research-agent");
		expect(answer).toContain(
			`8 sub-questions x 5 searches x 3 pages x 3,000 tokens are ${thousands(pages * 3000)} tokens`,
		);
		expect(answer).toContain(`some 300 tokens per page, ${thousands(pages * 300)} in all`);
	});

	test("workflow-or-agents: five stages with and without a check", async () => {
		const repaired = 1 - 0.05 * (1 - 4 / 5);
		const { answer } = await question("workflow-or-agents");
		expect(answer).toContain(`Five stages at 95% give ${percent(0.95 ** 5)} (0.95^5)`);
		expect(answer).toContain(`it is ${percent(repaired ** 5)} (${repaired.toFixed(2)}^5)`);
		const { mcq } = await question("workflow-or-agents");
		const minutes = (agents: number) => 8 + 2 + (24 / agents) * 5 + 24;
		expect(mcq.options[1]?.text).toBe(`About ${minutes(6)} minutes`);
		expect(mcq.explanation).toContain(`A factor of ${(120 / minutes(6)).toFixed(1)}`);
		expect(mcq.explanation).toContain(`= ${minutes(24)} minutes`);
	});

	test("groundedness-evaluation: the figures follow from the exhibit's claims and citations", async () => {
		const claims = [
			{ cites: 2, support: 1, grounded: true },
			{ cites: 1, support: 1, grounded: true },
			{ cites: 1, support: 0, grounded: false },
			{ cites: 2, support: 1, grounded: true },
			{ cites: 0, support: 0, grounded: true },
		];
		const count = (test: (claim: (typeof claims)[number]) => boolean) => claims.filter(test).length;
		const citations = sum(claims.map(({ cites }) => cites));
		const supporting = sum(claims.map(({ support }) => support));
		const { exhibit, answer } = await question("groundedness-evaluation");
		expect(exhibit?.split("Answer:")[1]?.match(/\[\d\]/g)).toHaveLength(citations);
		const grounded = count((claim) => claim.grounded);
		const recalled = count(({ support }) => support > 0);
		expect(answer).toContain(`supports: ${grounded} of ${claims.length}, ${percent(grounded / claims.length)}.`);
		expect(answer).toContain(`support: ${recalled} of ${claims.length}, ${percent(recalled / claims.length)}.`);
		expect(answer).toContain(`claim: ${supporting} of ${citations}, ${percent(supporting / citations)}.`);
	});

	test("groundedness-evaluation: recall and precision of the quick check", async () => {
		const record = await question("groundedness-evaluation");
		const [recall, precision, grounded, cited] = [2 / 4, 2 / (1 + 3 + 1), 3 / 4, 2 / 3].map(percent);
		expect(optionsOf(record)).toEqual([
			`Recall ${grounded}, precision ${precision}`,
			`Recall ${grounded}, precision ${cited}`,
			`Recall ${recall}, precision ${precision}`,
			`Recall ${recall}, precision ${cited}`,
		]);
		expect(rightOf(record)?.text).toBe(`Recall ${recall}, precision ${precision}`);
	});

	test("groundedness-evaluation: about 320 claims for 5 points either way at 70%", async () => {
		const claims = (1.96 ** 2 * 0.7 * 0.3) / 0.05 ** 2;
		expect((await question("groundedness-evaluation")).follow_ups[0]?.a).toContain(
			`About ${Math.round(claims / 10) * 10} claims`,
		);
	});

	test("ann-index-internals: memory per index for 200 million vectors", async () => {
		const gigabytes = (bytesPerVector: number) => (2e8 * bytesPerVector) / 1e9;
		const floats = 768 * 4;
		const links = 2 * 16 * 4;
		const { answer, follow_ups, key_points } = await question("ann-index-internals");
		expect(answer).toContain(`vectors alone are ${Math.round(gigabytes(floats))} GB`);
		expect(answer).toContain(
			`add ${gigabytes(links)} GB, ${gigabytes(floats + links)} GB in all, and still ${Math.round(gigabytes(768 + links))} GB`,
		);
		expect(key_points.map(({ label }) => label).join()).toContain(`${gigabytes(floats + links)} GB`);
		expect(answer).toContain(`8-byte id are ${gigabytes(64 + 8)} GB`);
		expect(floats + 64 * 4 + 4).toBeLessThan(4096);
		expect(answer).toContain(`4 KB block: ${Math.round(gigabytes(4096))} GB`);
		expect(answer).toContain(`codes of 32 bytes, ${gigabytes(32)} GB`);
		expect((2e7 * (floats + links)) / 1e9).toBeLessThan(128 / 2 + 1);
		expect(follow_ups[0]?.a).toContain(`64 pieces of ${768 / 64} dimensions`);
	});
});
