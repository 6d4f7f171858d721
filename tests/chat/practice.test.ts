import { describe, expect, test } from "vitest";
import { cardText } from "../../src/chat/text.ts";
import {
	buttons,
	chat,
	check,
	idOf,
	labels,
	me,
	openChatWithMemberForEachTest,
	passDays,
	press,
	replyOf,
	runOf,
	say,
} from "../support/practice/chat-of-members.ts";
import { retireQuestionsOfRun } from "../support/practice/retired.ts";

openChatWithMemberForEachTest();

describe("a practice run", () => {
	test("asks new questions, basic ones first, says its position and the reason, and ends with what comes back when", async () => {
		let reply = await say("practice 2");
		expect(runOf(reply)).toEqual({ index: 1, of: 2, reason: "new" });
		expect(cardText(reply.card)).toContain("1 of 2 · new to you");
		expect(reply.data).toMatchObject({ difficulty: "basic" });
		expect(labels(reply)).toEqual(["Answer", "Quick check", "Hint", "Reveal", "Skip", "Stop"]);
		reply = await check(idOf(reply), "right");
		expect(reply.data).toMatchObject({ grade: "good", due: "2027-03-11" });
		expect(labels(reply)).toEqual(expect.arrayContaining(["Again: 9 March", "Hard: 10 March", "✓ Good: 11 March", "Easy: 16 March", "Next"])); // biome-ignore format: one line
		reply = await press(reply, "Easy");
		// Below it is the next question, so it names the one that it is about.
		expect(cardText(reply.card)).toMatch(/Noted for "[^"]+"\. Easy: you have this one\. It comes back on 16 March\./);
		expect(runOf(reply)).toMatchObject({ index: 2, of: 2 });
		chat.clock.moveTo(new Date("2027-03-08T08:07:00Z"));
		const end = await press(await check(idOf(reply), "right"), "Next");
		expect(end.data).toEqual({ done: 2, recalled: 2, next: "2027-03-11" });
		expect(cardText(end.card)).toContain("You recalled 2 of 2 in 7 minutes.");
		expect(labels(end)).toContain("Five more");
	});

	test("a missed question comes once more at the end, and the repeat changes no memory", async () => {
		const first = await say("practice 1");
		const missed = await check(idOf(first), "wrong");
		expect(labels(missed).filter((label) => label.includes(":"))).toEqual(["✓ Again: 9 March"]);
		const repeat = await press(missed, "Next");
		expect(runOf(repeat)).toEqual({ index: 2, of: 2, reason: "again" });
		// Past midnight too.
		passDays(1);
		const again = await check(idOf(repeat), "right");
		expect(again.data).toMatchObject({ grade: null, due: "2027-03-09" });
		expect((await press(again, "Next")).data).toMatchObject({ done: 1, recalled: 0 });
	});

	test("an answer in text waits for its ticks: practice asks for them first the next day", async () => {
		const first = await say("practice 1");
		const reply = await say(`answer ${idOf(first)} Something to say, in words of no answer at all.`);
		expect(cardText(reply.card)).toContain("Tick what you had");
		await press(reply, "Next");
		passDays(1);
		const ticks = await say("practice 1");
		expect(idOf(ticks)).toBe(idOf(first));
		expect(cardText(ticks.card)).toContain("Something to say, in words of no answer at all.");
		const graded = await press(ticks, "Hard");
		expect(graded.data).toMatchObject({ done: 1, recalled: 1, grade: "hard", due: "2027-03-10" });
	});

	test("a summary counts an answer without ticks as neither recalled nor missed, and offers its ticks", async () => {
		const second = await press(await check(idOf(await say("practice 2")), "right"), "Next");
		await say(`answer ${idOf(second)} Something to say, in words of no answer at all.`);
		const end = await say("next");
		expect(end.data).toMatchObject({ done: 1, recalled: 1 });
		expect(cardText(end.card)).toContain("You recalled 1 of 1 in 1 minute. 1 answer is still to tick.");
		const ticks = await press(end, "Tick: ");
		expect(idOf(ticks)).toBe(idOf(second));
		expect(ticks.card.blocks).toContainEqual(expect.objectContaining({ type: "checklist", ticked: null }));
		// Without any grade there is no number to give.
		await say(`answer ${idOf(await say("practice 1"))} Something to say, in words of no answer at all.`);
		const stopped = await say("stop");
		expect(stopped.data).toMatchObject({ done: 0, recalled: 0 });
		expect(cardText(stopped.card)).toContain("Done in 1 minute. 1 answer is still to tick.");
	});

	test("a question in April names the wrong answer of March as the reason", async () => {
		const { data } = await say("random");
		await check(String(data?.id), "wrong");
		passDays(30);
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
			await check(idOf(reply), step === 2 ? "wrong" : "right");
			reply = await say("practice");
			expect(runOf(reply)?.index).toBe(step + 1);
		}
		expect(runOf(reply)).toEqual({ index: 4, of: 4, reason: "again" });
	});

	test("skip and stop, typed as they are pressed", async () => {
		const first = await say("practice 3");
		const second = await say("skip");
		expect([runOf(second)?.index, idOf(second) === idOf(first)]).toEqual([2, false]);
		await check(idOf(second), "right");
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
	for (const [index, id] of ids.entries()) await check(id, index < 3 ? "right" : "wrong");
	const back = new Set<string>();
	for (let day = 1; day <= 3; day += 1) {
		passDays(1);
		let reply = await say("practice due 20");
		while (runOf(reply)?.reason === "missed") {
			back.add(idOf(reply));
			reply = await press(await check(idOf(reply), "right"), "Next");
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
		const counted = await check(daily, "right");
		expect(cardText(counted.card)).toContain("This is today's question now, so your answer counts for it.");
		expect(counted.data).toMatchObject({ counted: true });
		expect(idOf(second)).not.toBe("");
	});
});
