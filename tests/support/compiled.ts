import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { projectRoot } from "../../src/adapters/files/root.ts";

/** A program compiled to JavaScript, which starts in a fraction of the time. */
export interface Compiled {
	readonly path: string;
	remove(): void;
}

/**
 * Compiles one of the project's programs with everything it imports into a folder of its own.
 * @param source its path from the project's root, ending in `.ts`
 */
export function compile(source: string): Compiled {
	const root = projectRoot();
	const builds = join(root, "node_modules", ".nlpq-build");
	mkdirSync(builds, { recursive: true });
	const folder = mkdtempSync(join(builds, "bench-"));
	const up = relative(folder, root);
	const settings = {
		extends: join(up, "tsconfig.json"),
		// Types are checked elsewhere.
		compilerOptions: { noEmit: false, noCheck: true, rootDir: up, outDir: "." },
		include: [],
		files: [join(up, source)],
	};
	writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(settings));
	const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
	const result = spawnSync(process.execPath, [compiler, "-p", folder], { cwd: root, encoding: "utf8" });
	const remove = () => rmSync(folder, { recursive: true, force: true });
	if (result.status !== 0) {
		remove();
		throw new Error(`${source} does not compile:\n${result.stdout}${result.stderr}`);
	}
	return { path: join(folder, source.replace(/\.ts$/, ".js")), remove };
}
