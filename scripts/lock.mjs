/**
 * Rewrites package-lock.json without registry addresses, and complete for every platform. A mirror that lacks the
 * binaries of other platforms would leave them out, and `npm ci` refuses such a file.
 */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const SYSTEMS = { windows: "win32", android: "android", darwin: "darwin", linux: "linux", freebsd: "freebsd" };
const OTHERS = ["win32", "netbsd", "openbsd", "openharmony", "sunos", "aix"];
const PROCESSORS = ["arm64", "x64", "ia32", "arm", "ppc64", "riscv64", "s390x", "loong64", "mips64el", "wasm32"];

/** The platform that a package's name states, such as `cli-linux-x64-musl`; null if it states none. */
function platformOf(name) {
	const words = name.split(/[-/]/);
	const os = words.map((word) => SYSTEMS[word] ?? OTHERS.find((other) => other === word)).find(Boolean);
	const cpu = PROCESSORS.find((processor) => words.includes(processor));
	if (!os || !cpu) return null;
	const libc = words.some((word) => word.startsWith("musl")) ? "musl" : words.includes("gnu") ? "glibc" : null;
	return { os: [os], cpu: [cpu], libc: libc && os === "linux" ? [libc] : undefined };
}

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
/** Every folder with its own lockfile. */
const FOLDERS = [root, join(root, "tests", "postgres-15"), join(root, "bench")];
const flags = ["install", "--package-lock-only", "--omit-lockfile-registry-resolved", "--no-audit", "--no-fund"];

/** The entry that Node would find for a name from a package's folder; null if there is none. */
function found(packages, place, name) {
	for (let folder = place; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/node_modules/")))) {
		const entry = packages[folder === "" ? `node_modules/${name}` : `${folder}/node_modules/${name}`];
		if (entry || folder === "") return entry ?? null;
	}
}

/** Removes the addresses from a lockfile's packages, and adds those that run only on other platforms. */
function complete(packages) {
	for (const [place, entry] of Object.entries(packages)) {
		delete entry.resolved;
		for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
			const exact = /^\d[\w.-]*$/.test(version);
			const present = found(packages, place, name);
			if (present && (!exact || present.version === version)) continue;
			const platform = exact ? platformOf(name) : null;
			if (!platform)
				throw new Error(`${name}@${version}, an optional part of ${place}, cannot be written by its name.`);
			const { cpu, libc, os } = platform;
			const folder = present ? `${place}/node_modules` : "node_modules";
			// In npm's own order; undefined fields are left out.
			packages[`${folder}/${name}`] = { version, cpu, dev: entry.dev, libc, optional: true, os };
			console.log(`added ${name}@${version}`);
		}
	}
}

for (const folder of FOLDERS) {
	const done = spawnSync("npm", flags, { cwd: folder, stdio: "inherit", shell: process.platform === "win32" });
	if (done.status !== 0) process.exit(done.status ?? 1);
	const file = join(folder, "package-lock.json");
	const lock = JSON.parse(readFileSync(file, "utf8"));
	complete(lock.packages);
	const sorted = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, "en"));
	lock.packages = Object.fromEntries(sorted);
	writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
}
