/**
 * Compiles src/ into dist/. With --if-stale, only if a source is newer than the last build; with --no-check, without
 * checking types. If only the compiled program is installed, as in the image, there is nothing to compile.
 */
import { spawnSync } from "node:child_process";
import {
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	utimesSync,
	writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const target = join(root, "dist");
const stamp = join(target, ".built");
const settings = ["package.json", "package-lock.json", "tsconfig.json", "tsconfig.build.json"];
const sources = ["src", "drizzle", "scripts", "tools/bank", ...settings];

function newest(path) {
	const stats = statSync(path, { throwIfNoEntry: false });
	if (!stats) return 0;
	if (!stats.isDirectory()) return stats.mtimeMs;
	return Math.max(stats.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/** Packages that need files or binaries of their own, or that only chat platforms load. Others go into the bundle. */
const LOADED_APART = [
	"@electric-sql/pglite",
	"@fontsource/inter",
	"@napi-rs/canvas",
	"@slack/bolt",
	"discord.js",
	"prom-client",
	"undici",
];

const newestSource = () => Math.max(...sources.map((source) => newest(join(root, source))));
const isInstalled = () => existsSync(stamp) && !existsSync(join(root, "src"));
const isFresh = () => existsSync(stamp) && statSync(stamp).mtimeMs > newestSource();

/**
 * Puts a finished build in place. A program that starts meanwhile finds the old build or the new one, never half of
 * one.
 */
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
		// Another build was put in place at the same moment, which is just as good.
		if (!["ENOTEMPTY", "EEXIST", "EPERM"].includes(error.code)) throw error;
	}
	for (const folder of [old, built]) rmSync(folder, { recursive: true, force: true });
}

/** Runs a Node program for the build. @throws its exit code, after it has printed what is wrong */
function run(...command) {
	const { status } = spawnSync(process.execPath, command, { stdio: "inherit", cwd: root });
	if (status !== 0) throw new Error(`${command[0]} ended with ${status}`);
}

/** The licences of the bundled packages: each demands that its text is passed on with its code. */
function licencesOf(inputs) {
	const folders = inputs.flatMap((input) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input) ?? []);
	return [...new Set(folders)]
		.sort()
		.map((folder) => {
			const { name, version, license } = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
			const file = readdirSync(join(root, folder)).find((each) => /^licen[cs]e/i.test(each));
			return `${name} ${version}, ${license}\n\n${file ? readFileSync(join(root, folder, file), "utf8").trim() : ""}\n`;
		})
		.join("\n\n");
}

/** Bundles what starts together into one file: reading hundreds of modules takes longer than running them. */
async function bundle(built) {
	const { build } = await import("esbuild");
	const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
	const started = [...JSON.stringify(scripts).matchAll(/dist\/(scripts\/[\w-]+)\.js/g)].map(([, name]) => `${name}.ts`);
	const { metafile } = await build({
		absWorkingDir: root,
		entryPoints: ["src/main.ts", "scripts/keep-parsed.ts", ...started],
		outdir: built,
		outbase: ".",
		chunkNames: "src/[name]-[hash]",
		bundle: true,
		splitting: true,
		format: "esm",
		platform: "node",
		target: "node20.19",
		external: LOADED_APART,
		sourcemap: true,
		sourcesContent: false,
		metafile: true,
		logLevel: "warning",
		// Packages written for require() need one.
		// Under a name that no module of a chunk imports: twice in one chunk, it could not be loaded.
		banner: {
			js: 'import { createRequire as requireOfBundle } from "node:module"; const require = requireOfBundle(import.meta.url);',
		},
	});
	writeFileSync(join(built, "licences.txt"), licencesOf(Object.keys(metafile.inputs)));
}

if (!(process.argv.includes("--if-stale") && (isInstalled() || isFresh()))) {
	const begun = new Date();
	const built = join(root, "node_modules", ".nlpq-build", String(process.pid));
	mkdirSync(built, { recursive: true });
	try {
		if (!process.argv.includes("--no-check"))
			run(join(root, "node_modules", "typescript", "bin", "tsc"), "-p", join(root, "tsconfig.build.json"));
		await bundle(built);
		run(join(built, "scripts", "keep-parsed.js"), join(built, "questions.json"));
		writeFileSync(join(built, ".built"), "");
		// Dated to the start of the build, so that a source saved while it ran counts as newer.
		utimesSync(join(built, ".built"), begun, begun);
		put(built);
	} catch (error) {
		rmSync(built, { recursive: true, force: true });
		process.stderr.write(`${error.message}\n`);
		process.exitCode = 1;
	}
}
