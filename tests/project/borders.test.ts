import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";

/** Where to plant a file, what it imports, and whether the borders between layers allow that. */
const PLANTED: readonly (readonly [file: string, specifier: string, allowed: boolean])[] = [
	["src/core/a.ts", "node:fs", false],
	["src/core/b.ts", "drizzle-orm", false],
	["src/core/c.ts", "../chat/card.ts", false],
	["src/core/service/d.ts", "../../adapters/clock.ts", false],
	["src/core/e.ts", "../../drizzle/schema.ts", false],
	["src/core/f.ts", "../config.ts", false],
	["src/core/g.ts", "./model.ts", true],
	["src/core/service/h.ts", "../ports/store.ts", true],
	["src/core/i.ts", "zod", true],
	["src/core/j.ts", "minisearch", true],
	["src/chat/a.ts", "../adapters/clock.ts", false],
	["src/chat/commands/b.ts", "../../adapters/postgres/store.ts", false],
	["src/chat/c.ts", "discord.js", false],
	["src/chat/d.ts", "node:crypto", false],
	["src/chat/e.ts", "../config.ts", false],
	["src/chat/commands/f.ts", "../../core/model.ts", true],
	["src/chat/g.ts", "zod", true],
	["src/adapters/discord/a.ts", "../slack/web.ts", false],
	["src/adapters/slack/a.ts", "../discord/rest.ts", false],
	["src/adapters/terminal/a.ts", "../postgres/store.ts", false],
	["src/adapters/postgres/a.ts", "../files/bank.ts", false],
	["src/adapters/files/a.ts", "../postgres/db.ts", false],
	["src/adapters/pictures/a.ts", "../terminal/screen.ts", false],
	["src/adapters/slack/b.ts", "../pictures/draw.ts", false],
	["src/adapters/slack/c.ts", "../../config.ts", false],
	["src/adapters/discord/b.ts", "../../main.ts", false],
	["src/adapters/discord/c.ts", "../clock.ts", true],
	["src/adapters/discord/d.ts", "../log.ts", true],
	["src/adapters/terminal/b.ts", "../../chat/card.ts", true],
	["src/adapters/slack/d.ts", "@slack/bolt", true],
	["src/adapters/postgres/b.ts", "../../../drizzle/schema.ts", true],
	["src/run/a.ts", "../adapters/postgres/open.ts", true],
	["src/core/k.ts", "../../tools/bank/lint.ts", false],
	["src/chat/h.ts", "../../tools/bank/lint.ts", false],
	["src/adapters/files/b.ts", "../../../tools/bank/lint.ts", false],
	["src/run/b.ts", "../../tools/bank/lint.ts", false],
	["src/main.ts", "../tools/bank/lint.ts", false],
	["scripts/a.ts", "../tools/bank/lint.ts", false],
	["scripts/questions.ts", "../tools/bank/program.ts", true],
	["src/chat/i.ts", "lru-cache", true],
	["packages/local-discord/a.ts", "../../src/core/model.ts", false],
	["packages/local-discord/b.ts", "../../tests/support/dice.ts", false],
	["packages/local-discord/c.ts", "../local-slack/slack.ts", false],
	["packages/local-discord/d.ts", "./world.ts", true],
	["packages/local-discord/e.ts", "discord.js", true],
	["packages/local-slack/a.ts", "../../src/core/model.ts", false],
	["packages/local-slack/methods/b.ts", "../../../tests/support/dice.ts", false],
	["packages/local-slack/c.ts", "../local-discord/world.ts", false],
	["packages/local-slack/methods/d.ts", "../world.ts", true],
	["packages/client-view/a.ts", "../../src/core/model.ts", false],
	["packages/client-view/slack/b.ts", "../../local-slack/world.ts", false],
	["packages/client-view/c.ts", "node:path", false],
	["packages/client-view/slack/d.ts", "../html.ts", true],
	["bench/a.ts", "../tests/chat/answers.ts", false],
	["bench/soak/b.ts", "../../tests/adapters/slack/support.ts", false],
	["bench/soak/c.ts", "../../tests/support/dice.ts", true],
	["bench/d.ts", "../packages/local-slack/slack.ts", true],
	["tests/core/a.ts", "../../bench/calendar.ts", false],
	["tests/support/b.ts", "../../bench/support/load.ts", false],
	["tests/adapters/c.ts", "../support/dice.ts", true],
	["tests/adapters/d.ts", "../../packages/local-discord/world.ts", true],
	["tools/bank/a.ts", "../../src/core/question.ts", true],
	["tools/bank/b.ts", "../../src/adapters/files/bank.ts", true],
];

