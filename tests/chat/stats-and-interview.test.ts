import { describe, expect, test } from "vitest";
import * as z from "zod";
import type { Card } from "../../src/chat/card.ts";
import { cardText } from "../../src/chat/text.ts";
import { rightOption } from "../../src/core/question/question.ts";
import { chat, me, openChatWithMemberForEachTest, replyOf, say } from "../support/practice/chat-of-members.ts";

openChatWithMemberForEachTest();

/** Answers the quick check of questions; every third one wrong. */
async function practised(count: number): Promise<void> {
	for (const [index, question] of chat.bank.all().slice(0, count).entries()) {
		const right = rightOption(question);
		await say(`check ${question.id} ${index % 3 === 0 ? (right === "A" ? "B" : "A") : right}`);
	}
}

/** The figures above the map of recall. */
const figuresIn = ({ blocks }: Card) =>
	blocks.flatMap((block) =>
		block.type === "picture" && block.picture.type === "recall-map" ? [...block.picture.figures] : [],
	);

describe("statistics", () => {
	test("say how much would be recalled today, and on the day of the interview at the set pace", async () => {
		await practised(12);
		chat.clock.moveTo(new Date("2027-03-12T08:00:00Z"));
		const before = await say("stats");
		expect(before.data?.memory).toMatchObject({ recallThen: null, date: null });
		expect(cardText(before.card)).toMatch(/Today you would recall about \d+ of \d+\./);
		await say("settings interview 2027-06-12 5");
		const { card, data } = await say("stats");
		const memory = data?.memory as { due: number; recallNow: number; recallThen: number; date: string };
		expect(memory.date).toBe("2027-06-12");
		expect(memory.recallThen).toBeGreaterThan(memory.recallNow);
		expect(cardText(card)).toMatch(/Today you would recall about \d+ of \d+; on 12 June, at 5 a day, about \d+\./);
		expect(memory.due).toBeGreaterThan(0);
		expect(figuresIn(card)).toEqual([
			{ name: "Today", value: `about ${Math.round(memory.recallNow)}`, note: `of ${chat.bank.all().length} questions` },
			{ name: "On 12 June", value: `about ${Math.round(memory.recallThen)}`, note: "at 5 a day" },
		]);
		expect(figuresIn(before.card)).toHaveLength(1);
		expect(figuresIn((await say("stats transformers")).card)).toEqual([]);
	});

	test("have a separate line for the workspace's own questions, which count towards nothing else", async () => {
		await practised(6);
		const before = (await say("stats")).data?.memory as { recallNow: number };
		await chat.dispatcher.run(chat.caller("boss", true), {
			command: "questions add",
			options: {
				title: "Our deploy freeze",
				prompt: "When do we freeze deploys, and why?",
				answer: "On Fridays at noon, so that nobody is paged on a weekend.",
				options: "* Fridays at noon\nMondays at nine\nNever at all\nOn any holiday",
			},
		});
		expect(cardText((await say("stats")).card)).not.toContain("own questions:");
		await say("check ours/1 A");
		const { card, data } = await say("stats");
		expect(cardText(card)).toContain(
			`Today you would recall about ${Math.round(before.recallNow)} of ${chat.bank.all().length}.`,
		);
		expect(cardText(card)).toContain("Of your own questions: about 1 of 1.");
		expect(data?.memory).toMatchObject({ recallNow: before.recallNow });
		await say("settings interview 2027-06-12 5");
		expect(cardText((await say("stats")).card)).toMatch(/own questions: about 1 of 1; on 12 June, about 1\./);
	});

	test("name what comes next with the reason, and a button practises it", async () => {
		await practised(12);
		chat.clock.moveTo(new Date("2027-04-12T08:00:00Z"));
		const { card } = await say("stats");
		expect(cardText(card)).toMatch(/Practise next[\s\S]*you (missed|knew) this in March/);
		const buttons = card.blocks.flatMap((block) => (block.type === "actions" ? block.buttons : []));
		const press = buttons.find(({ label }) => label.startsWith("Practise: 12 questions due"));
		if (!press) throw new Error(buttons.map(({ label }) => label).join());
		const run = replyOf(await chat.dispatcher.run(chat.caller(me), press.call));
		expect(run.data?.run).toMatchObject({ index: 1, of: 5 });
		for (const { call } of buttons.filter(({ label }) => label.startsWith("Practise ")))
			expect(replyOf(await chat.dispatcher.run(chat.caller(me), call)).card.tone).not.toBe("error");
	});

	test("what was missed today neither looks firm nor counts as recalled today", async () => {
		const [question] = chat.bank.all();
		if (!question) throw new Error("no question");
		await say(`check ${question.id} ${rightOption(question) === "A" ? "B" : "A"}`);
		const { card, data } = await say("stats");
		expect(data?.memory).toMatchObject({ recallNow: 0 });
		const pictures = card.blocks.flatMap((block) => (block.type === "picture" ? block.picture : []));
		const marks = pictures.flatMap((picture) => (picture.type === "recall-map" ? picture.groups : []));
		expect(new Set(marks.flatMap((group) => group.marks))).toEqual(new Set(["slipping", "unmet"]));
		// From the next day on, the prediction counts again.
		chat.clock.moveTo(new Date("2027-03-09T08:00:00Z"));
		const { recallNow } = z.object({ recallNow: z.number() }).parse((await say("stats")).data?.memory);
		expect(recallNow).toBeGreaterThan(0.3);
	});

	test("grades that the interview brings to one date are named alone, with the reason", async () => {
		await say("settings interview 2027-03-09 3");
		const id = chat.bank.all()[1]?.id;
		await say(`answer ${id} It keeps the keys and values of earlier tokens.`);
		const text = cardText((await say(`rate ${id}`)).card);
		expect(text).toContain("Whatever you choose, it returns by your interview.");
		expect(cardText((await say("settings interview 2027-03-08")).card)).not.toContain("no question comes back later");
	});

	test("a member without any answer has nothing to recall", async () => {
		await say("settings interview 2027-06-12");
		expect((await say("stats")).card.title).toBe("No statistics yet");
	});
});

