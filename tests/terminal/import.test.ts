import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { BAD_IMPORTS } from "../support/bad-imports.ts";
import { freshFolder } from "../support/databases.ts";
import { CLOCK } from "../support/program.ts";
import { talk } from "../support/terminal.ts";

test("files of a wrong kind are refused with their kind, and nothing is half imported", async () => {
	const folder = freshFolder();
	const paths = BAD_IMPORTS.map(({ name, content }) => {
		const path = join(folder, `${name}.csv`);
		writeFileSync(path, content);
		return path;
	});
	const lines = [...paths, folder, join(folder, "nothing.csv")].map((path) => `questions import "${path}"`);
	const replies = await talk([...lines, "questions list"], { clock: CLOCK });
	const texts = replies.slice(-lines.length - 1).map(({ text }) => text);
	for (const [index, { name, says }] of BAD_IMPORTS.entries()) expect(texts[index], name).toContain(says);
	expect(texts.at(-3)).toContain("That file is a folder. Nothing was changed.");
	expect(texts.at(-2)).toContain("That file does not exist. Nothing was changed.");
	expect(texts.at(-1)).toContain("0 questions of your own");
});

test("fifty questions come from a file and go back into one, in each format", async () => {
	const folder = freshFolder();
	const path = join(folder, "ours.csv");
	writeFileSync(
		path,
		`question,answer\n${Array.from({ length: 50 }, (_, row) => `What is rule ${row}?,It is ${row}.`).join("\n")}\n`,
	);
	const replies = await talk(
		[`questions import "${path}"`, "questions import confirm:1", `questions import "${path}"`, "questions list"],
		{ clock: CLOCK },
	);
	const texts = replies.slice(-4).map(({ text }) => text);
	expect(texts[0]).toContain("50 good");
	expect(texts[1]).toContain("50 questions added");
	expect(texts[2]).toContain("0 good, 50 you have already");
	expect(texts[3]).toContain("50 questions of your own");
});
