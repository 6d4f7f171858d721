import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { slackInbox } from "../../../drizzle/slack.ts";
import type { SlackSettings } from "../../../src/adapters/slack/settings.ts";
import { clearAway, monthAfter } from "../../support/clear-away.ts";
import {
	type Bot,
	endWithoutFault,
	httpSettings,
	openStore,
	type Stage,
	setStage,
	socketSettings,
	startBot,
	title,
} from "./support.ts";

let stage: Stage;
let database: Awaited<ReturnType<typeof openStore>>;
let bot: Bot;
let origin = "";

beforeAll(async () => {
	database = await openStore();
});
afterAll(() => database.close());
beforeEach(async () => {
	await database.db.delete(slackInbox);
	stage = await setStage();
});
afterEach(() => endWithoutFault(stage, bot));

async function start(settings: SlackSettings): Promise<void> {
	bot = await startBot(settings, database, stage.clock);
	if (settings.way === "socket") return;
	origin = `http://127.0.0.1:${bot.adapter.port()}`;
	stage.slack.requestUrl = `${origin}/slack/events`;
}

const workspace = () => database.store.people.findWorkspace("slack", stage.team.id);
const removedAt = async () => (await workspace())?.removedAt ?? null;
const command = (text: string, user = stage.ana) => stage.slack.command({ user, channel: stage.channel, text });
const later = (minutes: number) => stage.clock.moveTo(new Date(stage.clock.now().getTime() + minutes * 60_000));

/** An admin adds a daily question and later removes the app. */
async function useAndRemove(): Promise<void> {
	await command("schedule add 09:00 UTC", stage.admin).reply();
	later(30);
	for (const delivery of stage.slack.uninstall(stage.team.id)) await delivery.acked();
	await expect.poll(removedAt).not.toBeNull();
	later(30);
}

/** Checks that a month later the workspace still exists, with its schedule unchanged. */
async function isKept(): Promise<void> {
	await expect.poll(removedAt).toBeNull();
	const removed = await workspace();
	await clearAway(database.store, monthAfter(stage.clock.now()));
	expect(await workspace()).toEqual(removed);
	const schedules = await database.store.schedules.list(removed?.id ?? 0);
	expect(schedules.map(({ state, pauseReason }) => [state, pauseReason])).toEqual([["active", null]]);
}

describe("removed and installed again over sockets", () => {
	beforeEach(() => start(socketSettings(stage)));

	test("the next start with the new token keeps the data", async () => {
		await useAndRemove();
		await bot.stop();
		const { token } = stage.slack.settings.install(stage.team.id);
		await start(socketSettings({ ...stage, token }));
		await isKept();
	});

	test("a command keeps the data", async () => {
		await useAndRemove();
		stage.slack.settings.install(stage.team.id);
		expect(title(await command("help").reply())).toBe("What I can do, here and now");
		await isKept();
	});

	test("opening the Home tab keeps the data", async () => {
		await useAndRemove();
		stage.slack.settings.install(stage.team.id);
		await stage.slack.homeOpened({ team: stage.team.id, user: stage.ana }).acked();
		await isKept();
	});

	test("without any use, the data goes after a month", async () => {
		await useAndRemove();
		await clearAway(database.store, monthAfter(stage.clock.now()));
		expect(await workspace()).toBeNull();
	});

	test("a late event about the earlier installation changes nothing", async () => {
		await command("schedule add 09:00 UTC", stage.admin).reply();
		await bot.stop();
		// The event was sent before this start, and arrives after it.
		later(60);
		await start(socketSettings(stage));
		await stage.slack.event({ team: stage.team.id, event: { type: "app_uninstalled" } }).acked();
		await bot.adapter.idle();
		await isKept();
	});
});

describe("removed and installed again over HTTP", () => {
	beforeEach(() => start(httpSettings(stage)));
	const install = () =>
		stage.slack.walkInstall({
			installUrl: `${origin}/slack/install`,
			user: stage.admin,
			team: stage.team.id,
			origin,
		});

	test("the installation keeps the data", async () => {
		await install();
		await useAndRemove();
		await install();
		await isKept();
	});

	test("a post that Slack refuses before the removal is reported pauses nothing", async () => {
		await install();
		await command("schedule add 09:00 UTC", stage.admin).reply();
		// Its tokens are dead, and no event has arrived yet.
		stage.slack.uninstall(stage.team.id, []);
		const next = (await database.store.schedules.list((await workspace())?.id ?? 0))[0]?.nextRunAt;
		stage.clock.moveTo(next ?? stage.clock.now());
		await bot.daily.run();
		await expect.poll(removedAt).not.toBeNull();
		later(30);
		await install();
		await isKept();
	});
});
