import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { functionsOf, importsOf, quantile } from "../support/source-sizes.ts";

const MEDIAN = 7;
const P90_LINES = 20;
const MAX_FUNCTION_LINES = 60;
const MAX_FILE_LINES = 300;

const sourcesIn = (folder: string) =>
	readdirSync(folder, { recursive: true, encoding: "utf8" })
		.filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
		.map((file) => join(folder, file));
const files = sourcesIn("src");
const texts = new Map(files.map((file) => [file, readFileSync(file, "utf8")]));

describe("the sources of the program", () => {
	const functions = [...texts].flatMap(([file, text]) => functionsOf(file, text).map((each) => ({ file, ...each })));
	const lengths = functions.map(({ lines }) => lines);

	test("have short functions: half of them at most 7 lines, nine of ten at most 20", () => {
		expect(lengths.length).toBeGreaterThan(1000);
		expect(quantile(lengths, 0.5)).toBeLessThanOrEqual(MEDIAN);
		expect(quantile(lengths, 0.9)).toBeLessThanOrEqual(P90_LINES);
	});

	test(`have no function over ${MAX_FUNCTION_LINES} lines`, () => {
		const long = functions.filter(({ lines }) => lines > MAX_FUNCTION_LINES);
		expect(long.map(({ file, name, lines }) => `${file}: ${name} has ${lines} lines`)).toEqual([]);
	});

	test(`have no file over ${MAX_FILE_LINES} lines, and neither have those of the packages`, () => {
		const all = [...texts, ...sourcesIn("packages").map((file) => [file, readFileSync(file, "utf8")] as const)];
		const long = all.filter(([, text]) => text.trimEnd().split("\n").length > MAX_FILE_LINES);
		expect(long.map(([file]) => file)).toEqual([]);
	});

	test("import zod by its namespace, so that the bundle leaves out what nothing uses", () => {
		const wholeImports = [...texts].filter(([, text]) => /^import (type )?\{[^}]*\} from "zod"/m.test(text));
		expect(wholeImports.map(([file]) => file)).toEqual([]);
	});

	test("import each other without cycles", () => {
		const imports = new Map(
			[...texts].map(([file, text]) => [file, importsOf(file, text).map((name) => join(dirname(file), name))]),
		);
		expect([...imports.values()].flat().filter((file) => !existsSync(file))).toEqual([]);
		expect(cycleIn(imports)).toEqual([]);
	});
});

/** The first cycle found, from a file back to itself; empty if there is none. */
function cycleIn(imports: ReadonlyMap<string, readonly string[]>): string[] {
	const done = new Set<string>();
	const visit = (file: string, path: readonly string[]): string[] => {
		const begin = path.indexOf(file);
		if (begin >= 0) return [...path.slice(begin), file];
		if (done.has(file)) return [];
		for (const next of imports.get(file) ?? []) {
			const cycle = visit(next, [...path, file]);
			if (cycle.length > 0) return cycle;
		}
		done.add(file);
		return [];
	};
	for (const file of imports.keys()) {
		const cycle = visit(file, []);
		if (cycle.length > 0) return cycle;
	}
	return [];
}

describe("the measurements", () => {
	test("find a long function, even inside another", () => {
		const body = "\n\tcall();".repeat(70);
		const [outer, inner] = functionsOf("a.ts", `function outer() {\n\tconst inner = () => {${body}\n\t};\n}`);
		expect(outer).toMatchObject({ name: "outer", line: 1, lines: 74 });
		expect(inner?.lines).toBe(72);
	});

	test("find a cycle of any length", () => {
		const cycle = new Map([
			["a", ["b"]],
			["b", ["c"]],
			["c", ["b"]],
		]);
		expect(cycleIn(cycle)).toEqual(["b", "c", "b"]);
	});

	test("count imports of values, but not of types only", () => {
		const text = 'import type { A } from "./a.ts";\nimport { b } from "./b.ts";\nexport { c } from "./c.ts";';
		expect(importsOf("x.ts", text)).toEqual(["./b.ts", "./c.ts"]);
	});
});
