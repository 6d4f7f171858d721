import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import type { Button, Card, Outcome, Reply } from "../../../src/chat/card.ts";
import { readCommand } from "../../../src/chat/grammar.ts";
import { verifyMemories } from "../../../src/core/practice/projection.ts";
import { rightOption } from "../../../src/core/question/question.ts";
import { openChat } from "../chat.ts";

const DAY = 24 * 60 * 60 * 1000;

/** The chat of the running file. */
export let chat: Awaited<ReturnType<typeof openChat>>;
/** The member of the running test: each test has its own. */
export let me = "";
let members = 0;

/** Opens a chat for the file, and starts each test with a new member at 08:00 UTC on 8 March 2027. */
export function openChatWithMemberForEachTest(): void {
	beforeAll(async () => {
		chat = await openChat();
	});
	beforeEach(() => {
		members += 1;
		me = `member-${members}`;
		chat.clock.moveTo(new Date("2027-03-08T08:00:00Z"));
	});
	afterEach(() => expect(chat.faults).toEqual([]));
	afterAll(async () => {
		expect(await verifyMemories(chat.store)).toMatchObject({ wrongMemories: 0 });
		await chat.close();
	});
}

export function replyOf(outcome: Outcome): Reply {
	if (outcome.type !== "reply") throw new Error("a form was opened");
	return outcome.reply;
}

/** Types a command, read as Slack and the terminal read it. */
export const say = async (text: string, name = me, isAdmin = false): Promise<Reply> =>
	replyOf(await chat.dispatcher.run(chat.caller(name, isAdmin), readCommand(text, chat.dispatcher.commands)));

export const buttons = (card: Card): Button[] =>
	card.blocks.flatMap((block) => (block.type === "actions" ? block.buttons : []));
export const labels = ({ card }: Reply): string[] => buttons(card).map(({ label }) => label);

/** Presses a reply's button by the beginning of its label. */
export async function press(reply: Reply, label: string): Promise<Reply> {
	const button = buttons(reply.card).find((each) => each.label.startsWith(label));
	if (!button) throw new Error(`no button ${label} among ${labels(reply).join(", ")}`);
	return replyOf(await chat.dispatcher.run(chat.caller(me), button.call));
}

/** The id of the question that a reply shows. */
export const idOf = (reply: Reply): string => String(reply.data?.id);
/** Where the practice run is, if the reply belongs to one. */
export const runOf = (reply: Reply) => reply.data?.run as { index: number; of: number; reason: string } | undefined;

/** Answers the quick check of a question, rightly or wrongly. */
export async function check(id: string, answer: "right" | "wrong"): Promise<Reply> {
	const question = chat.bank.get(id);
	const right = question ? rightOption(question) : "A";
	return say(`check ${id} ${answer === "right" ? right : right === "A" ? "B" : "A"}`);
}

export const passDays = (count: number): void => chat.clock.moveTo(new Date(chat.clock.now().getTime() + count * DAY));
