import { afterEach, beforeEach, expect, test } from "vitest";
import { COMMANDS } from "../../src/chat/commands/index.ts";
import { readCommand } from "../../src/chat/grammar.ts";
import { readAnki } from "../../src/core/import/anki.ts";
import { openChat } from "../support/chat.ts";

let chat: Awaited<ReturnType<typeof openChat>>;
beforeEach(async () => {
	chat = await openChat();
});
afterEach(async () => {
	expect(chat.faults).toEqual([]);
	await chat.close();
});

async function say(line: string, name = "ana") {
	const outcome = await chat.dispatcher.run(chat.caller(name, name === "boss"), readCommand(line, COMMANDS));
	if (outcome.type === "form") throw new Error("a form came instead of a reply");
	return outcome.reply;
}

const deckOf = async (name = "ana") => (await say("settings export anki", name)).file?.content ?? "";

test("a deck for Anki has the questions that a member has seen, and can be read back", async () => {
	expect((await say("settings export anki")).data).toEqual({ questions: 0, format: "anki" });
	await say("check kv-cache A");
	await say("check self-attention B");
	const deck = await deckOf();
	expect(deck.split("\n").filter((line) => line.startsWith('"nlpq-'))).toHaveLength(2);
	const read = readAnki(deck);
	expect(read?.questions.map(({ draft }) => draft.title).sort()).toEqual(
		["kv-cache", "self-attention"].map((id) => chat.bank.get(id)?.title).sort(),
	);
	expect(read?.questions.map(({ draft }) => draft.answer)).toContain(chat.bank.get("kv-cache")?.answer.trim());
	expect(await deckOf("ben")).toBe("");
});

test("a note has the same guid in every export, so that Anki updates it", async () => {
	await say("check kv-cache A");
	const first = await deckOf();
	await say("check self-attention B");
	expect(await deckOf()).toContain(first.split("\n").find((line) => line.startsWith('"nlpq-kv-cache"')));
});

test("today's question joins the deck once it has closed", async () => {
	await say("schedule add 09:00 UTC daily", "boss");
	chat.clock.moveTo(new Date("2027-03-08T09:00:00Z"));
	await chat.daily.run();
	await say("check today A");
	expect(await deckOf()).toBe("");
	for (const instant of ["2027-03-09T09:00:00Z", "2027-03-10T09:00:00Z"]) {
		chat.clock.moveTo(new Date(instant));
		await chat.daily.run();
	}
	expect(await deckOf()).toContain("nlpq-");
});
