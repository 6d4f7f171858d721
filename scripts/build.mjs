/**
 * Compiles src/ into dist/; with --if-stale only when a source is newer than the last build, with --no-check without
 * looking at types. Where only the compiled program is installed, as in the image, there is nothing to compile.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const target = join(root, "dist");
const stamp = join(target, ".built");
const settings = ["package.json", "package-lock.json", "tsconfig.json", "tsconfig.build.json"];
const sources = ["src", "drizzle", "scripts", ...settings];

function newest(path) {
	const stats = statSync(path, { throwIfNoEntry: false });
	if (!stats) return 0;
	if (!stats.isDirectory()) return stats.mtimeMs;
	return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

const newestSource = () => Math.max(...sources.map((source) => newest(join(root, source))));
const isInstalled = () => existsSync(stamp) && !existsSync(join(root, "src"));
const isFresh = () => existsSync(stamp) && statSync(stamp).mtimeMs > newestSource();

/** Puts a finished build in place. A program that starts meanwhile finds the old one or the new one, not half of one. */
function put(built) {
	const old = `${built}-old`;
	try {
		renameSync(target, old);
	} catch (error) {
		if (error.code !== "ENOENT") throw error;
	}
	try {
		renameSync(built, target);
	} catch (error) {
		// Another build was put in place at the same instant; it is as good.
		if (!["ENOTEMPTY", "EEXIST", "EPERM"].includes(error.code)) throw error;
	}
	for (const folder of [old, built]) rmSync(folder, { recursive: true, force: true });
}

if (!(process.argv.includes("--if-stale") && (isInstalled() || isFresh()))) {
	const begun = new Date();
	const built = join(root, "node_modules", ".nlpq-build", String(process.pid));
	mkdirSync(built, { recursive: true });
	const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
	const flags = ["-p", join(root, "tsconfig.build.json"), "--outDir", built];
	if (process.argv.includes("--no-check")) flags.push("--noCheck");
	const result = spawnSync(process.execPath, [compiler, ...flags], { stdio: "inherit", cwd: root });
	if (result.status !== 0) {
		rmSync(built, { recursive: true, force: true });
		process.exit(result.status ?? 1);
	}
	const parsing = spawnSync(process.execPath, [join(built, "scripts", "keep-parsed.js")], {
		stdio: "inherit",
		cwd: root,
	});
	if (parsing.status !== 0) {
		rmSync(built, { recursive: true, force: true });
		process.exit(parsing.status ?? 1);
	}
	writeFileSync(join(built, ".built"), "");
	// As old as the build's beginning: a source that was saved while it ran is newer.
	utimesSync(join(built, ".built"), begun, begun);
	put(built);
}
