import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import postgres from "postgres";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { z } from "zod";
import { startDiscord } from "../../packages/local-discord/local-discord.ts";
import { isQuickRun } from "../support/effort.ts";
import { buildImageTree, filesOf, type ImageTree } from "../support/image.ts";
import { freePort } from "../support/ports.ts";
import { freshDatabase } from "../support/postgres.ts";
import { type Run, untilEnd } from "../support/program.ts";

let image: ImageTree;
let home: string;
let before: string[];
beforeAll(() => {
	image = buildImageTree();
	home = mkdtempSync(join(tmpdir(), "nlpq-home-"));
	before = filesOf(image.folder);
}, 120_000);
afterAll(() => {
	image.remove();
	rmSync(home, { recursive: true, force: true });
});

type Settings = Readonly<Record<string, string>>;

/** Starts a command as in the container: its environment, its folder, and no input. */
function begin([program = "", ...given]: readonly string[], settings: Settings): ChildProcess {
	const env = { PATH: process.env.PATH ?? "", HOME: home, ...image.environment, ...settings };
	return spawn(program, given, { cwd: image.folder, env, stdio: ["ignore", "pipe", "pipe"] });
}

const inImage = (command: readonly string[], settings: Settings): Promise<Run> => untilEnd(begin(command, settings));
const npm = (text: string, settings: Settings) => inImage(["npm", "run", ...text.split(" ")], settings);

async function tablesOf(url: string): Promise<number> {
	const server = postgres(url, { max: 1, onnotice: () => undefined });
	const [row] = await server`select count(*)::int as n from information_schema.tables where table_schema = 'public'`;
	await server.end();
	return z.number().parse(row?.n);
}

test.skipIf(isQuickRun)(
	"every command of the operators' guide runs in the image, and writes nothing into it",
	async () => {
		const [url, other] = [await freshDatabase(), await freshDatabase()];
		const settings = { DATABASE_URL: url };
		const file = join(home, "backup.jsonl.gz");
		expect(await npm("migrate", settings)).toMatchObject({ code: 0 });
		const doctor = await npm("doctor", settings);
		expect(doctor).toMatchObject({ code: 0, out: expect.stringContaining("ok      migrations") });
		expect(await npm("verify", settings)).toMatchObject({ code: 0 });
		expect(await npm("verify -- --rebuild", settings)).toMatchObject({ code: 0 });
		expect(await npm("memory", settings)).toMatchObject({ code: 0 });
		expect(await npm(`backup ${file}`, settings)).toMatchObject({ code: 0 });
		expect(await npm(`restore ${file}`, { DATABASE_URL: other })).toMatchObject({ code: 0 });
		// Into the image's data folder if none is named.
		expect(await npm("backup", settings)).toMatchObject({
			code: 0,
			out: expect.stringContaining("/data/backups/nlpq-"),
		});
		expect(filesOf(image.folder)).toEqual(before);
	},
);

test("the guide names no npm script for operators that the image lacks", () => {
	const scripts = z
		.object({ scripts: z.record(z.string(), z.string()) })
		.parse(JSON.parse(readFileSync("package.json", "utf8"))).scripts;
	// Scripts that need the sources or the tests say so where they are named.
	const fromClone = ["bench", "chaos", "soak", "prove", "fuzz", "docs"];
	const documents = ["README.md", "SECURITY.md", "PRIVACY.md", "docs/operate.md", "docs/slack.md", "docs/discord.md"];
	const named = documents.flatMap((file) =>
		[...readFileSync(file, "utf8").matchAll(/npm run (?:--silent )?([a-z-]+)/g)].map(([, name = ""]) => name),
	);
	expect(new Set(named)).toContain("doctor");
	for (const name of new Set(named)) {
		expect(Object.keys(scripts)).toContain(name);
		const [, compiled] = / node (dist\/\S+)$/.exec(scripts[name] ?? "") ?? [];
		if (!fromClone.includes(name)) expect(existsSync(join(image.folder, compiled ?? "nothing")), name).toBe(true);
	}
});

test("without a token and a terminal it exits with 1 and a sentence, and the database is unchanged", async () => {
	const url = await freshDatabase();
	const { code, out, err } = await inImage(image.command, { DATABASE_URL: url });
	expect(code).toBe(1);
	expect(out).toBe("");
	expect(err).toContain("There is nothing to serve: no chat platform is set up, and nobody is at a terminal.");
	expect(await tablesOf(url)).toBe(0);
	// What compose runs before the bot.
	const settings = await inImage(["node", "dist/scripts/doctor.js", "--settings"], { DATABASE_URL: url });
	expect(settings).toMatchObject({ code: 1, out: expect.stringContaining("FAULT   platforms") });
	const complete = { DATABASE_URL: url, DISCORD_TOKEN: "x" };
	expect(await inImage(["node", "dist/scripts/doctor.js", "--settings"], complete)).toMatchObject({ code: 0 });
});

test("it serves, its health check passes, and metrics can be read from outside the container", async () => {
	const discord = await startDiscord({ rateLimits: false });
	onTestFinished(() => discord.stop());
	const settings = {
		DATABASE_URL: await freshDatabase(),
		DISCORD_TOKEN: discord.token,
		DISCORD_API_URL: `${discord.url}/api`,
		NLPQ_HEALTH_PORT: String(await freePort()),
	};
	expect((await inImage(image.healthcheck, settings)).code).toBe(1);
	const program = begin(image.command, settings);
	onTestFinished(() => void program.kill("SIGKILL"));
	const ended = untilEnd(program);
	let healthy: Run | null = null;
	for (let tries = 0; tries < 60 && healthy?.code !== 0; tries += 1) {
		healthy = await inImage(image.healthcheck, settings);
		if (healthy.code !== 0) await wait(250);
	}
	expect(healthy?.code).toBe(0);
	expect(image.environment.NLPQ_HEALTH_HOST).toBe("0.0.0.0");
	const metrics = await fetch(`http://127.0.0.1:${settings.NLPQ_HEALTH_PORT}/metrics`);
	expect(await metrics.text()).toContain("nlpq_database_up 1");
	program.kill("SIGTERM");
	expect((await ended).code).toBe(0);
	expect(filesOf(image.folder)).toEqual(before);
});
