/**
 * The time from a process's start to its first reply, and its memory by then: the terminal on each database, compared
 * with a discord.js client and a Bolt app that only connect to the local servers. All take turns in one run.
 *
 *     npm run bench -- cold
 */

import { execFileSync, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { startDiscord } from "../packages/local-discord/local-discord.ts";
import { startSlack } from "../packages/local-slack/slack.ts";
import { openBenchDatabase } from "../tests/support/bench-database.ts";
import { compile } from "../tests/support/compiled.ts";
import { median, printFigure } from "./support/figures.ts";

const ROUNDS = 5;
const PROGRAM = "dist/src/main.js";
const STOPS_AT_END_OF_INPUT = /main\.js$/;
const FIRST_REPLY = /"to":"ana"|^ready$/;

interface Candidate {
	readonly name: string;
	readonly file: string;
	readonly environment: () => Readonly<Record<string, string>>;
}

interface Figures {
	readonly milliseconds: number;
	/** CPU time in milliseconds: steadier than elapsed time on a busy machine. */
	readonly cpuTime: number;
	/** Resident memory in MiB. */
	readonly memory: number;
}

/** CPU time of a process's threads in milliseconds; NaN if the system does not say. */
function cpuTimeOf(process: number): number {
	const threads = `/proc/${process}/task`;
	if (!existsSync(threads)) return Number.NaN;
	const nanoseconds = readdirSync(threads).map((thread) => readFileSync(join(threads, thread, "schedstat"), "utf8"));
	return nanoseconds.reduce((sum, text) => sum + Number.parseInt(text, 10), 0) / 1e6;
}

/** Starts a process, and ends it at its first reply. */
async function measure({ file, environment }: Candidate): Promise<Figures> {
	const startedAt = performance.now();
	const child = spawn(process.execPath, [file, "--json"], {
		env: { PATH: process.env.PATH, HOME: process.env.HOME, TZ: "UTC", ...environment() },
		stdio: ["pipe", "pipe", "ignore"],
	});
	const ended = new Promise((resolve) => child.once("exit", resolve));
	child.stdin.write("ana: /nlpq random\n");
	for await (const line of createInterface({ input: child.stdout })) {
		if (!FIRST_REPLY.test(line)) continue;
		const milliseconds = performance.now() - startedAt;
		const kibibytes = Number(execFileSync("ps", ["-o", "rss=", "-p", String(child.pid)], { encoding: "utf8" }));
		const cpuTime = cpuTimeOf(child.pid ?? 0);
		// The program stops at the end of its input, as for users; the empty clients have to be killed.
		if (STOPS_AT_END_OF_INPUT.test(file)) child.stdin.end();
		else child.kill("SIGKILL");
		await ended;
		return { milliseconds, cpuTime, memory: kibibytes / 1024 };
	}
	throw new Error(`${file} ended without a reply`);
}

function sizeOf(path: string): number {
	const stats = statSync(path);
	return stats.isDirectory() ? readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0) : stats.size;
}

/** The size of all shipped packages, in bytes. */
function shippedBytes(): number {
	const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
		packages: Record<string, { dev?: boolean }>;
	};
	const folders = Object.entries(packages).flatMap(([path, { dev }]) =>
		path && !dev && existsSync(path) ? [path] : [],
	);
	const outermost = folders.filter((path) => !folders.some((other) => path.startsWith(`${other}/node_modules/`)));
	return outermost.reduce((sum, path) => sum + sizeOf(path), 0);
}

/** Installs the packed program outside the checkout, with the checkout's packages. @returns its main file */
function installTarball(folder: string): string {
	const modules = join(folder, "installed", "node_modules");
	const target = join(modules, "nlpq");
	mkdirSync(target, { recursive: true });
	execFileSync("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", folder], { stdio: "ignore" });
	const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "";
	printFigure("packed (MB)", statSync(join(folder, tarball)).size / 1e6);
	execFileSync("tar", ["-xzf", join(folder, tarball), "-C", target, "--strip-components=1"]);
	for (const name of readdirSync("node_modules"))
		if (name !== "nlpq" && !name.startsWith(".")) symlinkSync(resolve("node_modules", name), join(modules, name));
	return join(target, PROGRAM);
}

