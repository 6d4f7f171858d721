import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { commandsTable, explanations, fillIn, settingsTable } from "../../scripts/tables.ts";
import { COMMANDS } from "../../src/chat/commands/index.ts";
import { readConfig, SETTINGS } from "../../src/config.ts";

const example = readFileSync(".env.example", "utf8");
const readme = readFileSync("README.md", "utf8");

describe("the README", () => {
	test("lists the commands as they are defined; `npm run docs` brings it up to date", () => {
		expect(readme).toBe(fillIn(readme, "commands", commandsTable(COMMANDS)));
	});

	test("lists the settings as they are defined; `npm run docs` brings it up to date", () => {
		expect(readme).toBe(fillIn(readme, "settings", settingsTable(SETTINGS, example)));
	});

	test("names on its first screen the two commands that suffice", () => {
		const first = readme.split("\n").slice(0, 12).join("\n");
		expect(first).toContain("npm ci && npm start");
		expect(first).toContain("npm ci && npm test");
	});
});

describe(".env.example", () => {
	test("explains every setting, and no other", () => {
		const explained = explanations(example);
		expect([...explained.keys()].sort()).toEqual(SETTINGS.map(({ name }) => name).sort());
		for (const [name, text] of explained) expect(text.length, name).toBeGreaterThan(10);
	});

	test("sets nothing as it stands, and its complete examples are valid", () => {
		expect(example.split("\n").filter((line) => line !== "" && !line.startsWith("#"))).toEqual([]);
		const given = [...example.matchAll(/^#([A-Z0-9_]+)=(.+)$/gm)].map(([, name = "", value = ""]) => [name, value]);
		const complete = given.filter(([, value = ""]) => !value.endsWith("-"));
		expect(complete.length).toBeGreaterThan(10);
		expect(() => readConfig(Object.fromEntries(complete))).not.toThrow();
	});
});

const documents = [
	...readdirSync(".").filter((name) => name.endsWith(".md")),
	...readdirSync("docs")
		.filter((name) => name.endsWith(".md"))
		.map((name) => join("docs", name)),
];

test.each(documents)("every relative link of %s leads to a file", (document) => {
	const links = [...readFileSync(document, "utf8").matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)];
	const missing = links.map(([, link = ""]) => link).filter((link) => !existsSync(join(dirname(document), link)));
	expect(missing).toEqual([]);
});

test("every package that is depended on has its reason in docs/decisions.md", () => {
	const manifest: { dependencies: object; devDependencies: object } = JSON.parse(readFileSync("package.json", "utf8"));
	const decisions = readFileSync("docs/decisions.md", "utf8");
	const names = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)];
	expect(names.filter((name) => !decisions.includes(`\`${name}\``))).toEqual([]);
});

test.each([".", "tests/postgres-15"])("the lockfile in %s names no host of a registry, and each version", (folder) => {
	const text = readFileSync(join(folder, "package-lock.json"), "utf8");
	expect(text).not.toContain('"resolved"');
	const lock: { packages: Record<string, { version?: string }> } = JSON.parse(text);
	expect(Object.entries(lock.packages).filter(([, entry]) => !entry.version)).toEqual([]);
});
