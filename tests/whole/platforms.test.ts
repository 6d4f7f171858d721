import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { type LocalDiscord, startDiscord } from "../peers/discord/local-discord.ts";
import { type LocalSlack, startSlack } from "../peers/slack/slack.ts";
import { freshFolder, prepareFolder } from "../support/databases.ts";
import { freshDatabase } from "../support/postgres.ts";
import { startProgram, untilEnd } from "../support/program.ts";

const lineSchema = z.looseObject({ msg: z.string().default(""), health: z.number().nullish() });
type Line = z.infer<typeof lineSchema>;

/** The whole program on a local Discord and a local Slack. */
class Installation {
	readonly discord: LocalDiscord;
	readonly slack: LocalSlack;
	readonly environment: Readonly<Record<string, string>>;
	readonly lines: Line[] = [];
	#program: ChildProcess | null = null;
	#ended: ReturnType<typeof untilEnd> | null = null;
	readonly #inDiscord;
	readonly #inSlack;

	private constructor(discord: LocalDiscord, slack: LocalSlack) {
		this.discord = discord;
		this.slack = slack;
		const guild = discord.addGuild("study group");
		const ada = discord.addUser("Ada");
		discord.addMember(guild, ada);
		this.#inDiscord = { user: ada, channel: discord.addChannel(guild, "daily") };
		const team = slack.settings.addTeam({ id: "T0WHOLE" }).id;
		const user = slack.settings.addMember({ team, id: "U0ANA", name: "ana", displayName: "ana", isAdmin: false }).id;
		this.#inSlack = {
			user,
			channel: slack.settings.addChannel({ team, id: "C0NLP", name: "nlp", members: [user] }).id,
		};
		this.environment = {
			DISCORD_TOKEN: discord.token,
			DISCORD_API_URL: `${discord.url}/api`,
			SLACK_BOT_TOKEN: slack.settings.install(team, { scopes: ["commands", "chat:write", "users:read"] }).token,
			SLACK_APP_TOKEN: slack.credentials.newAppToken(),
			SLACK_API_URL: slack.apiUrl,
			NLPQ_HEALTH_PORT: "0",
		};
	}

	static async open(): Promise<Installation> {
		return new Installation(await startDiscord({ rateLimits: false }), await startSlack());
	}

	/** Starts the program; settles when it says that it is ready. */
	async start(settings: Readonly<Record<string, string>>): Promise<Line> {
		const program = startProgram({ env: { ...this.environment, ...settings }, flags: [] });
		this.#program = program;
		this.#ended = untilEnd(program);
		if (program.stderr)
			createInterface({ input: program.stderr }).on("line", (line) =>
				this.lines.push(lineSchema.parse(JSON.parse(line))),
			);
		await expect.poll(() => this.line("ready") ?? program.exitCode, { timeout: 30_000 }).toBeTypeOf("object");
		await expect.poll(() => this.line("ready"), { timeout: 30_000 }).toBeDefined();
		return this.line("ready") ?? { msg: "" };
	}

	line(message: string): Line | undefined {
		return this.lines.find(({ msg }) => msg === message);
	}

	async get(path: string): Promise<{ status: number; text: string }> {
		const response = await fetch(`http://127.0.0.1:${this.line("ready")?.health}${path}`);
		return { status: response.status, text: await response.text() };
	}

	async askDiscord(): Promise<string> {
		const { embeds, components } = await this.discord
			.command({ ...this.#inDiscord, name: "nlpq", path: ["help"] })
			.reply();
		return JSON.stringify({ embeds, components });
	}

	async askSlack(): Promise<string> {
		return JSON.stringify(await this.slack.command({ ...this.#inSlack, text: "help" }).reply());
	}

	/** Asks the program to stop; gives its exit code and how many seconds it took. */
	async stop(): Promise<{ code: number | null; seconds: number }> {
		const begun = performance.now();
		this.#program?.kill("SIGTERM");
		const code = (await this.#ended)?.code ?? null;
		return { code, seconds: (performance.now() - begun) / 1000 };
	}

	async close(): Promise<void> {
		this.#program?.kill("SIGKILL");
		await this.#ended;
		await this.discord.stop();
		await this.slack.stop();
	}
}

const HELPFUL = "What I can do, here and now";

let installation: Installation;
beforeEach(async () => {
	installation = await Installation.open();
});
afterEach(() => installation.close());

test("one process serves Discord and Slack from the embedded database, and tells how it is", async () => {
	const folder = freshFolder();
	await prepareFolder(folder);
	expect(await installation.start({ NLPQ_DATA_DIR: folder })).toMatchObject({
		platforms: ["discord", "slack"],
		database: "embedded",
		backup: "No daily backup yet.",
	});
	expect(await installation.askDiscord()).toContain(HELPFUL);
	expect(await installation.askSlack()).toContain(HELPFUL);
	const { status, text } = await installation.get("/readyz");
	expect(status).toBe(200);
	expect(JSON.parse(text)).toEqual([
		{ name: "database", ready: true, detail: "embedded" },
		{ name: "migrations", ready: true, detail: expect.stringMatching(/^(\d+) of \1 applied$/) },
		{ name: "discord", ready: true, detail: "connected" },
		{ name: "slack", ready: true, detail: "connected" },
	]);
	const metrics = (await installation.get("/metrics")).text.split("\n");
	for (const platform of ["discord", "slack"]) {
		expect(metrics).toContain(`nlpq_commands_total{platform="${platform}",command="help",outcome="reply"} 1`);
		expect(metrics).toContain(`nlpq_acknowledgement_seconds_count{platform="${platform}"} 1`);
		expect(metrics).toContain(`nlpq_reconnects_total{platform="${platform}"} 0`);
	}
	const { code, seconds } = await installation.stop();
	expect(code).toBe(0);
	expect(seconds).toBeLessThan(10);
});

test("a platform that goes away stops no other, and is counted when it is back", async () => {
	await installation.start({ DATABASE_URL: await freshDatabase() });
	const { sockets } = installation.slack;
	sockets.refusing = true;
	sockets.drop();
	await expect.poll(async () => (await installation.get("/readyz")).status, { timeout: 10_000 }).toBe(503);
	expect((await installation.get("/readyz")).text).toContain('{"name":"slack","ready":false,"detail":"not connected"}');
	expect(await installation.askDiscord()).toContain(HELPFUL);
	sockets.refusing = false;
	await expect.poll(async () => (await installation.get("/readyz")).status, { timeout: 30_000 }).toBe(200);
	expect(await installation.askSlack()).toContain(HELPFUL);
	const { text } = await installation.get("/metrics");
	expect(text).toMatch(/nlpq_reconnects_total\{platform="slack"\} [12]\n/);
	expect(text).toMatch(/nlpq_pool_connections \d+\n/);
});

test("a platform that is away at the start stops no other, and is served once it is there", async () => {
	const { discord } = installation;
	const away = { kind: "status", status: 503 } as const;
	discord.faults.add({ fault: away, when: ({ route }) => route === "GET /applications/@me", times: 3 });
	await installation.start({ DATABASE_URL: await freshDatabase() });
	expect(installation.line("could not start")).toMatchObject({ platform: "discord" });
	expect((await installation.get("/readyz")).status).toBe(503);
	expect(await installation.askSlack()).toContain(HELPFUL);
	await expect.poll(async () => (await installation.get("/readyz")).status, { timeout: 30_000 }).toBe(200);
	expect(await installation.askDiscord()).toContain(HELPFUL);
});

test("a token that one platform refuses stops no other", async () => {
	await installation.start({ DATABASE_URL: await freshDatabase(), DISCORD_TOKEN: "wrong" });
	expect(installation.line("Discord refuses the bot's token.")).toMatchObject({
		platform: "discord",
		remedy: expect.stringContaining("DISCORD_TOKEN"),
	});
	expect(await installation.askSlack()).toContain(HELPFUL);
	expect((await installation.get("/readyz")).status).toBe(503);
});
