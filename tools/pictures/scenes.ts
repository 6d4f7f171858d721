/** What Maya, and once an admin, sees in a workspace that is twelve weeks old. */
import type { Call, Card, Form } from "../../src/chat/card.ts";
import { openMemory } from "../../tests/support/embedded.ts";
import { ADMIN, type FilledChat, fillChat, ME } from "../../tests/support/filled-chat.ts";
import type { Scenes } from "./pages.ts";
import { PICTURED } from "./pictured-questions.ts";

const HALF_AN_HOUR = 30 * 60 * 1000;
const ANSWER =
	"Group folds by author, so that nobody writes in both train and test. Fit the tokenizer and all else inside each fold. Compare both classifiers on the same folds, by the differences.";
/** Today's question, which the answer below is written for. Other dice would draw another one. */
const QUESTION = "cross-validation-text";

async function seen(chat: FilledChat, text: string): Promise<Card> {
	return (await chat.say(ME, text)).card;
}

async function form(chat: FilledChat, name: string, call: Call): Promise<Form> {
	const outcome = await chat.dispatcher.run(chat.caller(name), call);
	if (outcome.type !== "form") throw new Error(`${call.command} opened no form`);
	return outcome.form;
}

/** Today's question as the channel shows it half an hour later. */
async function posted(chat: FilledChat): Promise<Card> {
	chat.clock.moveTo(new Date(chat.clock.now().getTime() + HALF_AN_HOUR));
	await chat.daily.run();
	const cards = [...chat.platform.posts, ...chat.platform.edits].map(({ card }) => card);
	const daily = cards.findLast(({ prominent }) => prominent);
	if (!daily) throw new Error("no daily question was posted");
	return daily;
}

async function ofClient(client: "discord" | "slack") {
	const { client: memory, db } = await openMemory();
	const database = { db, close: () => memory.close() };
	const chat = await fillChat(client, { isAsked: (id) => PICTURED.has(id), database });
	const daily = await posted(chat);
	const today = (await chat.say(ME, "today")).data?.id;
	if (today !== QUESTION) throw new Error(`today's question is ${today}: the pictures need an answer to it`);
	await chat.say(ME, "settings interview 2027-03-12 5");
	const check = await seen(chat, "check today");
	const home = [await seen(chat, "today"), await seen(chat, "streak"), await seen(chat, "settings")];
	const answerForm = await form(chat, ME, { command: "answer", options: { question: "today" } });
	const scheduleForm = await form(chat, ADMIN, { command: "schedule add", options: {} });
	const answer = await seen(chat, `answer today ${ANSWER}`);
	const streak = await seen(chat, "streak");
	const stats = await seen(chat, "stats");
	const leaderboard = await seen(chat, "leaderboard");
	const at = chat.clock.now();
	if (chat.faults.length > 0) throw chat.faults[0];
	await chat.close();
	return { at, cards: { daily, check, answer, streak, stats, leaderboard }, home, answerForm, scheduleForm };
}

export async function makeScenes(): Promise<Scenes> {
	const discord = await ofClient("discord");
	const { at, cards, home, answerForm, scheduleForm } = await ofClient("slack");
	return { at, discord: discord.cards, slack: cards, home, answerForm, scheduleForm };
}