describe("the interview date", () => {
	test.each([
		["settings interview 2027-03-07", "is in the past"],
		["settings interview 2028-03-08", "is more than a year ahead"],
		["settings interview 2027-02-30", "is not a date"],
		["settings interview 2027-06-12 0", "is not a number from 1 to 20"],
		["settings interview 2027-06-12 21", "is not a number from 1 to 20"],
	])("%s is refused, and says why", async (text, message) => {
		const refused = async () => cardText((await say(text)).card);
		expect(await refused().catch(String)).toContain(message);
		expect((await say("settings")).data).toMatchObject({ interviewOn: null });
	});

	test.each([
		["thursday", "2027-03-11"],
		["Mon", "2027-03-15"],
		["tomorrow", "2027-03-09"],
	])("%s is the next such day", async (word, date) => {
		await say(`settings interview ${word}`);
		expect((await say("settings")).data).toMatchObject({ interviewOn: date });
		await say("settings interview off");
	});

	test("limits when questions come back, is cleared once it is over, and is removed by `off`", async () => {
		await say("settings interview 2027-03-10 3");
		await practised(2);
		expect((await say("settings")).data).toMatchObject({ interviewOn: "2027-03-10" });
		chat.clock.moveTo(new Date("2027-03-10T08:00:00Z"));
		const { card, data } = await say("stats");
		expect(data?.memory).toMatchObject({ due: 2, date: "2027-03-10" });
		expect(cardText(card)).toMatch(/Your interview is today\. You would recall about \d+ of \d+\./);
		chat.clock.moveTo(new Date("2027-03-11T08:00:00Z"));
		expect((await say("stats")).data?.memory).toMatchObject({ date: null, recallThen: null });
		await say("settings interview off");
		expect((await say("settings")).data).toMatchObject({ interviewOn: null });
	});
});
