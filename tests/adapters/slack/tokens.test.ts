import { afterEach, beforeEach, expect, test } from "vitest";
import { schedules } from "../../../drizzle/daily.ts";
import { drawPicture } from "../../../src/adapters/pictures/draw.ts";
import { createSlack } from "../../../src/adapters/slack/slack.ts";
import { DailyEngine } from "../../../src/chat/daily.ts";
import { EVERY_DAY } from "../../../src/core/weekdays.ts";
import { RecordingConnection } from "../../support/recording-connection.ts";
import { openRunLog } from "../../support/run-log.ts";
import { type Bot, openStore, type Stage, setStage, socketSettings, startBot } from "./support.ts";

let stage: Stage;
let database: Awaited<ReturnType<typeof openStore>>;
beforeEach(async () => {
	database = await openStore();
	stage = await setStage();
});
afterEach(async () => {
	await stage.slack.stop();
	await database.close();
});

/** Sets a daily question that is due now. */
async function dueNow(): Promise<void> {
	const { store } = database;
	const now = stage.clock.now();
	const due = new Date(Math.floor(now.getTime() / 60_000) * 60_000);
	const before = new Date(due.getTime() - 60_000);
	const workspace = await store.people.ensureWorkspace("slack", stage.team.id, "Study Group", now);
	const where = { workspaceId: workspace.id, channelId: stage.channel, channelName: "nlp" };
	const when = { localTime: due.toISOString().slice(11, 16), zone: "UTC", weekdays: EVERY_DAY };
	await store.schedules.add({
		...where,
		...when,
		categories: [],
		difficulties: [],
		effectiveFrom: before,
		nextRunAt: due,
		createdAt: before,
	});
}

const scheduleStates = async () => (await database.db.select().from(schedules)).map(({ state }) => state);
const posted = () => stage.slack.world.messages.filter(({ channel }) => channel === stage.channel);

/** Lets the waits between tries pass, and the daily engine try again. */
async function later(bot: Pick<Bot, "daily">): Promise<void> {
	stage.clock.moveTo(new Date(stage.clock.now().getTime() + 30 * 60_000));
	await bot.daily.run();
}

test("while Slack is not connected yet, a due question waits and its schedule is not paused", async () => {
	const bot = await startBot(socketSettings(stage), database, stage.clock);
	await dueNow();
	const { db } = database;
	const connection = new RecordingConnection();
	const waiting = createSlack(socketSettings(stage), {
		services: bot.services,
		db,
		clock: stage.clock,
		log: openRunLog([]),
		connection,
		drawPicture,
	});
	const observer = { delivered: () => undefined, fault: () => undefined };
	const engine = new DailyEngine({
		services: bot.services,
		platforms: [waiting.platform],
		clock: stage.clock,
		worker: crypto.randomUUID(),
		observer,
	});
	await engine.run();
	expect(await scheduleStates()).toEqual(["active"]);
	expect(posted()).toEqual([]);
	await later(bot);
	expect(posted()).toHaveLength(1);
	await engine.stop();
	await bot.stop();
});
