import { expect, test } from "vitest";
import { OPTIONAL_SCOPES } from "../../../src/adapters/slack/install/oauth.ts";
import { EVENTS } from "../../../src/adapters/slack/transport/listeners.ts";
import { bot, open, openForEachTest, stage } from "./opening.ts";
import { ALL_SCOPES, button, formOf, title } from "./support.ts";

openForEachTest({ scopes: [...ALL_SCOPES, ...OPTIONAL_SCOPES], events: EVENTS });

const HELLO = "Hi! One interview question a day";
const mention = () => `<@${stage.team.botUserId}>`;
const directChannel = () => stage.slack.world.directChannel(stage.team, stage.ana).id;
const private_ = () => stage.slack.ephemerals(stage.ana).map(title);
const inChannel = () => stage.slack.messages(stage.team.id, stage.channel).filter(({ botId }) => botId !== undefined);
const inDirect = () => stage.slack.messages(stage.team.id, directChannel()).filter(({ botId }) => botId !== undefined);

/** Says something, and lets it be answered. */
async function say(text: string, channel = stage.channel, threadTs?: string) {
	const said = { channel, user: stage.ana, text, ...(threadTs === undefined ? {} : { threadTs }) };
	const delivery = stage.slack.happenings.say(said);
	await delivery?.acked();
	await bot.adapter.idle();
	return delivery;
}

test("a bare mention or a hello gets a private answer with what to do next; once, however often Slack delivers it", async () => {
	const delivery = await say(mention());
	expect(private_()).toHaveLength(1);
	const [answer] = stage.slack.ephemerals(stage.ana);
	expect(answer && title(answer)).toContain(HELLO);
	for (const label of ["Today's question", "Practise", "What I can do"]) if (answer) button(answer, label);
	if (delivery) {
		stage.slack.redeliver(delivery);
		// The same message under another event id.
		const event = { ...(delivery.payload.event as { type: string }) };
		await stage.slack.event({ team: stage.team.id, event }).acked();
	}
	await bot.adapter.idle();
	expect(private_()).toHaveLength(1);
	await say(`Good morning ${mention()}!`);
	expect(private_()).toHaveLength(2);
	expect(inChannel()).toEqual([]);
});

test("a mention with a command runs it: private answers stay private, in the thread where they were asked for, and the board is public", async () => {
	await say(`${mention()} streak`);
	expect(private_().at(-1)).toMatch(/streak/i);
	const root = stage.slack.settings.say(stage.channel, stage.ben, "let us practise");
	await say(`${mention()}: random`, stage.channel, root.ts);
	expect(stage.slack.ephemerals(stage.ana).at(-1)?.threadTs).toBe(root.ts);
	expect(inChannel()).toEqual([]);
	await say(`${mention()} leaderboard`);
	expect(inChannel()).toHaveLength(1);
	await say(`${mention()} streek`);
	expect(JSON.stringify(stage.slack.ephemerals(stage.ana).at(-1)?.blocks)).toContain("Did you mean");
	await say(`thank you all, and ${mention()} too`);
	expect(private_().at(-1)).toContain(HELLO);
});

test("a subject is searched for: in a message, in a direct one, and after /nlpq", async () => {
	await say(`${mention()} what is RoPE?`);
	expect(private_().at(-1)).toMatch(/questions?, best match first/);
	expect(inChannel()).toEqual([]);
	await say("what is rope?", directChannel());
	expect(title(inDirect().at(-1) ?? fail())).toMatch(/questions?, best match first/);
	const { slack, ana, channel } = stage;
	const found = await slack.command({ user: ana, channel, text: "what is rope?" }).reply();
	expect(title(found)).toMatch(/questions?, best match first/);
	expect(title(await slack.command({ user: ana, channel, text: "frobnicate the widgets" }).reply())).toContain(
		"no command",
	);
});

test("in a direct message, hello, help and commands are answered, and a button opens a form", async () => {
	await say("hello", directChannel());
	expect(inDirect().map(title).join()).toContain(HELLO);
	await say("help", directChannel());
	expect(inDirect()).toHaveLength(2);
	await say("/nlpq settings", directChannel());
	expect(inDirect().at(-1)).toBeDefined();
	expect(title(inDirect().at(-1) ?? inDirect()[0] ?? fail())).toContain("settings");
	await say("suggest", directChannel());
	const offer = inDirect().at(-1) ?? fail();
	const pressed = stage.slack.action({ user: stage.ana, message: offer, ...button(offer, "Suggest") });
	const form = await formOf(stage.slack, pressed);
	expect(form.view.type).toBe("modal");
});

test("never answers itself, another bot, or an edit", async () => {
	const delivery = await say("hello", directChannel());
	expect(inDirect()).toHaveLength(1);
	// Slack has told the bot of its own answer too.
	const own = stage.slack.deliveries.filter(({ payload }) => JSON.stringify(payload.event).includes('"bot_id"'));
	expect(own).toHaveLength(1);
	const [message] = stage.slack.messages(stage.team.id, directChannel());
	if (message) await stage.slack.happenings.amend(message, "help")?.acked();
	const inRoom = stage.slack.settings.say(stage.channel, stage.ana, "no mention yet");
	await stage.slack.happenings.amend(inRoom, `${mention()} help`)?.acked();
	const event = { ...(delivery?.payload.event as { type: string }), ts: "1.000001", bot_id: "B0OTHER" };
	await stage.slack.event({ team: stage.team.id, event }).acked();
	await bot.adapter.idle();
	expect(inDirect()).toHaveLength(1);
	expect(private_()).toEqual([]);
});

test("without the optional scopes Slack reports no messages, and everything else works", async () => {
	await bot.stop();
	await stage.slack.stop();
	await open();
	expect(await say(mention())).toBeUndefined();
	expect(await say("hello", directChannel())).toBeUndefined();
	await stage.slack.command({ user: stage.ana, channel: stage.channel, text: "help" }).reply();
});

function fail(): never {
	throw new Error("nothing was said");
}
