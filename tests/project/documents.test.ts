import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { getTableColumns } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";
import { describe, expect, test } from "vitest";
import { members } from "../../drizzle/people.ts";
import { commandsTable, explanations, fillIn, settingsTable } from "../../scripts/tables.ts";
import { allTables } from "../../src/adapters/postgres/maintenance/tables.ts";
import { readAddress } from "../../src/adapters/postgres/server/address.ts";
import { COMMANDS } from "../../src/chat/commands/index.ts";
import { readCommand } from "../../src/chat/grammar.ts";
import { readConfig, SETTINGS } from "../../src/config.ts";

const example = readFileSync(".env.example", "utf8");
const readme = readFileSync("README.md", "utf8");

describe("the README", () => {
	test("lists the commands as they are defined; `npm run docs` updates it", () => {
		expect(readme).toBe(fillIn(readme, "commands", commandsTable(COMMANDS)));
	});

	test("lists the settings as they are defined; `npm run docs` updates it", () => {
		expect(readme).toBe(fillIn(readme, "settings", settingsTable(SETTINGS, example)));
	});

	test("shows on its first screen the two commands that suffice", () => {
		const first = readme.split("\n").slice(0, 12).join("\n");
		expect(first).toContain("npm ci && npm start");
		expect(first).toContain("npm ci && npm test");
	});
});

