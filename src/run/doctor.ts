import { createStore } from "../adapters/postgres/store.ts";
import type { Config } from "../config.ts";
import { UserError } from "../core/errors.ts";
import { lintBank } from "../core/lint.ts";
import { loadBank, openDatabase } from "./open.ts";

/** One check of the installation: what was looked at, how it stands, and what to do if it does not. */
export interface Diagnosis {
	readonly name: string;
	readonly state: "ok" | "warning" | "fault";
	/** What was found; never a secret. */
	readonly detail: string;
	readonly remedy: string;
}

/** The program's and the database's clock may differ by so many milliseconds. */
const CLOCK_TOLERANCE = 2_000;
/** Oldest Node that is supported: major and minor. */
const NODE = [20, 19] as const;
const NETWORK_DEADLINE = 5_000;

const ok = (name: string, detail: string): Diagnosis => ({ name, state: "ok", detail, remedy: "" });
const fault = (name: string, detail: string, remedy: string): Diagnosis => ({ name, state: "fault", detail, remedy });
const warning = (name: string, detail: string, remedy: string): Diagnosis => ({
	name,
	state: "warning",
	detail,
	remedy,
});

function checkNode(version: string): Diagnosis {
	const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
	const recent = major > NODE[0] || (major === NODE[0] && minor >= NODE[1]);
	return recent ? ok("node", version) : fault("node", version, `Install Node ${NODE.join(".")} or later.`);
}

async function checkBank(): Promise<Diagnosis> {
	const bank = await loadBank();
	const faults = lintBank(new Map(bank.all().map((question) => [question.id, question])));
	if (faults.length > 0)
		return warning(
			"bank",
			`${bank.size} questions, ${faults.length} faults of the bank`,
			"`npm run questions` lists them.",
		);
	return ok("bank", `${bank.size} questions`);
}

async function checkDatabase(config: Config): Promise<Diagnosis[]> {
	const database = await openDatabase(config);
	try {
		const store = createStore(database.db);
		const before = Date.now();
		const theirs = (await store.running.databaseTime()).getTime();
		const own = (before + Date.now()) / 2;
		const apart = Math.abs(theirs - own);
		return [
			ok(
				"database",
				database.kind === "server" ? "Postgres server, migrated" : `embedded, migrated, in ${config.NLPQ_DATA_DIR}`,
			),
			apart <= CLOCK_TOLERANCE
				? ok("clock", `${Math.round(apart)} ms from the database's`)
				: fault(
						"clock",
						`${Math.round(apart)} ms from the database's`,
						"Let both machines follow a time server (NTP).",
					),
		];
	} finally {
		await database.close();
	}
}

async function ask(
	url: string,
	headers: Record<string, string>,
	method = "GET",
): Promise<{ status: number; body: unknown }> {
	const response = await fetch(url, { method, headers, signal: AbortSignal.timeout(NETWORK_DEADLINE) });
	return { status: response.status, body: await response.json().catch(() => null) };
}

async function checkDiscord(config: Config): Promise<Diagnosis[]> {
	if (!config.DISCORD_TOKEN) return [];
	const base = config.DISCORD_API_URL ?? "https://discord.com/api";
	const { status } = await ask(`${base}/v10/users/@me`, { authorization: `Bot ${config.DISCORD_TOKEN}` });
	if (status === 200) return [ok("discord", "the token is valid")];
	return [
		fault(
			"discord",
			`Discord answered ${status}`,
			"Copy the token again from the Developer Portal (Bot, Reset Token) into DISCORD_TOKEN.",
		),
	];
}

async function checkSlack(config: Config): Promise<Diagnosis[]> {
	if (!config.SLACK_BOT_TOKEN) return [];
	const base = (config.SLACK_API_URL ?? "https://slack.com/api/").replace(/\/?$/, "/");
	const { body } = await ask(`${base}auth.test`, { authorization: `Bearer ${config.SLACK_BOT_TOKEN}` }, "POST");
	const answer = typeof body === "object" && body !== null ? body : {};
	if ("ok" in answer && answer.ok === true) return [ok("slack", "the bot token is valid")];
	const error = "error" in answer ? String(answer.error) : "no answer";
	return [
		fault("slack", `Slack answered ${error}`, "Install the app again and copy its bot token into SLACK_BOT_TOKEN."),
	];
}

/** Runs a check; what it throws becomes a fault with the remedy. */
async function guarded(
	name: string,
	check: () => Promise<Diagnosis | readonly Diagnosis[]>,
): Promise<readonly Diagnosis[]> {
	try {
		const found = await check();
		return "name" in found ? [found] : found;
	} catch (error) {
		if (error instanceof UserError) return [fault(name, error.message, error.remedy)];
		const reason = error instanceof Error ? error.name : "unknown reason";
		return [fault(name, `no answer (${reason})`, "See that it runs and can be reached from here.")];
	}
}

/** Checks the machine, the bank, the database, the clocks and the tokens. */
export async function diagnose(config: Config): Promise<readonly Diagnosis[]> {
	const platforms = Boolean(config.DISCORD_TOKEN ?? config.SLACK_BOT_TOKEN ?? config.SLACK_SIGNING_SECRET);
	const parts = await Promise.all([
		guarded("bank", checkBank),
		guarded("database", () => checkDatabase(config)),
		guarded("discord", () => checkDiscord(config)),
		guarded("slack", () => checkSlack(config)),
	]);
	const note = platforms
		? []
		: [
				warning(
					"platforms",
					"none is configured: `npm start` opens the terminal",
					"Set DISCORD_TOKEN, or SLACK_BOT_TOKEN with SLACK_APP_TOKEN, to serve a chat.",
				),
			];
	return [checkNode(process.version), ...parts.flat(), ...note];
}
