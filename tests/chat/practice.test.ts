import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Button, Card, Outcome, Reply } from "../../src/chat/card.ts";
import { readCommand } from "../../src/chat/grammar.ts";
import { cardText } from "../../src/chat/text.ts";
import { verifyMemories } from "../../src/core/practice/projection.ts";
import { rightOption } from "../../src/core/question/question.ts";
import { openChat } from "../support/chat.ts";
import { retireQuestionsOfRun } from "../support/practice/retired.ts";

const DAY = 24 * 60 * 60 * 1000;

let chat: Awaited<ReturnType<typeof openChat>>;
/** Each test has its own member. */
let me = "";
let members = 0;
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
	expect(await verifyMemories(chat.store, false)).toMatchObject({ wrongMemories: 0 });
	await chat.close();
});

function replyOf(outcome: Outcome): Reply {
	if (outcome.type !== "reply") throw new Error("a form was opened");
	return outcome.reply;
}

/** What a member types, read as Slack and the terminal read it. */
const say = async (text: string, name = me, admin = false): Promise<Reply> =>
	replyOf(await chat.dispatcher.run(chat.caller(name, admin), readCommand(text, chat.dispatcher.commands)));

const buttons = (card: Card): Button[] =>
	card.blocks.flatMap((block) => (block.type === "actions" ? block.buttons : []));
const labels = ({ card }: Reply): string[] => buttons(card).map(({ label }) => label);

/** Presses a reply's button by the beginning of its label. */
async function press(reply: Reply, label: string, name = me): Promise<Reply> {
	const found = buttons(reply.card).find((entry) => entry.label.startsWith(label));
	if (!found) throw new Error(`no button ${label} among ${labels(reply).join(", ")}`);
	return replyOf(await chat.dispatcher.run(chat.caller(name), found.call));
}

const idOf = (reply: Reply): string => String(reply.data?.id);
const runOf = (reply: Reply) => reply.data?.run as { index: number; of: number; reason: string } | undefined;

/** Answers the quick check of a question. */
async function check(id: string, right: boolean, name = me): Promise<Reply> {
	const question = chat.bank.get(id);
	const letter = question ? rightOption(question) : "A";
	return say(`check ${id} ${right ? letter : letter === "A" ? "B" : "A"}`, name);
}

const days = (count: number): void => chat.clock.moveTo(new Date(chat.clock.now().getTime() + count * DAY));

