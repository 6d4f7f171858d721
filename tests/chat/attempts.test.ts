import { afterAll, beforeAll, expect, test } from "vitest";
import type { Button, Call, Card } from "../../src/chat/card.ts";
import { COMMANDS } from "../../src/chat/commands/index.ts";
import { readCommand } from "../../src/chat/grammar.ts";
import { openChat } from "../support/chat.ts";

let chat: Awaited<ReturnType<typeof openChat>>;
beforeAll(async () => {
	chat = await openChat();
	await say("schedule add 09:00 UTC");
	chat.clock.moveTo(new Date("2027-03-08T09:00:00Z"));
	await chat.daily.run();
});
afterAll(() => chat.close());

async function say(text: string) {
	const outcome = await chat.dispatcher.run(chat.caller("ana", true), readCommand(text, COMMANDS));
	return outcome.type === "reply" ? outcome.reply : expect.fail("a form");
}

function buttonOf({ blocks }: Card, label: string): Button {
	const buttons = blocks.flatMap((block) => (block.type === "actions" ? block.buttons : []));
	return buttons.find((one) => one.label === label) ?? expect.fail(`no button ${label}`);
}

test("a text that is no attempt is refused, costs nothing, comes back whole, and offers the quick check", async () => {
	const open = (await say("today")).data?.id;
	const prompt = chat.bank.get(String(open))?.prompt ?? "";
	for (const text of ["no", "aaaaaaaaaaaaaaaaaaaaaaaaaaa", "?!? ... 😀😀😀", prompt]) {
		const { card, data } = await say(`answer today ${text}`);
		expect(card.title).toContain("A sentence or two, please");
		expect(card.blocks).toContainEqual({
			type: "typed",
			fields: [{ name: "text", label: "Your text", text }],
			reopen: { command: "answer", options: { question: "today" }, reopen: true },
		});
		expect(JSON.stringify(card.blocks)).toContain('"label":"Quick check"');
		expect(data).not.toHaveProperty("counted");
	}
	expect((await say("history")).card.title).not.toContain("1");
	expect((await say("answer today It weighs every token by need.")).data).toMatchObject({ counted: true, streak: 1 });
	// Practice accepts any text that is not empty.
	expect((await say("answer today no")).data).toMatchObject({ counted: false });
	expect((await say("answer kv-cache no")).data).toMatchObject({ counted: false });
});

test("an empty answer is refused with the buttons that go on", async () => {
	const call = { command: "answer", options: { question: "kv-cache", text: "  " } };
	const outcome = await chat.dispatcher.run(chat.caller("ana"), call);
	const { card } = outcome.type === "reply" ? outcome.reply : expect.fail("a form");
	expect(card.title).toBe("The answer is empty. Nothing was recorded.");
	for (const label of ["Answer", "Quick check"]) buttonOf(card, label);
});

test("a form shows beside its field why a text is refused, before it closes", async () => {
	chat.clock.moveTo(new Date("2027-03-09T09:00:00Z"));
	await chat.daily.run();
	const faults = async (options: Record<string, string>) =>
		chat.dispatcher.faultsOf(async () => chat.caller("ana"), { command: "answer", options }, chat.clock.now(), 60_000);
	expect(await faults({ question: "today", text: "no" })).toMatchObject([{ field: "text" }]);
	expect(await faults({ question: "kv-cache", text: "no" })).toEqual([]);
	expect(await faults({ question: "today", text: "It weighs every token by need." })).toEqual([]);
});

test("the form says before the member writes that an answer after a reveal will be practice", async () => {
	chat.clock.moveTo(new Date("2027-03-09T09:30:00Z"));
	const form = async () => {
		const call = { command: "answer", options: { question: "today" } };
		const outcome = await chat.dispatcher.run(chat.caller("eve"), call);
		return outcome.type === "form" ? JSON.stringify(outcome.form) : expect.fail("no form");
	};
	expect(await form()).not.toContain("ractice");
	await chat.dispatcher.run(chat.caller("eve"), { command: "reveal", options: { question: "today" } });
	expect(await form()).toContain("Practice: you have seen the answer, so today's question no longer counts.");
});

test("before the first question `today` says when it comes; without a schedule it says how to set one", async () => {
	const fresh = await openChat();
	try {
		const dispatch = async (text: string) => {
			const outcome = await fresh.dispatcher.run(fresh.caller("ana", true), readCommand(text, COMMANDS));
			return outcome.type === "reply" ? outcome.reply.card : expect.fail("a form");
		};
		const none = await dispatch("today");
		expect(JSON.stringify(none)).toContain("an admin sets a daily one");
		expect(JSON.stringify(none)).toContain('"label":"Practise"');
		await dispatch("schedule add 10:30 UTC weekdays");
		const waiting = await dispatch("today");
		expect(waiting.title).toBe(none.title);
		expect(JSON.stringify(waiting)).toContain('"The next one comes ",{"type":"instant","at":"2027-03-08T10:30');
		expect(JSON.stringify(await dispatch("answer today It weighs every token by need."))).not.toContain("an admin");
	} finally {
		await fresh.close();
	}
});

