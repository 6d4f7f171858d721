import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { z } from "zod";

const manifestSchema = z.looseObject({
	name: z.string(),
	engines: z.looseObject({ node: z.string() }),
	dependencies: z.record(z.string(), z.string()),
	devDependencies: z.record(z.string(), z.string()),
});
const manifestOf = (folder: string) =>
	manifestSchema.parse(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));

const root = manifestOf(".");
const folders = ["packages/local-discord", "packages/local-slack", "packages/client-view"];
const run = promisify(execFile);

/** The packages that the files of a folder import, such as `zod` of `zod/v4/core`. */
function importedBy(folder: string, isWanted: (file: string) => boolean): string[] {
	const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
	const found = files.filter(isWanted).flatMap((file) => {
		const text = readFileSync(join(folder, file), "utf8");
		return [...text.matchAll(/from "([^."][^"]*)"/g)].map(([, name = ""]) => name);
	});
	const names = found.filter((name) => !isBuiltin(name)).map((name) => /^(@[^/]+\/)?[^/]+/.exec(name)?.[0] ?? name);
	return [...new Set(names)].sort();
}

/** Files that a user of the package never loads. */
const isForTests = (file: string) => /\.test\.ts$|^examples|^support\.ts$|^bolt-app\.ts$/.test(file);

describe.each(folders)("%s", (folder) => {
	const manifest = manifestOf(folder);
	const readme = readFileSync(join(folder, "README.md"), "utf8");
	const example = readFileSync(join(folder, "examples/hello.ts"), "utf8").trim();

	test("names what its files import, in the versions that the whole project uses", () => {
		expect(Object.keys(manifest.dependencies).sort()).toEqual(importedBy(folder, (file) => !isForTests(file)));
		const all = { ...manifest.dependencies, ...manifest.devDependencies };
		for (const [name, version] of Object.entries(all))
			expect([name, version]).toEqual([name, root.dependencies[name] ?? root.devDependencies[name]]);
		expect(Object.keys(all).sort()).toEqual(expect.arrayContaining(importedBy(folder, isForTests)));
		expect(manifest.engines.node).toBe(root.engines.node);
	});

	test("shows in its README an example that runs, and what it prints", async () => {
		expect(readme).toContain(`\`\`\`ts\n${example}\n\`\`\``);
		const tsx = "node_modules/tsx/dist/cli.mjs";
		const { stdout } = await run(process.execPath, [tsx, join(folder, "examples/hello.ts")]);
		expect(readme).toContain(`\`\`\`\n${stdout.trim()}\n\`\`\``);
	});
});
