import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { isQuickRun } from "../support/effort.ts";

const packageSchema = z.object({
	scripts: z.object({ prepack: z.string() }),
	bin: z.object({ nlpq: z.string() }),
	dependencies: z.record(z.string(), z.string()),
});
const { scripts, bin, dependencies } = packageSchema.parse(JSON.parse(readFileSync("package.json", "utf8")));

/** What only chat platforms need: here a terminal that loaded one of them would not start. */
const PLATFORM_PACKAGES = [
	"discord.js",
	"@slack/bolt",
	"@napi-rs/canvas",
	"@fontsource/inter",
	"prom-client",
	"undici",
];
const MAX_BYTES = 2_000_000;

/** Installs a packed tarball into a folder as npm would, with this project's own packages. */
function install(tarball: string, folder: string): string {
	const modules = join(folder, "node_modules");
	const own = join(modules, "nlpq");
	mkdirSync(own, { recursive: true });
	execFileSync("tar", ["-xzf", tarball, "-C", own, "--strip-components=1"]);
	for (const name of Object.keys(dependencies)) {
		if (PLATFORM_PACKAGES.includes(name)) continue;
		mkdirSync(dirname(join(modules, name)), { recursive: true });
		symlinkSync(join(process.cwd(), "node_modules", name), join(modules, name));
	}
	return own;
}

let folder: string;
let own: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "nlpq-package-"));
	expect(scripts.prepack).toBe("node scripts/build.mjs");
	execFileSync("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder], { stdio: "ignore" });
	const [tarball = ""] = readdirSync(folder);
	expect(statSync(join(folder, tarball)).size).toBeLessThan(MAX_BYTES);
	own = install(join(folder, tarball), folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the installed package in an empty folder, for a user whose home is empty too. */
function start(...args: string[]) {
	const [home, here] = [join(folder, "home"), join(folder, "here")];
	for (const path of [home, here]) mkdirSync(path, { recursive: true });
	const env = { PATH: process.env.PATH, HOME: home, USERPROFILE: home, LOCALAPPDATA: home, TZ: "UTC" };
	const ended = spawnSync(process.execPath, [join(own, bin.nlpq), ...args], { cwd: here, env, encoding: "utf8" });
	expect(readdirSync(here)).toEqual([]);
	return { ...ended, home };
}

test("the package is small, has everything it needs and no more, and runs without the checkout", () => {
	expect(readdirSync(own).sort()).toEqual(
		["LICENSE", "PRIVACY.md", "README.md", "SECURITY.md", "dist", "migrations", "package.json", "questions"].sort(),
	);
	expect(readFileSync(join(own, bin.nlpq), "utf8")).toMatch(/^#!\/usr\/bin\/env node\n/);
	const licences = readFileSync(join(own, "dist/licences.txt"), "utf8");
	expect(licences).toMatch(/^zod \d+\.\d+\.\d+, MIT\n\nMIT License\n[\s\S]*Permission is hereby granted/m);
	expect(licences).toMatch(/^drizzle-orm \d/m);
	expect(start("--help")).toMatchObject({ status: 0, stderr: "", stdout: expect.stringContaining("nlpq today") });
});

test("the package has the authors' tool, which leaves the package's own questions alone", () => {
	expect(start("questions", "--help")).toMatchObject({ status: 0, stderr: "" });
	expect(start("questions", "show", "kv-cache")).toMatchObject({
		status: 0,
		stdout: expect.stringMatching(/^KV cache/),
	});
	const made = start("questions", "new", "my-own");
	expect(made).toMatchObject({ status: 1, stdout: "", stderr: expect.stringContaining("Nothing was written.") });
	const typo = start("questions", "show", "kv-cache", "--foldr", "bank");
	expect(typo).toMatchObject({ status: 2, stderr: expect.stringContaining("Did you mean --folder?") });
	expect(typo.stderr).toContain("`nlpq questions --help`");
});

test.skipIf(isQuickRun)("the package shows the first question in an empty folder", () => {
	const { stdout, stderr, home } = start("--clock", "2027-03-08T09:30:00Z", "today");
	expect(stderr).toBe("");
	expect(stdout).toMatch(/^\nToday's question #1/);
	const data = readdirSync(home, { recursive: true, encoding: "utf8" });
	expect(data.some((path) => /nlpq([\\/]Data)?[\\/]db$/.test(path))).toBe(true);
	expect(existsSync(join(home, "data"))).toBe(false);
});
