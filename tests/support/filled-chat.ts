/** A workspace in its twelfth week whose members answer, miss, practise and prepare for an interview. */
import type { Card, Reply } from "../../src/chat/card.ts";
import { readCommand } from "../../src/chat/grammar.ts";
import { rightOption } from "../../src/core/question/question.ts";
import { type ChatOptions, KeepingPlatform, openChat } from "./chat.ts";
import { Dice } from "./dice.ts";

const DAY = 24 * 60 * 60 * 1000;
/** The Thursday of the twelfth week, whose last question is still open. */
const THURSDAY = Date.parse("2026-11-26T00:00:00Z");
const NINE_O_CLOCK = 9 * 60 * 60 * 1000;
export const ZONE = "Europe/Berlin";
export const CHANNEL = { id: "1200000000000000042", slackId: "C0NLPDAILY", name: "nlp-daily" };

interface Person {
	readonly name: string;
	/** The share of questions that they answer, and the share of those that they answer right. */
	readonly answerShare: number;
	readonly talent: number;
	/** How many days before the last one they miss; the dice decide the others. */
	readonly misses?: readonly number[];
}

/** The member in the pictures. */
export const ME = "Maya Lindqvist";
export const ADMIN = "Tomás Herrera";
const PEOPLE: readonly Person[] = [
	{ name: ME, answerShare: 1, talent: 0.72, misses: [23, 41, 42, 56, 71, 78] },
	{ name: ADMIN, answerShare: 0.95, talent: 0.85 },
	{ name: "Priya Raman", answerShare: 0.98, talent: 0.8 },
	{ name: "Jonas Weber", answerShare: 0.8, talent: 0.6 },
	{ name: "Aiko Tanaka", answerShare: 0.9, talent: 0.9 },
];

export type FilledChat = Awaited<ReturnType<typeof fillChat>>;

class KeepingDiscord extends KeepingPlatform {
	readonly nativeCommands = true;

	constructor() {
		super("discord");
	}
}

export interface Filling extends Pick<ChatOptions, "isAsked" | "database"> {
	/** How many weeks the workspace is old; 12 by default, which takes a quiet machine 15 seconds. */
	readonly weeks?: number;
}

/** @param client the platform whose texts and ids the program uses */
export async function fillChat(client: "discord" | "slack", { weeks = 12, ...options }: Filling = {}) {
	const dice = new Dice(7);
	const days = weeks * 7 - 3;
	const start = new Date(THURSDAY - (days - 1) * DAY);
	const platform = client === "discord" ? new KeepingDiscord() : new KeepingPlatform(client);
	const chat = await openChat({ ...options, platform, random: dice.next, start });
	const channelId = client === "discord" ? CHANNEL.id : CHANNEL.slackId;
	const caller = (name: string) => ({
		...chat.caller(name, name === ADMIN),
		zone: ZONE,
		place: { kind: "channel", channelId, channelName: CHANNEL.name } as const,
	});
	const say = async (name: string, text: string): Promise<Reply> => {
		const outcome = await chat.dispatcher.run(caller(name), readCommand(text, chat.dispatcher.commands));
		if (outcome.type !== "reply") throw new Error(`${text} opened a form`);
		return outcome.reply;
	};
	const filled = { ...chat, caller, say, client };
	await say(ADMIN, `schedule add 09:00 ${ZONE} weekdays`);
	for (let before = days - 1; before >= 0; before -= 1) await live(filled, before, dice);
	return filled;
}

type Chat = Omit<Awaited<ReturnType<typeof openChat>>, "caller"> & { say(name: string, text: string): Promise<Reply> };

/** One day: the question comes, people answer it, and Maya practises. */
async function live(chat: Chat, daysBefore: number, dice: Dice): Promise<void> {
	const posts = chat.platform.posts.length;
	chat.clock.moveTo(new Date(THURSDAY - daysBefore * DAY + NINE_O_CLOCK));
	await chat.daily.run();
	if (chat.platform.posts.length > posts) {
		const today = String((await chat.say(ADMIN, "today")).data?.id);
		for (const person of PEOPLE) if (answers(person, daysBefore, dice)) await answer(chat, person, today, dice);
	}
	if (daysBefore % 3 === 1) await practise(chat, dice);
}

function answers({ answerShare: diligence, misses }: Person, daysBefore: number, dice: Dice): boolean {
	// The last question is open, and Maya has not answered it yet.
	if (misses) return daysBefore > 0 && !misses.includes(daysBefore);
	return dice.chance(daysBefore > 0 ? diligence : diligence / 2);
}

async function answer(chat: Chat, { name, talent }: Person, id: string, dice: Dice): Promise<void> {
	const question = chat.bank.get(id) ?? raise(`no question ${id}`);
	const right = rightOption(question);
	await chat.say(name, `check ${id} ${dice.chance(talent) ? right : right === "A" ? "B" : "A"}`);
}

function raise(problem: string): never {
	throw new Error(problem);
}

const maya = PEOPLE[0] ?? raise("nobody");

/** Maya practises a run of five questions. */
async function practise(chat: Chat, dice: Dice): Promise<void> {
	let reply = await chat.say(ME, "practice 5");
	for (let step = 0; step < 5 && typeof reply.data?.id === "string"; step += 1) {
		await answer(chat, maya, reply.data.id, dice);
		reply = await chat.say(ME, "next");
	}
	await chat.say(ME, "stop");
}

/** A reply's card and those of its follow-ups. */
export function cardsOf(reply: Reply): Card[] {
	return reply.followUp ? [reply.card, ...cardsOf(reply.followUp)] : [reply.card];
}
