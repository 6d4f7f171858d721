/** Compiles src/ into dist/; with --if-stale only when a source is newer than the last build. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const stamp = join(root, "dist", ".built");
const sources = ["src", "drizzle", "scripts", "bench", "package.json", "package-lock.json", "tsconfig.json", "tsconfig.build.json"];

function newest(path) {
	const stats = statSync(path, { throwIfNoEntry: false });
	if (!stats) return 0;
	if (!stats.isDirectory()) return stats.mtimeMs;
	return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

const isFresh = existsSync(stamp) && statSync(stamp).mtimeMs > Math.max(...sources.map((source) => newest(join(root, source))));
if (!(process.argv.includes("--if-stale") && isFresh)) {
	rmSync(join(root, "dist"), { recursive: true, force: true });
	const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
	const result = spawnSync(process.execPath, [compiler, "-p", join(root, "tsconfig.build.json")], { stdio: "inherit", cwd: root });
	if (result.status !== 0) process.exit(result.status ?? 1);
	writeFileSync(stamp, "");
}
