import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { countRequests } from "../../drizzle/daily.ts";
import type { Call, Card } from "../../src/chat/card.ts";
import { COMMANDS } from "../../src/chat/commands/index.ts";
import { DailyEngine } from "../../src/chat/daily.ts";
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
/** An engine that shares nothing with the first but the database. */
function anotherProcess(): DailyEngine {
	const { services, platform, clock } = chat;
	const observer = { delivered: () => undefined, fault: (_what: string, error: unknown) => expect.fail(String(error)) };
	return new DailyEngine({ services, platforms: [platform], clock, worker: "another", observer });
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

test("the post of an answered question says that it has closed, minutes later, once, and without another answer", async () => {
	const friday = posted();
	await say("answer today It weighs every token by what it needs.");
	await reach("2027-03-12T12:00:00Z");
	const counts = chat.platform.edits.length;
	for (const minute of ["30", "31", "36"]) await reach(`2027-03-15T10:${minute}:00Z`);
	const closing = () => chat.platform.edits.slice(counts).map(({ card }) => card);
	expect(closing()).toHaveLength(1);
	expect(closing()[0]?.title).toBe(friday.title);
	expect(JSON.stringify(closing())).toContain(`"Closed on ",{"type":"instant",${MONDAY}`);
	await reach("2027-03-15T23:00:00Z");
	expect(closing()).toHaveLength(1);
});

test("the post of a question that nobody answered stays as it is: an edit costs more than the question did", async () => {
	for (const minute of ["30", "31", "36"]) await reach(`2027-03-15T10:${minute}:00Z`);
	expect(chat.platform.edits).toEqual([]);
});

test("a count that is edited while the window closes is followed by an edit that says so", async () => {
	const friday = posted();
	await say("answer today It weighs every token by what it needs.");
	const edit = chat.platform.edit.bind(chat.platform);
	vi.spyOn(chat.platform, "edit").mockImplementationOnce(async (...given) => {
		await edit(...given);
		chat.clock.moveTo(new Date("2027-03-15T10:30:00Z"));
		await anotherProcess().run();
	});
	await reach("2027-03-15T10:29:59Z");
	await reach("2027-03-15T10:36:00Z");
	const edits = chat.platform.edits.filter(({ card }) => card.title === friday.title).map(({ card }) => card);
	expect(JSON.stringify(edits[0])).toContain("Open until");
	expect(JSON.stringify(edits.at(-1))).toContain("Closed on ");
});

test("posts that close together are edited over five minutes, and a process that starts later edits the rest", async () => {
	for (let hour = 12; hour < 20; hour += 1) await say(`schedule add ${hour}:00 UTC weekdays`);
	for (let hour = 12; hour < 20; hour += 1) {
		await reach(`2027-03-12T${hour}:00:00Z`);
		await say("answer today It weighs every token by what it needs.");
	}
	await reach("2027-03-12T22:00:00Z");
	const requested = () => chat.db.select().from(countRequests);
	const counts = chat.platform.edits.length;
	for (let number = 2; number < 10; number += 1) await say(`schedule remove ${number} confirm:yes`);
	await chat.daily.run();
	expect(await requested()).toEqual([]);
	await reach("2027-03-13T22:00:00Z");
	const instants = (await requested()).map(({ notBefore }) => notBefore.getTime());
	expect(new Set(instants).size).toBe(instants.length);
	expect(Math.max(...instants)).toBeLessThan(new Date("2027-03-13T22:05:00Z").getTime());
	chat.clock.moveTo(new Date("2027-03-13T22:05:00Z"));
	await anotherProcess().run();
	expect(await requested()).toEqual([]);
	expect(chat.platform.edits.slice(counts)).toHaveLength(8);
});
