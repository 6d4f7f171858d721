import { expect, test } from "vitest";
import { renderMessages } from "../../../src/adapters/slack/outgoing/render.ts";
import { partCard } from "../../../src/chat/cards/answer.ts";
import { checkCard } from "../../../src/chat/cards/question.ts";
import { bot, command, openForEachTest, stage } from "./opening.ts";
import { button, ephemeral, faultsOf, formOf, title } from "./support.ts";

openForEachTest({}, async () => {
	await bot.stop();
	await stage.slack.stop();
});

const posts = () => stage.slack.messages(stage.team.id, stage.channel);

async function dailyQuestion() {
	await command("schedule add 09:00 UTC", stage.admin).reply();
	await command("schedule post", stage.admin).reply();
	return stage.slack.until("the daily post", () => posts().find((one) => one.metadata));
}

test("an answer whose blocks are refused is sent as plain words", async () => {
	stage.slack.faults.add({
		method: "response_url",
		kind: { error: "invalid_blocks" },
		when: ({ body }) => JSON.stringify(body).includes('"blocks"'),
	});
	const reply = await command("show kv-cache").reply();
	expect(reply.blocks).toEqual([]);
	expect(reply.text).toContain(bot.services.bank.get("kv-cache")?.prompt.slice(0, 30));
	expect(faultsOf(stage.slack)).toEqual([]);
});

test.each(["invalid_blocks", "msg_too_long"])(
	"a daily question whose blocks are refused (%s) is posted as plain words and can be answered",
	async (error) => {
		stage.slack.faults.add({ method: "chat.postMessage", kind: { error }, when: ({ blocks }) => blocks !== undefined });
		const post = await dailyQuestion();
		expect([post.channel, post.blocks]).toEqual([stage.channel, []]);
		expect(post.text).toContain("Question of the day #1");
		await command("check today A").reply();
		const streak = await command("streak").reply();
		expect(title(streak)).toContain("1 in a row");
		expect(faultsOf(stage.slack)).toEqual([]);
	},
);

test("a public board that may have arrived is not posted again: only the asker gets a second one", async () => {
	stage.slack.faults.add({ method: "response_url", kind: "commit-then-drop", times: 1 });
	const given = command("leaderboard");
	await stage.slack.until("a private board", () => stage.slack.ephemerals(stage.ana)[0]);
	await bot.adapter.idle();
	expect(posts().filter((one) => title(one).startsWith("Current streaks"))).toHaveLength(1);
	expect(given.acknowledged).toBe(true);
	expect(faultsOf(stage.slack)).toEqual([]);
});

test("the shortcut on a thread's message offers today's question, and the answer comes there", async () => {
	const post = await dailyQuestion();
	const below = await stage.slack.until("a message", () => post);
	const used = { message: below, user: stage.ana, callbackId: "answer_today" };
	const opened = await formOf(stage.slack, stage.slack.messageShortcut(used));
	expect(JSON.stringify(opened.view)).toContain("Your answer");
	stage.slack.viewSubmission({ view: opened, values: { value: "It weighs every token by need, in my words." } });
	const answered = await ephemeral(stage.slack, stage.ana, "✅ Compare · ");
	expect(answered.channel).toBe(stage.channel);
	expect(button(answered, "Strong answer")).toBeDefined();
	expect(faultsOf(stage.slack)).toEqual([]);
});

test("a question with a thread below it is answered in the channel, where its buttons were pressed", async () => {
	const post = await dailyQuestion();
	stage.slack.happenings.say({ channel: stage.channel, user: stage.ana, text: "Nice one.", threadTs: post.ts });
	stage.slack.action({ message: post, user: stage.ana, ...button(post, "Hint") });
	expect((await ephemeral(stage.slack, stage.ana, "Hint · ")).threadTs).toBeUndefined();
	const used = { message: post, user: stage.ana, callbackId: "answer_today" };
	const opened = await formOf(stage.slack, stage.slack.messageShortcut(used));
	stage.slack.viewSubmission({ view: opened, values: { value: "It weighs every token by need, in my words." } });
	expect((await ephemeral(stage.slack, stage.ana, "✅ Compare · ")).threadTs).toBeUndefined();
	expect(faultsOf(stage.slack)).toEqual([]);
});

test("notifications and screen readers get the options of a check, and the answer", () => {
	const context = { workspaceId: "T1", pictures: new Map() };
	for (const question of bot.services.bank.all().slice(0, 40)) {
		const squeeze = (text: string) => text.replace(/[^\p{L}\p{N}]/gu, "");
		const [check] = renderMessages(checkCard(question), context);
		for (const option of question.mcq.options) expect(squeeze(check.text)).toContain(squeeze(option.text));
		const [strong] = renderMessages(partCard(question, "strong", null), context);
		expect(squeeze(strong.text)).toContain(
			squeeze(question.answer.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;")),
		);
	}
});
