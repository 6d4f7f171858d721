import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { SETTINGS } from "../../src/config.ts";

const read = (file: string) => readFileSync(file, "utf8");
const names = SETTINGS.map(({ name }) => name);

const sources = readdirSync("src", { recursive: true, encoding: "utf8" })
	.filter((file) => file.endsWith(".ts") && file !== "config.ts")
	.map((file) => join("src", file));

/** A source without its comments and texts: only what runs. */
const code = (text: string): string =>
	text
		.replaceAll(/\/\*[\s\S]*?\*\//g, "")
		.replaceAll(/^\s*\/\/.*$/gm, "")
		.replaceAll(/"(?:\\.|[^"\\\n])*"/g, '""')
		.replaceAll(/`[^`$]*`/g, "``");

/** What looks like one of our settings in a text. */
const PREFIXES = [...new Set(names.map((name) => name.split("_")[0]))].join("|");
const NAMED = new RegExp(`(?<![A-Z_])(?:${PREFIXES})_[A-Z_]*[A-Z]|(?<![A-Z_])PORT(?![A-Z_])`, "g");
const named = (text: string): string[] => text.match(NAMED) ?? [];

test("every setting is read by the program", () => {
	const all = sources.map((file) => code(read(file))).join("\n");
	const unread = names.filter((name) => !new RegExp(`\\b${name}\\b`).test(all));
	expect(unread).toEqual([]);
});

test("the program reads its environment only through the settings", () => {
	const direct = sources.flatMap((file) =>
		[...code(read(file)).matchAll(/process\.env\b(?!\)|,)[^\n]*|\}\s*=\s*process\.env\b/g)].map(
			([use]) => `${file}: ${use.trim()}`,
		),
	);
	expect(direct).toEqual([]);
});

const documents = [
	...readdirSync(".").filter((name) => name.endsWith(".md")),
	...readdirSync("docs")
		.filter((name) => name.endsWith(".md"))
		.map((name) => join("docs", name)),
	".env.example",
	"docker-compose.yml",
	"Dockerfile",
	"slack-manifest.yaml",
];
/** Names that look like settings of the program but belong to the tests. */
const OTHERS = ["TEST_DATABASE_URL", "NLPQ_EFFORT", "NLPQ_TEST_SEED"];
const unknown = (text: string) => named(text).filter((name) => !names.includes(name) && !OTHERS.includes(name));

test.each(documents)("every setting that %s names exists", (document) => {
	expect(unknown(read(document))).toEqual([]);
});

test("every setting that a message of the program names exists", () => {
	const texts = sources.map((file) =>
		(
			read(file)
				.replaceAll(/\$\{[^{}]*\}/g, "")
				.match(/"(?:\\.|[^"\\\n])*"|`[^`]*`/g) ?? []
		).join("\n"),
	);
	expect(texts.join("").length).toBeGreaterThan(10_000);
	expect(texts.flatMap(unknown)).toEqual([]);
});
