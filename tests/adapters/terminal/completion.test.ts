import { expect, test } from "vitest";
import { completions } from "../../../src/adapters/terminal/completion.ts";
import { COMMANDS } from "../../../src/chat/commands/index.ts";
import { loadBank } from "../../../src/run/open.ts";

test("Tab completes commands, categories, difficulties, tags and ids, with or without a slash", async () => {
	const bank = await loadBank();
	const after = (line: string) => completions(line, COMMANDS, bank)[0].map((value) => value.trim());
	expect(after("ran")).toEqual(["random"]);
	expect(after("/nlpq leader")).toEqual(["leaderboard"]);
	expect(after("/leader")).toEqual(["/leaderboard"]);
	expect(after("settings ex")).toEqual(["export"]);
	expect(after("random transf")).toEqual(["transformers"]);
	expect(after("random transformers adv")).toEqual(["advanced"]);
	expect(after("show kv-cache")).not.toContain("kv-cache");
	expect(after("show kv-")).toContain("kv-cache");
	expect(after("search toke")).toContain("tokenization");
	expect(after("nothing of the kind ")).toEqual([]);
	expect(completions("show kv-c", COMMANDS, bank)[1]).toBe("kv-c");
});

test("Tab reaches each command, category, difficulty, tag and id from all but its last letter", async () => {
	const bank = await loadBank();
	const isReached = (before: string, word: string) => {
		const [found, typed] = completions(`${before}${word.slice(0, -1)}`, COMMANDS, bank);
		return typed === word.slice(0, -1) && found.includes(`${word} `);
	};
	const lost: string[] = [];
	const reach = (before: string, words: Iterable<string>) => {
		for (const word of new Set(words)) if (!isReached(before, word)) lost.push(before + word);
	};
	for (const { name } of COMMANDS) {
		const words = name.split(" ");
		words.forEach((word, index) => {
			const before = words.slice(0, index).map((each) => `${each} `);
			reach(before.join(""), [word]);
			reach(`/nlpq ${before.join("")}`, [word]);
		});
	}
	const all = bank.all();
	for (const command of ["random", "search", "stats", "practice"])
		reach(
			`${command} `,
			all.map(({ category }) => category),
		);
	reach(
		"random ",
		all.map(({ difficulty }) => difficulty),
	);
	for (const command of ["search", "practice"])
		reach(
			`${command} `,
			all.flatMap(({ tags }) => tags),
		);
	for (const command of ["show", "answer", "check", "hint", "reveal"])
		reach(
			`${command} `,
			all.map(({ id }) => id),
		);
	expect(lost).toEqual([]);
});
