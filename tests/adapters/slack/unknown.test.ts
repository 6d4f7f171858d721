import { sql } from "drizzle-orm";
import { expect, test } from "vitest";
import { OPTIONAL_SCOPES } from "../../../src/adapters/slack/install/oauth.ts";
import { database, openDatabaseForFile } from "./opening.ts";
import {
	ALL_SCOPES,
	type Bot,
	button,
	endWithoutFault,
	type Stage,
	setStage,
	socketSettings,
	startBot,
	title,
} from "./support.ts";

openDatabaseForFile();

const HALF_AN_HOUR = 30 * 60_000;

/** Posts a daily question whose response from Slack is lost. */
async function postUnseen(scopes: readonly string[], kind: "commit-then-drop" | "reset"): Promise<[Stage, Bot]> {
	const stage = await setStage(scopes);
	const bot = await startBot(socketSettings(stage), database, stage.clock);
	const say = (text: string) => stage.slack.command({ user: stage.admin, channel: stage.channel, text }).reply();
	await say("schedule add 09:00 UTC daily");
	let isFirst = true;
	stage.slack.faults.add({
		method: "chat.postMessage",
		kind,
		when: ({ channel }) => {
			const strikes = isFirst && channel === stage.channel;
			if (strikes) isFirst = false;
			return strikes;
		},
	});
	await say("schedule post");
	// A later look, when nothing can be in the air any more.
	stage.clock.moveTo(new Date(stage.clock.now().getTime() + HALF_AN_HOUR));
	await database.db.execute(sql`update deliveries set lease_until = null`);
	await bot.daily.run();
	await bot.daily.run();
	return [stage, bot];
}

const inChannel = ({ slack, team, channel }: Stage) =>
	slack.messages(team.id, channel).filter((message) => title(message).startsWith("Question of the day"));

function notice({ slack, team, admin }: Stage) {
	const { id } = slack.world.directChannel(team, admin);
	const found = slack.messages(team.id, id).find((message) => title(message).includes("Did the question"));
	if (!found) throw new Error("no admin was asked");
	return found;
}

async function press(stage: Stage, bot: Bot, label: string): Promise<string> {
	const message = notice(stage);
	const pressed = stage.slack.action({ user: stage.admin, message, ...button(message, label) });
	const reply = title(await pressed.reply());
	await bot.adapter.idle();
	await bot.daily.run();
	return reply;
}

test("with the shipped scopes it looks up whether the question arrived, and sends it if not", async () => {
	const [stage, bot] = await postUnseen([...ALL_SCOPES, ...OPTIONAL_SCOPES], "commit-then-drop");
	expect(inChannel(stage)).toHaveLength(1);
	expect(() => notice(stage)).toThrow("no admin was asked");
	await endWithoutFault(stage, bot);
	const [other, second] = await postUnseen([...ALL_SCOPES, ...OPTIONAL_SCOPES], "reset");
	expect(inChannel(other)).toHaveLength(1);
	await endWithoutFault(other, second);
});

test("without the optional scopes it asks. 'It is there': nothing is sent, and a stale button changes nothing", async () => {
	const [stage, bot] = await postUnseen(ALL_SCOPES, "commit-then-drop");
	expect(await press(stage, bot, "It is there")).toContain("is there");
	expect(await press(stage, bot, "Post it now")).toContain("settled already");
	expect(inChannel(stage)).toHaveLength(1);
	await endWithoutFault(stage, bot);
});

test("without the optional scopes it asks. 'Post it now': it is sent once, however often that is pressed", async () => {
	const [stage, bot] = await postUnseen(ALL_SCOPES, "reset");
	expect(inChannel(stage)).toEqual([]);
	expect(await press(stage, bot, "Post it now")).toContain("Posted");
	expect(await press(stage, bot, "Post it now")).toContain("settled already");
	expect(inChannel(stage)).toHaveLength(1);
	await endWithoutFault(stage, bot);
});
