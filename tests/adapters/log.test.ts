import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { buildSync } from "esbuild";
import { expect, test } from "vitest";
import { describeError } from "../../src/adapters/log.ts";
import { inSources } from "../../src/adapters/source-places.ts";
import { freshFolder } from "../support/databases.ts";
import { leaksIn } from "../support/leaks.ts";

test.each([
	'{"level":30,"token":"xoxb-12345678-abcdef"}',
	'{"level":30,"token":"xapp-1-A-0123456789"}',
	'{"level":50,"headers":"Bot local-bot-token"}',
	"cannot reach postgres://nlpq:letmein@db.example.org:5432/nlpq",
	`{"key":"k1:${Buffer.alloc(32, 7).toString("base64")}"}`,
	'{"level":50,"msg":"params: 3,An honest attempt."}',
	'{"level":50,"msg":"round 3 line 14"}',
])("%s would be found in the logs of the tests", (line) => {
	expect(leaksIn(`{"level":30,"msg":"ready"}\n${line}\n`)).toEqual([line]);
});

test("ordinary log lines are not reported as leaks", () => {
	const lines = [
		'{"level":30,"what":"delivered","occurrence":7}',
		"expected an address such as postgres://user:password@localhost:5432/nlpq.",
		"No Postgres server answers at DATABASE_URL (postgres://nlpq:***@db.example.org:5432/nlpq).",
	];
	expect(leaksIn(lines.join("\n"))).toEqual([]);
});

test("an error is logged by kind, code and place, not by its message, which quotes parameters", () => {
	const cause = Object.assign(new Error("params: An honest attempt."), { code: "23505" });
	const described = describeError(new Error("Failed query: insert An honest attempt.", { cause }));
	expect(described).toMatchObject({
		kind: "Error",
		code: null,
		cause: "Error 23505",
		at: expect.stringContaining("at "),
	});
	expect(leaksIn(JSON.stringify(described))).toEqual([]);
});

test("a member's lines that look like a stack trace are not logged", () => {
	const described = describeError(new Error("Failed query: insert\nparams: 3,\nat first I use BPE\nat last too"));
	expect(described.at).not.toMatch(/at (first|last)/);
	expect(described.at).toContain("log.test.ts");
});

test("a place in the bundle is logged as its place in the sources, and as it is where there is no map", () => {
	const folder = freshFolder();
	const source = "export type Unused = string;\n\nexport function fails(): never {\n\tthrow new Error();\n}\n";
	writeFileSync(join(folder, "thrower.ts"), source);
	const bundle = join(folder, "dist", "chunk-7XQ.js");
	buildSync({
		entryPoints: [join(folder, "thrower.ts")],
		outfile: bundle,
		sourcemap: true,
		bundle: true,
		format: "esm",
	});
	const line = readFileSync(bundle, "utf8").split("\n").indexOf("  throw new Error();") + 1;
	const place = `at fails (${pathToFileURL(bundle).href}:${line}:9)`;
	expect(inSources(place)).toBe("at fails (thrower.ts:4:8)");
	rmSync(`${bundle}.map`);
	expect(inSources(place)).toBe(place);
});
