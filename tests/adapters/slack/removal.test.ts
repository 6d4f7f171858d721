import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { clearAway, monthAfter } from "../../support/clear-away.ts";
import { bot, command, database, install, open, openDatabaseForFile, stage, startAgain } from "./opening.ts";
import { endWithoutFault, httpSettings, socketSettings, title } from "./support.ts";

openDatabaseForFile();
afterEach(() => endWithoutFault(stage, bot));

const workspace = () => database.store.people.findWorkspace("slack", stage.team.id);
const removedAt = async () => (await workspace())?.removedAt ?? null;
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
	beforeEach(() => open());

	test("the next start with the new token keeps the data", async () => {
		await useAndRemove();
		await bot.stop();
		const { token } = stage.slack.settings.install(stage.team.id);
		await startAgain(socketSettings({ ...stage, token }));
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
		await startAgain(socketSettings(stage));
		await stage.slack.event({ team: stage.team.id, event: { type: "app_uninstalled" } }).acked();
		await bot.adapter.idle();
		await isKept();
	});
});

describe("removed and installed again over HTTP", () => {
	beforeEach(() => open({ settings: httpSettings }));

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