test("Reveal on an open daily question asks first and costs nothing; typed, it reveals at once and says what it cost", async () => {
	chat.clock.moveTo(new Date("2027-03-09T10:00:00Z"));
	const post = chat.platform.posts.findLast(({ card }) => card.prominent)?.card ?? expect.fail("no post");
	const buttons = post.blocks.flatMap((block) => (block.type === "actions" ? block.buttons : []));
	const { call } = buttons.find(({ label }) => label === "Reveal") ?? expect.fail("no button");
	for (const name of ["bea", "cy"]) {
		const outcome = await chat.dispatcher.run(chat.caller(name), call);
		expect(JSON.stringify(outcome)).toContain("See the answer without an attempt?");
		expect(JSON.stringify(outcome)).toContain('"revealed":false');
	}
	const answer = { command: "answer", options: { question: "today", text: "It weighs every token by need." } };
	const answered = await chat.dispatcher.run(chat.caller("bea"), answer);
	expect(answered).toMatchObject({ reply: { data: { counted: true } } });
	const typed = await chat.dispatcher.run(chat.caller("cy"), readCommand("reveal today", COMMANDS));
	expect(typed).toMatchObject({ reply: { data: { revealed: true, cost: true } } });
	expect(JSON.stringify(typed)).toContain("today's question no longer counts");
});

test("comparing an unanswered question asks before it shows the answer; after a reveal its parts open without asking", async () => {
	const [question] = chat.bank.matching({ categories: ["transformers"] });
	const compare = (options: Readonly<Record<string, string>>) =>
		chat.dispatcher.run(chat.caller("eve"), { command: "compare", options: { question: question ?? "", ...options } });
	for (const options of [{}, { part: "strong" }, { part: "references" }, { answer: "1" }])
		expect(await compare(options)).toMatchObject({
			reply: { card: { title: "See the answer without an attempt?" }, data: { revealed: false } },
		});
	const revealed = await chat.dispatcher.run(chat.caller("eve"), readCommand(`reveal ${question}`, COMMANDS));
	const blocks = revealed.type === "reply" ? revealed.reply.card.blocks : [];
	const buttons = blocks.flatMap((block) => (block.type === "actions" ? block.buttons : []));
	const parts = buttons.filter(({ call }) => call.command === "compare");
	expect(parts.length).toBeGreaterThan(0);
	for (const { call, label } of parts) {
		const outcome = await chat.dispatcher.run(chat.caller("eve"), call);
		expect(outcome).toMatchObject({ reply: { card: { title: expect.stringContaining(`${label} · `) } } });
	}
});

test("today says until when it is open, and, once a member has answered, that it counts", async () => {
	chat.clock.moveTo(new Date("2027-03-10T09:00:00Z"));
	await chat.daily.run();
	const until = { type: "instant", at: new Date("2027-03-11T09:00:00Z"), zone: "UTC" };
	const note = { type: "note", text: ["Open until at least ", until, "."] };
	expect((await say("today")).card.blocks).toContainEqual(note);
	const post = chat.platform.posts.findLast(({ card }) => card.prominent);
	expect(JSON.stringify(post?.card.blocks)).toContain(JSON.stringify(until));
	await say("answer today It weighs every token by need, and I would say so.");
	const { card, data } = await say("today");
	expect(data).toMatchObject({ answered: true });
	expect(JSON.stringify(card.blocks)).toContain("You have already answered this one, and it counted.");
	expect(JSON.stringify(card.blocks)).toContain('"label":"My answer"');
});

test("ticks, grades and Back on a card belong to its own answer, also after a later one", async () => {
	chat.clock.moveTo(new Date("2027-03-10T09:00:00Z"));
	await chat.daily.run();
	const press = async (call: Call) => {
		const outcome = await chat.dispatcher.run(chat.caller("dee"), call);
		return outcome.type === "reply" ? outcome.reply.card : expect.fail("a form");
	};
	const write = (text: string) => press({ command: "answer", options: { question: "today", text } });
	const first = await write("The first answer, which counts for today.");
	await write("The second answer, which is only practice.");
	const ticks = first.blocks.find((block) => block.type === "checklist") ?? expect.fail("no ticks");
	const ticked = await press({ ...ticks.call, options: { ...ticks.call.options, [ticks.option]: "1" } });
	const back = buttonOf(ticked, "Back").call;
	expect(JSON.stringify(await press(back))).toContain("The first answer");
	buttonOf(ticked, "Share");
	const asked = await press(buttonOf(await press(back), "Share").call);
	expect(JSON.stringify(await press(buttonOf(asked, "Back").call))).toContain("The first answer");
	expect(JSON.stringify(await press({ command: "history", options: { answer: "1" } }))).not.toContain("✓");
	expect(JSON.stringify(await press({ command: "history", options: { answer: "2" } }))).toContain("✓");
});

