/**
 * The time from a process's start to its first reply, and its memory by then: the terminal on each database, beside a
 * discord.js client and a Bolt app that only connect to the local servers. All take turns in one run.
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
const ENDS_ITSELF = /main\.js$/;
const LINES_BEFORE_REPLY = /"to":"ana"|^ready$/;

interface Start {
	readonly name: string;
	readonly file: string;
	readonly environment: () => Readonly<Record<string, string>>;
}

interface Figures {
	readonly milliseconds: number;
	/** CPU time in milliseconds, on a busy machine steadier than elapsed time. */
	readonly processor: number;
	/** Resident memory in MiB. */
	readonly memory: number;
}

/** CPU time of a process's threads in milliseconds; NaN if the system does not say. */
function processorTime(process: number): number {
	const threads = `/proc/${process}/task`;
	if (!existsSync(threads)) return Number.NaN;
	const nanoseconds = readdirSync(threads).map((thread) => readFileSync(join(threads, thread, "schedstat"), "utf8"));
	return nanoseconds.reduce((sum, text) => sum + Number.parseInt(text, 10), 0) / 1e6;
}

/** Starts a process, and ends it as soon as it prints what is waited for. */
async function measure({ file, environment }: Start): Promise<Figures> {
	const begun = performance.now();
	const child = spawn(process.execPath, [file, "--json"], {
		env: { PATH: process.env.PATH, HOME: process.env.HOME, TZ: "UTC", ...environment() },
		stdio: ["pipe", "pipe", "ignore"],
	});
	const ended = new Promise((resolve) => child.once("exit", resolve));
	child.stdin.write("ana: /nlpq random\n");
	for await (const line of createInterface({ input: child.stdout })) {
		if (!LINES_BEFORE_REPLY.test(line)) continue;
		const milliseconds = performance.now() - begun;
		const kibibytes = Number(execFileSync("ps", ["-o", "rss=", "-p", String(child.pid)], { encoding: "utf8" }));
		const processor = processorTime(child.pid ?? 0);
		// At the end of its input the program ends by itself, as it does for users; the others are killed.
		if (ENDS_ITSELF.test(file)) child.stdin.end();
		else child.kill("SIGKILL");
		await ended;
		return { milliseconds, processor, memory: kibibytes / 1024 };
	}
	throw new Error(`${file} ended without a reply`);
}

function sizeOf(path: string): number {
	const stats = statSync(path);
	return stats.isDirectory() ? readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0) : stats.size;
}

/** The size of all shipped packages, in bytes. */
function shippedModules(): number {
	const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
		packages: Record<string, { dev?: boolean }>;
	};
	const folders = Object.entries(packages).flatMap(([path, { dev }]) =>
		path && !dev && existsSync(path) ? [path] : [],
	);
	const outermost = folders.filter((path) => !folders.some((other) => path.startsWith(`${other}/node_modules/`)));
	return outermost.reduce((sum, path) => sum + sizeOf(path), 0);
}

/** The packed program outside of the checkout, with the checkout's packages. */
function installed(below: string): string {
	const modules = join(below, "installed", "node_modules");
	const own = join(modules, "nlpq");
	mkdirSync(own, { recursive: true });
	execFileSync("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", below], { stdio: "ignore" });
	const tarball = readdirSync(below).find((name) => name.endsWith(".tgz")) ?? "";
	printFigure("packed (MB)", statSync(join(below, tarball)).size / 1e6);
	execFileSync("tar", ["-xzf", join(below, tarball), "-C", own, "--strip-components=1"]);
	for (const name of readdirSync("node_modules"))
		if (name !== "nlpq" && !name.startsWith(".")) symlinkSync(resolve("node_modules", name), join(modules, name));
	return join(own, PROGRAM);
}

/** How long a Node that does nothing takes, in milliseconds. */
function emptyStart(): number {
	const begun = performance.now();
	execFileSync(process.execPath, ["-e", "0"]);
	return performance.now() - begun;
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
const starts: readonly Start[] = [
	{ name: "embedded database, first start", file: PROGRAM, environment: () => ({ NLPQ_DATA_DIR: nextFolder() }) },
	{ name: "embedded database", file: PROGRAM, environment: () => ({ NLPQ_DATA_DIR: join(folder, "warm") }) },
	{
		name: "embedded database, installed from its tarball",
		file: installed(folder),
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
	const figures = new Map(starts.map((start) => [start, [] as Figures[]]));
	for (const start of starts) {
		const { milliseconds } = await measure(start);
		if (start.name.includes("tarball"))
			printFigure("installed from its tarball, its very first start (ms)", milliseconds);
	}
	const nothing: number[] = [];
	for (let round = 0; round < ROUNDS; round += 1) {
		for (const [start, taken] of figures) taken.push(await measure(start));
		nothing.push(emptyStart());
	}
	const times = new Map<string, number>();
	const processors = new Map<string, number>();
	for (const [{ name }, taken] of figures) {
		const time = median(taken.map(({ milliseconds }) => milliseconds));
		times.set(name, time);
		printFigure(`${name}: to the first reply (ms)`, time);
		processors.set(name, median(taken.map(({ processor }) => processor)));
		printFigure(`${name}: processor time then (ms)`, processors.get(name) ?? Number.NaN);
		printFigure(`${name}: memory then (MiB)`, median(taken.map(({ memory }) => memory)));
	}
	const toEmpty = (name: string, of: Map<string, number>) =>
		(of.get(name) ?? Number.NaN) / (of.get("an empty discord.js client") ?? Number.NaN);
	for (const name of ["embedded database", "Postgres"]) {
		printFigure(`${name}: start to that of an empty discord.js client (ratio)`, toEmpty(name, times));
		printFigure(`${name}: processor time to that of an empty discord.js client (ratio)`, toEmpty(name, processors));
	}
	const fromTarball = times.get("embedded database, installed from its tarball") ?? Number.NaN;
	printFigure(
		"installed from its tarball: later starts to those of an empty Node (ratio)",
		fromTarball / median(nothing),
	);
	printFigure("the program compiled (MiB)", sizeOf("dist") / 2 ** 20);
	printFigure("packages that ship (MiB)", shippedModules() / 2 ** 20);
} finally {
	rmSync(folder, { recursive: true, force: true });
	for (const client of Object.values(clients)) client.remove();
	await Promise.all([discord.stop(), slack.stop(), database.drop()]);
}