describe("a practice run", () => {
	test("asks new questions, basic ones first, says its position and the reason, and ends with what comes back when", async () => {
		let reply = await say("practice 2");
		expect(runOf(reply)).toEqual({ index: 1, of: 2, reason: "new" });
		expect(cardText(reply.card)).toContain("1 of 2 · new to you");
		expect(reply.data).toMatchObject({ difficulty: "basic" });
		expect(labels(reply)).toEqual(["Answer", "Quick check", "Hint", "Reveal", "Skip", "Stop"]);
		reply = await check(idOf(reply), true);
		expect(reply.data).toMatchObject({ grade: "good", due: "2027-03-11" });
		expect(labels(reply)).toEqual(expect.arrayContaining(["Again: 9 March", "Hard: 10 March", "✓ Good: 11 March", "Easy: 16 March", "Next"])); // biome-ignore format: one line
		reply = await press(reply, "Easy");
		// Below it is the next question, so it names the one that it is about.
		expect(cardText(reply.card)).toMatch(/Noted for "[^"]+"\. Easy: you have this one\. It comes back on 16 March\./);
		expect(runOf(reply)).toMatchObject({ index: 2, of: 2 });
		chat.clock.moveTo(new Date("2027-03-08T08:07:00Z"));
		const end = await press(await check(idOf(reply), true), "Next");
		expect(end.data).toEqual({ done: 2, recalled: 2, next: "2027-03-11" });
		expect(cardText(end.card)).toContain("You recalled 2 of 2 in 7 minutes.");
		expect(labels(end)).toContain("Five more");
	});

	test("a missed question comes once more at the end, and the repeat changes no memory", async () => {
		const first = await say("practice 1");
		const missed = await check(idOf(first), false);
		expect(labels(missed).filter((label) => label.includes(":"))).toEqual(["✓ Again: 9 March"]);
		const repeat = await press(missed, "Next");
		expect(runOf(repeat)).toEqual({ index: 2, of: 2, reason: "again" });
		// Past midnight too.
		days(1);
		const again = await check(idOf(repeat), true);
		expect(again.data).toMatchObject({ grade: null, due: "2027-03-09" });
		expect((await press(again, "Next")).data).toMatchObject({ done: 1, recalled: 0 });
	});

	test("an answer in text waits for its ticks: practice asks for them first the next day", async () => {
		const first = await say("practice 1");
		const reply = await say(`answer ${idOf(first)} Something to say, in words of no answer at all.`);
		expect(cardText(reply.card)).toContain("Tick what you had");
		await press(reply, "Next");
		days(1);
		const ticks = await say("practice 1");
		expect(idOf(ticks)).toBe(idOf(first));
		expect(cardText(ticks.card)).toContain("Something to say, in words of no answer at all.");
		const graded = await press(ticks, "Hard");
		expect(graded.data).toMatchObject({ done: 1, recalled: 1, grade: "hard", due: "2027-03-10" });
	});

	test("a question in April names the wrong answer of March as the reason", async () => {
		const { data } = await say("random");
		await check(String(data?.id), false);
		days(30);
		const reply = await say("practice due");
		expect(runOf(reply)).toMatchObject({ reason: "missed" });
		expect(cardText(reply.card)).toContain("1 of 1 · you missed this in March");
	});

	test("the next run begins with what is due, and one with a focus replaces the open one", async () => {
		const open = await say("practice 3");
		expect(idOf(await say("practice"))).toBe(idOf(open));
		const other = await say("practice debugging 2");
		expect(other.data).toMatchObject({ category: "debugging", run: { of: 2 } });
		expect(cardText(other.card)).toContain("Your earlier run was ended for this one.");
	});

	test("continues where it was after each step, even after a kill", async () => {
		let reply = await say("practice 3");
		for (let step = 1; step <= 3; step += 1) {
			// A new process knows only what is in the database.
			expect(idOf(await say("practice"))).toBe(idOf(reply));
			await check(idOf(reply), step !== 2);
			reply = await say("practice");
			expect(runOf(reply)?.index).toBe(step + 1);
		}
		expect(runOf(reply)).toEqual({ index: 4, of: 4, reason: "again" });
	});

	test("skip and stop, typed as they are pressed", async () => {
		const first = await say("practice 3");
		const second = await say("skip");
		expect([runOf(second)?.index, idOf(second) === idOf(first)]).toEqual([2, false]);
		await check(idOf(second), true);
		expect((await say("next")).data?.run).toMatchObject({ index: 3 });
		expect((await say("stop")).data).toMatchObject({ done: 1, recalled: 1 });
	});

	test("on a second device an old card's Skip shows where the run is, and changes nothing", async () => {
		const first = await say("practice 3");
		const second = await press(first, "Skip");
		const elsewhere = await press(first, "Skip");
		expect(idOf(elsewhere)).toBe(idOf(second));
		expect(runOf(elsewhere)).toMatchObject({ index: 2 });
	});

	test("next before an answer says that there is none, and an old card's says that the run has moved on", async () => {
		const first = await say("practice 3");
		const same = await say("next");
		expect(idOf(same)).toBe(idOf(first));
		expect(cardText(same.card)).toContain("This question has no answer yet. Answer it, or skip it.");
		await press(first, "Skip");
		expect(cardText((await press(first, "Skip")).card)).toContain("Your run had moved on already.");
	});

	test("a press that is delivered twice moves the run once", async () => {
		const first = await say("practice 3");
		const call = buttons(first.card).find(({ label }) => label === "Skip")?.call;
		const caller = chat.caller(me);
		if (!call) throw new Error("no Skip");
		const [one, other] = [await chat.dispatcher.run(caller, call), await chat.dispatcher.run(caller, call)];
		expect(runOf(replyOf(other))).toEqual(runOf(replyOf(one)));
		expect(runOf(await say("practice"))).toMatchObject({ index: 2 });
	});

	test("a reveal in a run books `again`, and the question comes once more", async () => {
		const first = await say("practice 1");
		const shown = await press(first, "Reveal");
		expect(cardText(shown.card)).toContain("It comes back tomorrow, 9 March.");
		expect(runOf(await press(shown, "Next"))).toMatchObject({ reason: "again" });
	});
});

describe("a grade that was just given", () => {
	/** Answers the first question of a run, presses Good, and returns its id and the next question's card. */
	async function graded(): Promise<{ readonly id: string; readonly next: Reply }> {
		const id = idOf(await say("practice 3"));
		const next = await press(await check(id, true), "✓ Good");
		expect(idOf(next)).not.toBe(id);
		return { id, next };
	}

	test.each(["rate hard", "rate last hard", "Rate Hard"])(
		"is changed by `%s`, though the next question is shown",
		async (text) => {
			const { id } = await graded();
			const changed = await say(text);
			expect(changed.data).toMatchObject({ id, grade: "hard", due: "2027-03-10" });
			// The run stays where it is.
			expect(runOf(await say("practice"))).toMatchObject({ index: 2 });
		},
	);

	test("is changed by the button below it, which offers all grades with their dates", async () => {
		const { id, next } = await graded();
		const choice = await press(next, "Change grade");
		expect(choice.data).toMatchObject({ id });
		expect(labels(choice)).toEqual(expect.arrayContaining(["Again: 9 March", "✓ Good: 11 March", "Easy: 16 March"]));
		const changed = await press(choice, "Again");
		expect(changed.data).toMatchObject({ id, grade: "again", due: "2027-03-09" });
		expect(runOf(await press(changed, "Practise"))).toMatchObject({ index: 2 });
	});

	test("`rate 1,2` ticks key points of the answer given last", async () => {
		const id = idOf(await say("practice 3"));
		await say(`answer ${id} In my own words, more or less.`);
		await say("next");
		expect((await say("rate 1,2")).data).toMatchObject({ id, ticked: 2 });
	});

	test("in a run that asks for the ticks of an older answer, `rate last` means that one, before and after", async () => {
		const [older, newer] = [idOf(await say("random")), idOf(await say("random"))];
		await say(`answer ${older} In my own words, more or less.`);
		await check(newer, true);
		days(1);
		expect(idOf(await say("practice due 5"))).toBe(older);
		expect((await say("rate last hard")).data).toMatchObject({ grade: "hard" });
		// The run is over now.
		expect((await say("rate last easy")).data).toMatchObject({ id: older, grade: "easy" });
		await check(newer, true);
		expect((await say("rate last hard")).data).toMatchObject({ id: newer, grade: "hard" });
	});
});