test("an opened entry of the history has the buttons of its answer, and shares that answer, not a later one", async () => {
	// With one question, each day asks the same one.
	const one = await openChat({ isAsked: (id) => id === "kv-cache" });
	try {
		const press = async (call: Call) => {
			const outcome = await one.dispatcher.run(one.caller("ana", true), call);
			return outcome.type === "reply" ? outcome.reply.card : expect.fail("a form");
		};
		const entry = (answer: string) => press({ command: "history", options: { answer } });
		const labels = ({ blocks }: Card) =>
			blocks.flatMap((block) => (block.type === "actions" ? block.buttons.map(({ label }) => label) : []));
		await press(readCommand("schedule add 09:00 UTC", COMMANDS));
		for (const [day, words] of [
			["08", "first"],
			["09", "second"],
		] as const) {
			// biome-ignore format: one line
			one.clock.moveTo(new Date(`2027-03-${day}T09:00:00Z`));
			await one.daily.run();
			await press(readCommand(`answer today The ${words} answer, which counts for its day.`, COMMANDS));
		}
		await press(readCommand("answer today Some more words, which are practice.", COMMANDS));
		const after = ["Traps", "Follow-ups", "References"];
		expect(labels(await entry("1"))).toEqual([...after, "Report", "All my answers"]);
		const older = await entry("3");
		expect(labels(older)).toEqual([...after, "Share", "Report", "All my answers"]);
		const asked = await press(buttonOf(older, "Share").call);
		expect(JSON.stringify(asked)).toContain("The first answer");
		expect((await press(buttonOf(asked, "Post it").call)).title).toBe("Shared");
		await one.daily.run();
		expect(JSON.stringify(one.platform.posts.at(-1)?.card)).toContain("The first answer");
		expect(labels(await entry("3"))).not.toContain("Share");
		expect(labels(await entry("2"))).toContain("Share");
	} finally {
		await one.close();
	}
});

test("a quick check and an answer form say as practice where they do not count, and a run says its place", async () => {
	chat.clock.moveTo(new Date("2027-03-11T09:00:00Z"));
	await chat.daily.run();
	const check = async (name: string, question: string) => {
		const outcome = await chat.dispatcher.run(chat.caller(name), { command: "check", options: { question } });
		return outcome.type === "reply" ? outcome.reply.card : expect.fail("a form");
	};
	const form = async (name: string, question: string) => {
		const outcome = await chat.dispatcher.run(chat.caller(name), { command: "answer", options: { question } });
		return outcome.type === "form" ? outcome.form.title : expect.fail("no form");
	};
	expect((await check("fay", "today")).title).toMatch(/^Quick check · /);
	expect(await form("fay", "today")).toBe("Your answer");
	expect((await check("fay", "kv-cache")).title).toMatch(/^Quick check, as practice · /);
	expect(await form("fay", "kv-cache")).toBe("Your answer, as practice");
	await chat.dispatcher.run(chat.caller("fay"), readCommand("reveal today", COMMANDS));
	expect((await check("fay", "today")).title).toMatch(/^Quick check, as practice · /);
	const run = await chat.dispatcher.run(chat.caller("fay"), readCommand("practice 3", COMMANDS));
	const step = run.type === "reply" ? String(run.reply.data?.id) : expect.fail("a form");
	const { title, blocks } = await check("fay", step);
	expect(title).toMatch(/^Quick check · /);
	expect(blocks[0]).toEqual({ type: "note", text: "Practice, 1 of 3" });
});

test("the history keeps the strong answer of an earlier answer back while its question is open as a daily one", async () => {
	const run = async (name: string, line: string) => {
		const outcome = await chat.dispatcher.run(chat.caller(name, name === "boss"), readCommand(line, COMMANDS));
		return outcome.type === "reply" ? outcome.reply : expect.fail("a form");
	};
	for (const id of chat.bank.matching({ categories: ["behavioral"] }))
		await run("ivy", `answer ${id} I would say what I did, and why.`);
	chat.clock.moveTo(new Date("2027-03-12T11:00:00Z"));
	await run("boss", "schedule add 12:00 UTC daily behavioral");
	chat.clock.moveTo(new Date("2027-03-12T12:00:00Z"));
	await chat.daily.run();
	const asked = String((await run("ivy", "today")).data?.id);
	const { answers } = JSON.parse(JSON.stringify((await run("ivy", "history")).data));
	const second = JSON.parse(JSON.stringify((await run("ivy", "history 2")).data)).answers;
	const number = [...answers, ...second].findIndex(({ id }) => id === asked) + 1;
	const { answer } = chat.bank.get(asked) ?? expect.fail("no question");
	const open = async () => JSON.stringify((await run("ivy", `history answer:${number}`)).card);
	const before = await open();
	expect(before).not.toContain(JSON.stringify(answer).slice(1, 60));
	expect(before).toContain("its strong answer is shown once you have answered it");
	await run("ivy", `answer ${asked} The second time, for today.`);
	expect(JSON.stringify((await run("ivy", `history answer:${number + 1}`)).card)).toContain(
		JSON.stringify(answer).slice(1, 60),
	);
});
