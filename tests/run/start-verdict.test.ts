import { createServer } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { type LocalDiscord, startDiscord } from "../../packages/local-discord/local-discord.ts";
import { ManualClock } from "../../src/adapters/clock.ts";
import type { SlackSettings } from "../../src/adapters/slack/settings.ts";
import { readConfig } from "../../src/config.ts";
import { Outage, UserError } from "../../src/core/errors.ts";
import { openDatabase } from "../../src/run/open.ts";
import { pauseAfter, startVerdict, untilItPasses } from "../../src/run/start-verdict.ts";
import { emptyStore, makeBot } from "../adapters/discord/support.ts";
import { httpSettings, openStore, type Stage, setStage, socketSettings, startBot } from "../adapters/slack/support.ts";
import { freePort } from "../support/ports.ts";

/** The error that the work throws. */
async function faultOf(work: () => Promise<unknown>): Promise<unknown> {
	try {
		await work();
	} catch (error) {
		return error;
	}
	throw new Error("nothing failed");
}

const answers = (status: number) => (discord: LocalDiscord) => {
	discord.faults.add({ fault: { kind: "status", status } });
	return {};
};
const nobodyThere = async () => ({ apiUrl: `http://127.0.0.1:${await freePort()}/api` });

test.each([
	["answers 500", "passing", answers(500)],
	["answers 503", "passing", answers(503)],
	["answers 404, as a wrong proxy does", "passing", answers(404)],
	["cannot be reached", "passing", nobodyThere],
	["refuses the token", "refused", () => ({ token: "wrong" })],
	["knows no such server", "refused", () => ({ guildId: "123" })],
] as const)("Discord %s: %s", async (_what, verdict, prepare) => {
	const discord = await startDiscord();
	onTestFinished(() => discord.stop());
	const settings = await prepare(discord);
	const bot = await makeBot({ discord, store: await emptyStore(), clock: new ManualClock(new Date()), settings });
	onTestFinished(() => bot.adapter.stop());
	const fault = await faultOf(() => bot.adapter.start(bot.dispatcher));
	expect(fault).toBeInstanceOf(UserError);
	expect(startVerdict(fault)).toBe(verdict);
});

const says = (error: string) => (stage: Stage) => {
	stage.slack.faults.add({ method: "auth.test", kind: { error } });
	return socketSettings(stage);
};
const portInUse = async (stage: Stage): Promise<SlackSettings> => {
	const port = await freePort();
	const other = createServer();
	await new Promise<void>((resolve) => other.listen(port, "127.0.0.1", resolve));
	onTestFinished(() => void other.close());
	return { ...httpSettings(stage), port } as SlackSettings;
};

test.each([
	["says internal_error", "passing", says("internal_error")],
	["says ratelimited", "passing", says("ratelimited")],
	["says service_unavailable", "passing", says("service_unavailable")],
	[
		"cannot be reached",
		"passing",
		async (stage: Stage) => ({ ...socketSettings(stage), apiUrl: `http://127.0.0.1:${await freePort()}/api/` }),
	],
	["says invalid_auth", "refused", says("invalid_auth")],
	["says account_inactive", "refused", says("account_inactive")],
	["says token_revoked", "refused", says("token_revoked")],
	[
		"refuses the app token",
		"refused",
		(stage: Stage) => ({ ...socketSettings(stage), appToken: "xapp-wrong" }) as SlackSettings,
	],
	["would be listened for on a port in use", "refused", portInUse],
] as const)("Slack %s: %s", async (_what, verdict, prepare) => {
	const database = await openStore();
	const stage = await setStage();
	onTestFinished(async () => {
		await stage.slack.stop();
		await database.close();
	});
	const settings = await prepare(stage);
	const fault = await faultOf(() => startBot(settings, database, stage.clock));
	expect(fault).toBeInstanceOf(UserError);
	expect(startVerdict(fault)).toBe(verdict);
});

test("a database that is down while a platform starts is a passing fault; one that refuses at the start is not", async () => {
	expect(startVerdict(new Outage(null))).toBe("passing");
	const config = readConfig({ DATABASE_URL: `postgres://nobody@127.0.0.1:${await freePort()}/nlpq` });
	expect(startVerdict(await faultOf(() => openDatabase(config)))).toBe("refused");
	expect(startVerdict(await faultOf(async () => readConfig({ PORT: "no" })))).toBe("refused");
});

test("pauses grow from two seconds to a minute, with jitter", () => {
	expect([1, 2, 3, 6, 100].map((tries) => pauseAfter(tries, () => 0.5))).toEqual([2_000, 4_000, 8_000, 60_000, 60_000]);
	expect([pauseAfter(1, () => 0), pauseAfter(1, () => 1)]).toEqual([1_500, 2_500]);
});

test("what must be known before the start is asked for again while the fault passes, but not after a refusal", async () => {
	const faults: unknown[] = [new Outage(null), new UserError("refused", "Correct it.")];
	const reported: unknown[] = [];
	const work = async () => {
		throw faults.shift();
	};
	vi.useFakeTimers();
	onTestFinished(() => void vi.useRealTimers());
	const ended = faultOf(() => untilItPasses(work, (error) => void reported.push(error)));
	await vi.advanceTimersByTimeAsync(3_000);
	expect(await ended).toBeInstanceOf(UserError);
	expect(faults).toEqual([]);
	expect(reported).toHaveLength(1);
});
