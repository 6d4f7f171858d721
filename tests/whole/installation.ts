import type { ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { expect } from "vitest";
import { z } from "zod";
import { type LocalDiscord, startDiscord } from "../../packages/local-discord/local-discord.ts";
import { type LocalSlack, startSlack } from "../../packages/local-slack/slack.ts";
import { type Run, startProgram, untilEnd } from "../support/program.ts";

/** Turns a platform off: an empty setting counts as missing. */
export const NO_DISCORD = { DISCORD_TOKEN: "" };
export const NO_SLACK = { SLACK_BOT_TOKEN: "", SLACK_APP_TOKEN: "" };

/** The title of the reply to `/nlpq help`. */
export const HELP_TITLE = "What I can do, here and now";

const lineSchema = z.looseObject({ time: z.coerce.date(), msg: z.string().default(""), health: z.number().nullish() });
export type Line = z.infer<typeof lineSchema>;

/** The whole program with a local Discord and a local Slack. */
export class Installation {
	readonly discord: LocalDiscord;
	readonly slack: LocalSlack;
	readonly environment: Readonly<Record<string, string>>;
	readonly lines: Line[] = [];
	/** How many seconds a stop may take: a busy machine takes as long as it took to start. */
	patience = 8;
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

	/** Runs the program until it ends by itself. */
	run(settings: Readonly<Record<string, string>>): Promise<Run> {
		return untilEnd(startProgram({ env: { ...this.environment, ...settings }, args: [] }));
	}

	/** Starts the program. Settles when it reports that it is ready. */
	async start(settings: Readonly<Record<string, string>>): Promise<Line> {
		const startedAt = performance.now();
		const program = startProgram({ env: { ...this.environment, ...settings }, args: [] });
		this.#program = program;
		this.#ended = untilEnd(program);
		if (program.stderr)
			createInterface({ input: program.stderr }).on("line", (line) =>
				this.lines.push(lineSchema.parse(JSON.parse(line))),
			);
		await expect.poll(() => this.line("ready") !== undefined || program.exitCode !== null).toBe(true);
		const ready = this.line("ready");
		this.patience = Math.max(this.patience, (performance.now() - startedAt) / 1000);
		if (!ready) throw new Error(`the program ended with ${program.exitCode}: ${JSON.stringify(this.lines)}`);
		return ready;
	}

	get exitCode(): number | null {
		return this.#program?.exitCode ?? null;
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

	async askSlack(via: "socket" | "http" = "socket"): Promise<string> {
		return JSON.stringify(await this.slack.command({ ...this.#inSlack, text: "help", via }).reply());
	}

	/** Asks the program to stop. Returns its exit code and how many seconds it took. */
	async stop(): Promise<{ code: number | null; seconds: number }> {
		const startedAt = performance.now();
		this.#program?.kill("SIGTERM");
		const code = (await this.#ended)?.code ?? null;
		return { code, seconds: (performance.now() - startedAt) / 1000 };
	}

	async close(): Promise<void> {
		this.#program?.kill("SIGKILL");
		await this.#ended;
		await this.discord.stop();
		await this.slack.stop();
	}
}