describe(".env.example", () => {
	test("explains every setting, and no other", () => {
		const explained = explanations(example);
		const remedy = "each setting of src/config.ts needs a comment and a line in .env.example";
		expect([...explained.keys()].sort(), remedy).toEqual(SETTINGS.map(({ name }) => name).sort());
		for (const [name, text] of explained) expect(text.length, name).toBeGreaterThan(10);
	});

	test("sets nothing by itself, and its complete examples are valid", () => {
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

test("every package that nlpq depends on has its reason in docs/decisions.md", () => {
	const manifest: { dependencies: object; devDependencies: object } = JSON.parse(readFileSync("package.json", "utf8"));
	const decisions = readFileSync("docs/decisions.md", "utf8");
	const names = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)];
	expect(names.filter((name) => !decisions.includes(`\`${name}\``))).toEqual([]);
});

test.each([".", "tests/postgres-15", "bench"])(
	"the lockfile in %s names no registry's host, and pins each version",
	(folder) => {
		const text = readFileSync(join(folder, "package-lock.json"), "utf8");
		expect(text).not.toContain('"resolved"');
		const lock: { packages: Record<string, { version?: string }> } = JSON.parse(text);
		expect(Object.entries(lock.packages).filter(([, entry]) => !entry.version)).toEqual([]);
	},
);

describe("docs/databases.md", () => {
	const text = readFileSync("docs/databases.md", "utf8");

	test("shows addresses that the program can read, with the meaning that it describes", () => {
		const addresses = [...text.matchAll(/postgres(?:ql)?:\/\/[^\s`|]+/g)].map(([address]) => address);
		expect(addresses.length).toBeGreaterThan(15);
		for (const address of addresses) {
			const { hosts, schemas, isPooled, tls } = readAddress(address, {});
			expect(schemas, address).toEqual(address.includes("schema=nlpq") ? ["nlpq"] : null);
			expect(isPooled, address).toBe(address.includes("pgbouncer=true"));
			expect(tls.mode, address).toBe(/sslmode=([a-z-]+)/.exec(address)?.[1] ?? "prefer");
			expect(
				hosts.every(({ path }) => path !== null),
				address,
			).toBe(/cloudsql|var(\/|%2F)run/.test(address));
			expect(hosts.length > 1, address).toBe(address.includes("target_session_attrs"));
		}
	});

	test("places every table in Citus, and distributes those that name their workspace", () => {
		const section = text.slice(text.indexOf("## Beyond one primary"));
		const rows = section.split("\n").filter((line) => line.startsWith("| `"));
		const placed = rows.flatMap((line) => {
			const [, names = "", where = ""] = line.split("|");
			return [...names.matchAll(/`(\w+)`/g)].map(([, name = ""]) => [name, where.trim()] as const);
		});
		const columnsOf = (table: PgTable) => Object.values(getTableColumns(table)).map(({ name }) => name);
		const tables = allTables();
		expect(placed.map(([name]) => name).sort()).toEqual(tables.map(({ name }) => name).sort());
		const distributed = placed.filter(([, where]) => where === "distributed by `workspace_id`").map(([name]) => name);
		const ours = tables.filter(({ table }) => columnsOf(table).includes("workspace_id")).map(({ name }) => name);
		expect(distributed.sort()).toEqual(ours.sort());
	});
});

/** Where PRIVACY.md names each column of `members`, in words of its table's first column. */
const NAMED: Readonly<Record<keyof typeof members.$inferSelect, string>> = {
	id: "id and display name on the platform",
	workspaceId: "id and display name on the platform",
	externalId: "id and display name on the platform",
	name: "id and display name on the platform",
	joinedAt: "when you first and last used nlpq",
	lastUsedAt: "when you first and last used nlpq",
	lastQuestionId: "the question shown last",
	hidden: "settings (visibility, reminders, milestones)",
	milestonesPublic: "settings (visibility, reminders, milestones)",
	reminderHours: "settings (visibility, reminders, milestones)",
	leftAt: "the date on which Discord or Slack said that you had left",
	remindedOn: "the date of your last reminder, and how many you have not answered",
	remindersUnanswered: "the date of your last reminder, and how many you have not answered",
	interviewOn: "the interview date",
	reviewsADay: "the reviews a day that you plan until then",
};

test("PRIVACY.md names each column of members", () => {
	const table = readFileSync("PRIVACY.md", "utf8").split("## Who sees what")[0] ?? "";
	const firstCells = table.split("\n").map((line) => line.split("|")[1] ?? "");
	// A new column needs a place in PRIVACY.md, and its line here.
	expect(Object.keys(NAMED).sort()).toEqual(Object.keys(getTableColumns(members)).sort());
	expect(Object.entries(NAMED).filter(([, words]) => !firstCells.some((cell) => cell.includes(words)))).toEqual([]);
});

/** What a document marks as code, in a line or in a block. */
const codeOf = (text: string): string[] => [
	...[...text.matchAll(/^ *```\w*\n([\s\S]*?)^ *```/gm)].flatMap(([, block = ""]) => block.split("\n")),
	...[...text.replaceAll(/^ *```[\s\S]*?^ *```/gm, "").matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code),
];

/** The commands of nlpq that a document names; those with a placeholder up to it. */
const commandsIn = (text: string): string[] =>
	codeOf(text).flatMap((code) => {
		const [, given] = /^\s*\/nlpq ([a-z][^#]*?)\s*$/.exec(code) ?? [];
		return given === undefined ? [] : [given.split(/[<[…]/)[0]?.trim() ?? ""];
	});

test.each(documents)("every command of nlpq that %s names exists", (document) => {
	// A bare name such as `/nlpq schedule` means all commands that begin with it.
	const isKnown = (given: string) => {
		if (COMMANDS.some(({ name }) => name === given || name.startsWith(`${given} `))) return true;
		try {
			readCommand(given, COMMANDS);
			return true;
		} catch {
			return false;
		}
	};
	expect(commandsIn(readFileSync(document, "utf8")).filter((given) => !isKnown(given))).toEqual([]);
});

test.each(documents)("every program that %s starts with npx is installed", (document) => {
	const named = codeOf(readFileSync(document, "utf8")).flatMap((code) => /\bnpx tsx (\S+)/.exec(code)?.[1] ?? []);
	expect(named.filter((file) => !existsSync(file))).toEqual([]);
});

test.each(documents)("every file of the repository that %s names as code exists", (document) => {
	const isPath = /^(?:src|drizzle|tests|tools|scripts|bench|packages|docs|migrations)\/[\w./-]+$/;
	const named = codeOf(readFileSync(document, "utf8")).filter((code) => isPath.test(code));
	// A command that a newcomer adds does not exist yet.
	const missing = named.filter((file) => file !== "src/chat/commands/tip.ts" && !existsSync(file));
	expect(missing).toEqual([]);
});

test("every test that docs/decisions.md names exists", () => {
	const text = readFileSync("docs/decisions.md", "utf8");
	const rows = text.slice(text.indexOf("### What went wrong"), text.indexOf("Known limits")).matchAll(/^\|.*\|$/gm);
	const named = [...rows].flatMap(([row]) => [...row.matchAll(/\*([^*|]+)\*|`([\w./-]+\.test\.ts)`/g)]);
	const files = readdirSync("tests", { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".test.ts"));
	const tests = files.map((name) => readFileSync(join("tests", name), "utf8")).join("\n");
	const isThere = (test = "", file = "") =>
		file ? files.some((name) => file.endsWith(name) || name.endsWith(file)) : tests.includes(test);
	expect(named.length).toBeGreaterThan(25);
	expect(named.filter(([, test, file]) => !isThere(test, file)).map(([name]) => name)).toEqual([]);
});
