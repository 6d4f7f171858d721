import { afterAll, beforeAll, expect, test } from "vitest";
import { COMMANDS } from "../../src/chat/commands/index.ts";
import { readCommand } from "../../src/chat/grammar.ts";
import { cardText } from "../../src/chat/text.ts";
import { closeTo } from "../../src/core/question/bank.ts";
import { openChat } from "../support/chat.ts";

let chat: Awaited<ReturnType<typeof openChat>>;
beforeAll(async () => {
	chat = await openChat();
});
afterAll(() => chat.close());

async function say(text: string) {
	const outcome = await chat.dispatcher.run(chat.caller("ana", true), readCommand(text, COMMANDS));
	return outcome.type === "reply" ? outcome.reply : expect.fail("a form");
}

const buttonsOf = ({ card }: Awaited<ReturnType<typeof say>>) =>
	card.blocks.flatMap((block) => (block.type === "actions" ? block.buttons : []));

test("a misspelt category suggests the nearest, and an unknown word lists categories and difficulties", () => {
	const refusal = (text: string) => {
		try {
			return expect.fail(JSON.stringify(readCommand(text, COMMANDS)));
		} catch (error) {
			return error;
		}
	};
	expect(refusal("random transfomers")).toMatchObject({
		remedy: expect.stringMatching(/^Did you mean `transformers`\?/),
	});
	expect(refusal("random spicy")).toMatchObject({
		remedy: expect.stringMatching(/transformers, .*basic, intermediate/),
	});
});

test("an unknown question suggests others, each with a button", async () => {
	const [known] = chat.bank.all();
	const reply = await say(`show "${known?.title} perhaps"`);
	expect(reply.card.tone).toBe("error");
	const [first] = buttonsOf(reply);
	expect(first?.call).toMatchObject({ command: "show", options: { question: expect.any(String) } });
});

test("what resembles no title proposes nothing", async () => {
	const reply = await say("show zzz qqqq");
	expect(buttonsOf(reply)).toEqual([]);
	expect(cardText(reply.card)).not.toContain("Did you mean");
	expect(closeTo(chat.bank, "zzz qqqq")).toEqual([]);
	const near = closeTo(chat.bank, "quantisation").map(({ title }) => title.toLowerCase());
	expect(near.some((title) => title.includes("quanti"))).toBe(true);
});

test("history lists titles, ten per page; one can be opened, and a page beyond the last shows the last", async () => {
	const [open] = chat.bank.all();
	for (let turn = 1; turn <= 12; turn += 1) await say(`answer ${open?.id} What I said, turn ${turn}.`);
	const list = await say("history");
	expect(list.card.blocks).toContainEqual(expect.objectContaining({ type: "list", marker: "number" }));
	expect(JSON.stringify(list.card)).not.toMatch(/What I said|A strong answer/);
	expect(buttonsOf(list).map(({ label }) => label)).toEqual([..."123456789", "10", "Older"]);
	const last = await say("history 99");
	expect(JSON.stringify(last.card)).toContain("Page 2 is the last one.");
	expect(buttonsOf(last).map(({ label }) => label)).toEqual(["1", "2", "Newer"]);
	const [oldest] = buttonsOf(last).slice(1, 2);
	expect(oldest?.call).toEqual({ command: "history", options: { answer: "12" } });
	const opened = await say("history answer:12");
	expect(opened.card.blocks).toContainEqual({ type: "quote", text: "What I said, turn 1." });
	expect(opened.card.blocks).toContainEqual({ type: "text", text: open?.answer });
});

test("a search numbers each of its ten matches", async () => {
	const reply = await say("search attention");
	const list = reply.card.blocks.find((block) => block.type === "list");
	const numbers = buttonsOf(reply).filter(({ call }) => call.command === "show");
	expect(numbers).toHaveLength(list?.type === "list" ? list.items.length : -1);
});