describe("the answer", () => {
	test("is shown after one's own without a lecture, and leads back to it", async () => {
		const id = idOf(await say("random"));
		await check(id, true);
		const shown = await say(`reveal ${id}`);
		expect(cardText(shown.card)).not.toContain("Next time");
		expect((await press(shown, "Back")).card.title).toContain("Well chosen");
	});

	test("of a question that waits for an answer is not shown by `compare`", async () => {
		const id = idOf(await say("practice 1"));
		expect((await say("compare last strong")).data).toMatchObject({ revealed: false });
		expect((await say(`reveal ${id}`)).data).toMatchObject({ grade: "again" });
		await check(id, true);
		expect((await say("compare last strong")).card.title).toContain("Strong answer");
		await say(`practice 1`);
		days(4);
		expect(idOf(await say("practice due 1"))).toBe(id);
		// Asked again, it waits again.
		expect((await say("compare last strong")).data).toMatchObject({ revealed: false });
	});
});

describe("bad input", () => {
	test.each([
		["practice 0", "is not a number from 1 to 20"],
		["practice 21", "is not a number from 1 to 20"],
		["practice count:viele", "is not a number from 1 to 20"],
		["practice viele", "is not something to practise"],
		["next", "You have no practice run open."],
		["skip", "You have no practice run open."],
		["stop", "You have no practice run open."],
		["rate kv-cache good", "You have not answered this question yet."],
		["rate kv-cache", "Rate it by what you had, or by one of the four grades."],
	])("%s", async (text, message) => {
		const refused = async () => {
			const reply = await say(text);
			return cardText(reply.card);
		};
		expect(await refused().catch(String)).toContain(message);
	});

	test("a focus without questions says what there is", async () => {
		const reply = await say("practice missed");
		expect(cardText(reply.card)).toMatch(/No missed questions[\s\S]*\d+ questions are new to you\./);
		expect(labels(reply)).toContain("New questions");
	});

	test("a run whose questions were retired meanwhile continues with others", async () => {
		const first = await say("practice 2");
		const member = await chat.store.people.findMember(1, me);
		await retireQuestionsOfRun(chat.store, member?.id ?? 0);
		const reply = await say("practice");
		expect(chat.bank.get(idOf(reply))).toBeDefined();
		expect(runOf(reply)).toMatchObject({ index: 1, of: 2 });
		expect(idOf(first)).not.toBe("");
	});
});

test("after 15 quick checks, 12 of them wrong, all 12 come back within 3 days", async () => {
	const ids = chat.bank
		.all()
		.slice(0, 15)
		.map(({ id }) => id);
	for (const [index, id] of ids.entries()) await check(id, index < 3);
	const back = new Set<string>();
	for (let day = 1; day <= 3; day += 1) {
		days(1);
		let reply = await say("practice due 20");
		while (runOf(reply)?.reason === "missed") {
			back.add(idOf(reply));
			reply = await press(await check(idOf(reply), true), "Next");
		}
	}
	expect([...back].sort()).toEqual(ids.slice(3).sort());
});

describe("an open daily question", () => {
	test("is replaced when a run meets it, and an answer on a card already shown counts", async () => {
		await say("schedule add 09:00", "boss", true);
		const first = await say("practice 20");
		const second = await press(first, "Skip");
		chat.clock.moveTo(new Date("2027-03-08T09:00:00Z"));
		await chat.daily.run();
		const [occurrence] = await chat.store.occurrences.open(1, null, chat.clock.now());
		const daily = occurrence?.questionId ?? "";
		// The current question has become the daily one.
		const run = await chat.store.practice.openRun((await chat.store.people.findMember(1, me))?.id ?? 0);
		if (!run) throw new Error("no run");
		const steps = run.steps.map((step, at) => (at === run.position ? { ...step, questionId: daily } : step));
		await chat.store.practice.saveRun({ ...run, steps });
		expect(idOf(await say("practice"))).not.toBe(daily);
		await chat.store.practice.saveRun({ ...run, steps });
		const counted = await check(daily, true);
		expect(cardText(counted.card)).toContain("This is today's question now, so your answer counts for it.");
		expect(counted.data).toMatchObject({ counted: true });
		expect(idOf(second)).not.toBe("");
	});
});
