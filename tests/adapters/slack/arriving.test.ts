import { afterEach, beforeEach, expect, test } from "vitest";
import { slackInbox, slackInstallations } from "../../../drizzle/slack.ts";
import { EVENTS } from "../../../src/adapters/slack/transport/listeners.ts";
import { database, openDatabaseForFile } from "./opening.ts";
import {
	ALL_SCOPES,
	type Bot,
	button,
	faultsOf,
	formOf,
	httpSettings,
	type Stage,
	setStage,
	socketSettings,
	startBot,
	title,
} from "./support.ts";

let stage: Stage;
let bots: Bot[];

openDatabaseForFile();
beforeEach(async () => {
	await database.db.delete(slackInbox);
	await database.db.delete(slackInstallations);
	stage = await setStage();
	stage.slack.app.events = EVENTS;
	bots = [];
});
afterEach(async () => {
	for (const bot of bots) await bot.stop();
	expect(faultsOf(stage.slack)).toEqual([]);
	expect(bots.flatMap(({ faults }) => faults)).toEqual([]);
	await stage.slack.stop();
});

async function connect(settings = socketSettings(stage)): Promise<Bot> {
	const bot = await startBot(settings, database, stage.clock);
	bots.push(bot);
	return bot;
}

const GREETING = "Hi, I'm nlpq";
const greetings = (channel = stage.channel) =>
	stage.slack.messages(stage.team.id, channel).filter((message) => title(message) === GREETING);
const direct = (user: string) => stage.slack.world.directChannel(stage.team, user).id;

/** Lets every process answer what it has received, and send what it owes. */
async function settle(): Promise<void> {
	await Promise.all(bots.map(({ adapter }) => adapter.idle()));
	await Promise.all(bots.map(({ daily }) => daily.run()));
}

async function invite(user?: string): Promise<void> {
	const { channel, admin } = stage;
	const event = stage.slack.happenings.invite({ channel, inviter: admin, ...(user ? { user } : {}) });
	await event?.acked();
	await settle();
}

test("invited to a channel, the bot greets once, and its button opens the form with the channel and the asker's zone", async () => {
	await connect();
	await invite(stage.ben);
	expect(greetings()).toEqual([]);
	await invite();
	const [said] = greetings();
	expect(greetings()).toHaveLength(1);
	if (!said) throw new Error("nothing was said");
	const pressed = stage.slack.action({ user: stage.admin, message: said, ...button(said, "Set the daily question") });
	const form = await formOf(stage.slack, pressed);
	expect(JSON.stringify(form.view)).toContain("Europe/London");
	expect(JSON.stringify(form.view)).toContain(stage.channel);
	await stage.slack.viewSubmission({ view: form }).acked();
	await settle();
	const workspace = await database.store.people.findWorkspace("slack", stage.team.id);
	const [schedule] = await database.store.schedules.list(workspace?.id ?? 0);
	expect(schedule?.channelId).toBe(stage.channel);
	// What follows comes by itself: the question, and a member's answer to it.
	stage.clock.moveTo(schedule?.nextRunAt ?? expect.fail("the schedule has no next run"));
	await settle();
	const post = stage.slack.messages(stage.team.id, stage.channel).at(-1);
	if (!post) throw new Error("no question came");
	const checked = stage.slack.action({ user: stage.ana, message: post, ...button(post, "Quick check") });
	const options = await checked.reply();
	const answered = stage.slack.action({ user: stage.ana, message: options, ...button(options, "B") });
	expect(JSON.stringify((await answered.reply()).blocks)).toContain("Your streak is 1");
});

test("a second delivery, another process, a restart, and leaving and returning cause no second greeting", async () => {
	await connect();
	await connect();
	const event = stage.slack.happenings.invite({ channel: stage.channel, inviter: stage.admin });
	if (event) stage.slack.redeliver(event);
	await settle();
	stage.slack.settings.setBotIn(stage.channel, false);
	await invite();
	await bots.shift()?.stop();
	await connect();
	stage.slack.settings.setBotIn(stage.channel, false);
	await invite();
	expect(greetings()).toHaveLength(1);
	const other = stage.slack.settings.addChannel({ team: stage.team.id, id: `${stage.channel}2`, withBot: false }).id;
	await stage.slack.happenings.invite({ channel: other })?.acked();
	await settle();
	expect(greetings(other)).toHaveLength(1);
});

test("a channel that already has a schedule is not greeted", async () => {
	await connect();
	await stage.slack.command({ user: stage.admin, channel: stage.channel, text: "schedule add 09:00 UTC" }).reply();
	await invite();
	expect(greetings()).toEqual([]);
});

test("the app's scopes decide whether it is told of an invitation", async () => {
	await stage.slack.stop();
	stage = await setStage(ALL_SCOPES.filter((scope) => scope !== "channels:read"));
	expect(stage.slack.happenings.invite({ channel: stage.channel })).toBeUndefined();
	expect(stage.slack.deliveries).toEqual([]);
});

test("the installer is greeted once, even after installing again", async () => {
	const bot = await connect(httpSettings(stage));
	const origin = `http://127.0.0.1:${bot.adapter.port()}`;
	const install = () =>
		stage.slack.walkInstall({ installUrl: `${origin}/slack/install`, team: stage.team.id, user: stage.ana, origin });
	await install();
	await settle();
	await install();
	await settle();
	const [said] = greetings(direct(stage.ana));
	expect(greetings(direct(stage.ana))).toHaveLength(1);
	expect(JSON.stringify(said?.blocks)).toContain("Set the daily question");
	expect(greetings(direct(stage.admin))).toEqual([]);
});
