import { afterEach, beforeEach, expect, test } from "vitest";
import type { Call, Card } from "../../src/chat/card.ts";
import { COMMANDS } from "../../src/chat/commands/index.ts";
import { readCommand } from "../../src/chat/grammar.ts";
import { openChat } from "../support/chat.ts";

let chat: Awaited<ReturnType<typeof openChat>>;
beforeEach(async () => {
	chat = await openChat();
	await say("schedule add 10:30 UTC weekdays");
	// A Friday.
	await reach("2027-03-12T10:30:00Z");
});
afterEach(() => chat.close());

async function reach(instant: string): Promise<void> {
	chat.clock.moveTo(new Date(instant));
	await chat.daily.run();
}

async function run(call: Call) {
	const outcome = await chat.dispatcher.run(chat.caller("ana", true), call);
	return outcome.type === "reply" ? outcome.reply : expect.fail("a form");
}
const say = (text: string) => run(readCommand(text, COMMANDS));
const posted = (): Card => chat.platform.posts.findLast(({ card }) => card.prominent)?.card ?? expect.fail("no post");
const buttonsOf = (card: Card) => card.blocks.flatMap((block) => (block.type === "actions" ? block.buttons : []));
const MONDAY = '"at":"2027-03-15T10:30:00.000Z"';

test("Friday's question says that it is open until Monday's, and another one by hand is promised for Monday", async () => {
	expect(JSON.stringify(posted())).toContain(`"Open until the next question, ",{"type":"instant",${MONDAY}`);
	expect(JSON.stringify((await say("today")).card)).toContain(
		`"Open until the next question, ",{"type":"instant",${MONDAY}`,
	);
	await say("answer today It weighs every token by what it needs.");
	const { card } = await say("schedule post");
	expect(card.title).toContain("so it stays");
	expect(JSON.stringify(card.blocks)).toContain(`"The next one comes ",{"type":"instant",${MONDAY}`);
	expect(JSON.stringify(card)).not.toContain("omorrow");
	expect(buttonsOf(card).map(({ label }) => label)).toEqual(["A question to practise with", "Schedules"]);
});

test("after an edit of the schedule, `today` names the new end, and never one that has passed", async () => {
	await say("schedule edit 1 weekdays:wed time:08:00");
	await reach("2027-03-16T12:00:00Z");
	expect(JSON.stringify((await say("today")).card)).toContain('"Open until the next question, ",{"type":"instant","at":"2027-03-17T08:00:00.000Z"'); // biome-ignore format: one line
	await say("schedule pause 1");
	expect(JSON.stringify((await say("today")).card)).toContain("Open until the next question comes.");
});

test("a member who answers a closed question is told when it closed, that this is practice, and that the streak stays", async () => {
	const friday = posted();
	await reach("2027-03-15T10:30:00Z");
	expect(posted()).not.toEqual(friday);
	const { question = "" } = buttonsOf(friday)[0]?.call.options ?? {};
	const { card, data } = await run({
		command: "answer",
		options: { question, text: "It weighs every token by need." },
	});
	expect(data).toMatchObject({ counted: false });
	const [first] = card.blocks;
	expect(JSON.stringify(first)).toContain(
		`"This was a question of the day, and it closed on ",{"type":"instant",${MONDAY}`,
	);
	expect(JSON.stringify(first)).toContain("your streak stays as it is");
	const other = chat.bank.all().find(({ id }) => posted() && id !== question && !JSON.stringify(posted()).includes(id));
	const practice = await run({
		command: "answer",
		options: { question: other?.id ?? "", text: "Some words of mine." },
	});
	expect(JSON.stringify(practice.card.blocks[0])).toContain("Stored as practice.");
});