/** How long Node takes to run an empty script, in milliseconds. */
function timeEmptyNode(): number {
	const startedAt = performance.now();
	execFileSync(process.execPath, ["-e", "0"]);
	return performance.now() - startedAt;
}

execFileSync(process.execPath, ["scripts/build.mjs", "--if-stale"]);
const [discord, slack, database] = [await startDiscord(), await startSlack(), await openBenchDatabase()];
const clients = {
	discord: compile("bench/cold/empty-discord-worker.ts"),
	slack: compile("bench/cold/empty-slack-worker.ts"),
};
const folder = mkdtempSync(join(tmpdir(), "nlpq-cold-"));
const team = slack.settings.addTeam().id;
const { token } = slack.settings.install(team, { scopes: ["chat:write", "commands"] });
const nextFolder = () => join(folder, randomUUID());
const candidates: readonly Candidate[] = [
	{ name: "embedded database, first start", file: PROGRAM, environment: () => ({ NLPQ_DATA_DIR: nextFolder() }) },
	{ name: "embedded database", file: PROGRAM, environment: () => ({ NLPQ_DATA_DIR: join(folder, "warm") }) },
	{
		name: "embedded database, installed from its tarball",
		file: installTarball(folder),
		environment: () => ({ NLPQ_DATA_DIR: join(folder, "installed-data") }),
	},
	{ name: "Postgres", file: PROGRAM, environment: () => ({ DATABASE_URL: database.url }) },
	{
		name: "an empty discord.js client",
		file: clients.discord.path,
		environment: () => ({ DISCORD_TOKEN: discord.token, DISCORD_API_URL: `${discord.url}/api` }),
	},
	{
		name: "an empty Bolt app",
		file: clients.slack.path,
		environment: () => ({
			SLACK_BOT_TOKEN: token,
			SLACK_APP_TOKEN: slack.credentials.newAppToken(),
			SLACK_API_URL: slack.apiUrl,
		}),
	},
];
try {
	const figures = new Map(candidates.map((candidate) => [candidate, [] as Figures[]]));
	for (const candidate of candidates) {
		const { milliseconds } = await measure(candidate);
		if (candidate.name.includes("tarball")) printFigure("installed from its tarball, first start (ms)", milliseconds);
	}
	const emptyNodeTimes: number[] = [];
	for (let round = 0; round < ROUNDS; round += 1) {
		for (const [candidate, taken] of figures) taken.push(await measure(candidate));
		emptyNodeTimes.push(timeEmptyNode());
	}
	const times = new Map<string, number>();
	const cpuTimes = new Map<string, number>();
	for (const [{ name }, taken] of figures) {
		const time = median(taken.map(({ milliseconds }) => milliseconds));
		times.set(name, time);
		printFigure(`${name}: time to the first reply (ms)`, time);
		cpuTimes.set(name, median(taken.map(({ cpuTime }) => cpuTime)));
		printFigure(`${name}: CPU time by then (ms)`, cpuTimes.get(name) ?? Number.NaN);
		printFigure(`${name}: memory by then (MiB)`, median(taken.map(({ memory }) => memory)));
	}
	const ratioToEmptyClient = (name: string, of: Map<string, number>) =>
		(of.get(name) ?? Number.NaN) / (of.get("an empty discord.js client") ?? Number.NaN);
	for (const name of ["embedded database", "Postgres"]) {
		printFigure(`${name}: start to that of an empty discord.js client (ratio)`, ratioToEmptyClient(name, times));
		printFigure(`${name}: CPU time to that of an empty discord.js client (ratio)`, ratioToEmptyClient(name, cpuTimes));
	}
	const fromTarball = times.get("embedded database, installed from its tarball") ?? Number.NaN;
	printFigure(
		"installed from its tarball: later starts to an empty Node's (ratio)",
		fromTarball / median(emptyNodeTimes),
	);
	printFigure("the program compiled (MiB)", sizeOf("dist") / 2 ** 20);
	printFigure("packages that ship (MiB)", shippedBytes() / 2 ** 20);
} finally {
	rmSync(folder, { recursive: true, force: true });
	for (const client of Object.values(clients)) client.remove();
	await Promise.all([discord.stop(), slack.stop(), database.drop()]);
}