/** Every adapter importing each other one, from its own folder and from folders below; "matrix" does not exist yet. */
const ADAPTERS = readdirSync("src/adapters", { withFileTypes: true }).flatMap((entry) =>
	entry.isDirectory() ? [entry.name] : [],
);
const ADAPTER_FOLDERS = [...ADAPTERS, "matrix"];
const PAIRS = ADAPTER_FOLDERS.flatMap((from) =>
	ADAPTER_FOLDERS.filter((to) => to !== from).flatMap((to) => [
		[`src/adapters/${from}/to-${to}.ts`, `../${to}/any.ts`, false] as const,
		[`src/adapters/${from}/incoming/to-${to}.ts`, `../../${to}/any.ts`, false] as const,
		[`src/adapters/${from}/outgoing/to-${to}-deeply.ts`, `../../${to}/incoming/any.ts`, false] as const,
		[`src/adapters/${from}/round-to-${to}.ts`, `../../adapters/${to}/any.ts`, false] as const,
	]),
);
/** What every adapter may import, from its own folder and from one below. */
const OWN = ADAPTER_FOLDERS.flatMap((from) => [
	[`src/adapters/${from}/own-a.ts`, "../clock.ts", true] as const,
	[`src/adapters/${from}/own-b.ts`, "./incoming/any.ts", true] as const,
	[`src/adapters/${from}/own-c.ts`, "../../chat/cards/any.ts", true] as const,
	[`src/adapters/${from}/incoming/own-d.ts`, "../../clock.ts", true] as const,
	[`src/adapters/${from}/incoming/own-e.ts`, "../outgoing/any.ts", true] as const,
	[`src/adapters/${from}/incoming/own-f.ts`, "../../../core/ports/any.ts", true] as const,
	[`src/adapters/${from}/incoming/own-g.ts`, "../../../config.ts", false] as const,
]);
const ALL = [...PLANTED, ...PAIRS, ...OWN];
const REMEDY = "correct the import, or the groups of biome.json";

test("no adapter has folders deeper than its import rules cover", () => {
	const files = readdirSync("src/adapters", { recursive: true, encoding: "utf8" });
	expect(files.filter((file) => file.endsWith(".ts") && file.split(/[\\/]/).length > 3)).toEqual([]);
});

const reportSchema = z.object({
	diagnostics: z.array(z.object({ category: z.string(), location: z.object({ path: z.unknown() }) })),
});
const settingsSchema = z.looseObject({ vcs: z.unknown(), $schema: z.unknown() });

const folder = mkdtempSync(join(tmpdir(), "nlpq-borders-"));
let refused: string;

/** Lints only the planted files, with the project's own settings. */
beforeAll(() => {
	const settings = settingsSchema.parse(JSON.parse(readFileSync("biome.json", "utf8")));
	const own = { ...settings, $schema: undefined, vcs: { enabled: false } };
	writeFileSync(join(folder, "biome.json"), JSON.stringify(own));
	for (const [file, specifier] of ALL) {
		mkdirSync(dirname(join(folder, file)), { recursive: true });
		writeFileSync(join(folder, file), `import * as planted from "${specifier}";\n\nexport const used = planted;\n`);
	}
	const program = resolve("node_modules/@biomejs/biome/bin/biome");
	const args = ["lint", "--only=style/noRestrictedImports", "--reporter=json", "--max-diagnostics=none", "."];
	const done = spawnSync(process.execPath, [program, ...args], { cwd: folder, encoding: "utf8" });
	const report = reportSchema.parse(JSON.parse(done.stdout));
	const found = report.diagnostics.filter(({ category }) => category === "lint/style/noRestrictedImports");
	refused = JSON.stringify(found.map(({ location }) => location.path));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(ALL)("%s importing %s: allowed is %s", (file, _specifier, allowed) => {
	expect(refused.includes(file), REMEDY).toBe(!allowed);
});

test("core and chat get chance and time from outside, so that a seed and a clock control them", () => {
	const files = ["src/core", "src/chat"].flatMap((ring) =>
		readdirSync(ring, { recursive: true, encoding: "utf8" }).map((file) => join(ring, file)),
	);
	const own = files.filter(
		(file) => file.endsWith(".ts") && /Math\.random|Date\.now|new Date\(\)/.test(readFileSync(file, "utf8")),
	);
	expect(own, "use services.random, context.now or the clock").toEqual([]);
});
