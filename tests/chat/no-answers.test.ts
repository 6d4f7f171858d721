import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { loadQuestionFiles } from "../../src/adapters/files/bank.ts";
import type { Call, Card, Form, Outcome } from "../../src/chat/card.ts";
import { reminderCard } from "../../src/chat/cards/notices.ts";
import {
	answerForm,
	checkCard,
	dailyCard,
	hintCard,
	questionCard,
	revealQuestionCard,
} from "../../src/chat/cards/question.ts";
import type { Question } from "../../src/core/question.ts";
import { openChat } from "../support/chat.ts";

const { questions } = await loadQuestionFiles("questions");
const bank = [...questions.values()];

/** Text as it is compared: in lower case, blanks as one. */
const plain = (text: string) => text.toLowerCase().replace(/\s+/g, " ").trim();

const sentences = (text: string) =>
	text
		.split(/(?<=[.!?])\s+|\n+/)
		.map(plain)
		.filter((sentence) => sentence.length >= 15);

/** What must not be seen of a question before an attempt or a reveal. */
function secretsOf(question: Question): string[] {
	const { answer, key_points, traps, mcq, follow_ups } = question;
	return [
		...sentences(answer),
		...key_points.map((point) => plain(point.label)),
		...traps.map((trap) => plain(trap.correction)),
		...mcq.options.map((option) => plain(option.why)),
		plain(mcq.explanation),
		...sentences(mcq.explanation),
		...follow_ups.map((next) => plain(next.a)),
	];
}

/** Every string of a card, a form or a reply's facts, labels and values of buttons too. */
function shown(value: unknown): string {
	if (typeof value === "string") return `${plain(value)}\n`;
	return typeof value === "object" && value !== null ? Object.values(value).map(shown).join("") : "";
}

/** Which secrets of a question something gives away. */
function leaks(question: Question, value: unknown): string[] {
	const text = shown(value);
	return secretsOf(question).filter((secret) => text.includes(secret));
}

/** How the right option could be told apart from the others: by anything but its letter and its text. */
function marksOfOptions(card: Card): unknown[] {
	return card.blocks.flatMap((block) =>
		block.type === "actions" ? block.buttons.map(({ label, style }) => ({ length: label.length, style })) : [],
	);
}

describe("the cards of every question", () => {
	test("there is something to keep back, and it would be seen", () => {
		for (const question of bank) {
			expect(secretsOf(question).length).toBeGreaterThan(12);
			const [secret = ""] = sentences(question.answer);
			expect(leaks(question, { blocks: [{ text: `It is so. ${secret}` }] })).toContain(secret);
		}
	});

	test("an exhibit that holds the answer would be seen", () => {
		for (const question of bank.slice(0, 3)) {
			const [secret = ""] = sentences(question.answer);
			expect(leaks(question, questionCard({ ...question, exhibit: `log:\n${secret}` }))).toContain(secret);
		}
	});

	test.each<[name: string, make: (question: Question) => Card | Form]>([
		["as it is asked", questionCard],
		["the daily post", (question) => dailyCard(question, 17, 3)],
		["the quick check", checkCard],
		["the hint", hintCard],
		["the form for an answer", answerForm],
		["what asks before a reveal", revealQuestionCard],
		["the reminder", (question) => reminderCard(question.title, question.id)],
	])("%s gives nothing away", (_name, make) => {
		expect(
			bank.flatMap((question) => leaks(question, make(question)).map((secret) => `${question.id}: ${secret}`)),
		).toEqual([]);
	});

	test("the buttons of the quick check are all alike", () => {
		for (const question of bank) {
			const marks = marksOfOptions(checkCard(question));
			expect(marks).toHaveLength(4);
			expect(new Set(marks.map((mark) => JSON.stringify(mark))).size).toBe(1);
		}
	});
});

describe("what the program replies before an attempt or a reveal", () => {
	let chat: Awaited<ReturnType<typeof openChat>>;

	beforeAll(async () => {
		chat = await openChat();
		await run("ana", "schedule add", { time: "09:00" }, true);
		chat.clock.moveTo(new Date("2027-03-08T09:00:00Z"));
		await chat.daily.run();
	});
	afterAll(() => chat.close());

	function run(name: string, command: string, options: Call["options"], admin = false): Promise<Outcome> {
		return chat.dispatcher.run(chat.caller(name, admin), { command, options });
	}

	const isError = (outcome: Outcome) => outcome.type === "reply" && outcome.reply.card.tone === "error";

	/** Long secrets of every question: short ones may stand in another question's prompt by chance. */
	const all = bank.flatMap((question) =>
		secretsOf(question)
			.filter((secret) => secret.length >= 30)
			.map((secret) => ({ id: question.id, secret })),
	);

	function leaksOfAny(value: unknown): string[] {
		const text = shown(value);
		return all.filter(({ secret }) => text.includes(secret)).map(({ id, secret }) => `${id}: ${secret}`);
	}

	test.each<[command: string, options: (question: Question) => Call["options"]]>([
		["show", ({ id }) => ({ question: id })],
		["check", ({ id }) => ({ question: id })],
		["hint", ({ id }) => ({ question: id })],
		["answer", ({ id }) => ({ question: id })],
		["report", ({ id }) => ({ question: id })],
		["search", ({ title }) => ({ words: title })],
		// What a member types may come back; so the answer's words are sought in another order.
		["search", ({ answer }) => ({ words: answer.split(/\s+/).slice(0, 20).reverse().join(" ").slice(0, 200) })],
	])("%s, for every question", async (command, options) => {
		const found: string[] = [];
		for (const question of bank) {
			const outcome = await run("ben", command, options(question));
			expect(`${question.id} ${isError(outcome)}`).toBe(`${question.id} false`);
			found.push(...leaksOfAny(outcome), ...leaks(question, outcome));
		}
		expect(found).toEqual([]);
	});

	test("what is refused gives nothing away either", async () => {
		for (const { id } of bank)
			for (const [command, options] of [
				["rate", { question: id, points: "1" }],
				["share", { question: id }],
				["answer", { question: id, text: " " }],
				["answer", { question: id, text: "x".repeat(5000) }],
				["check", { question: id, option: "E" }],
			] as const) {
				const outcome = await run("ben", command, options);
				expect(`${command} ${id} ${isError(outcome)}`).toBe(`${command} ${id} true`);
				expect(leaksOfAny(outcome)).toEqual([]);
			}
	});

	test.each<[command: string, options: Call["options"]]>([
		["today", {}],
		["random", {}],
		["random", { category: "transformers", difficulty: "advanced" }],
		["show", { question: "today" }],
		["show", { question: "last" }],
		["check", { question: "today" }],
		["hint", { question: "today" }],
		["answer", { question: "today" }],
		["reveal", { question: "today", ask: "yes" }],
		["streak", {}],
		["leaderboard", {}],
		["stats", {}],
		["history", {}],
		["help", {}],
		["settings show", {}],
	])("%s %j", async (command, options) => {
		const outcome = await run("cid", command, options);
		expect(isError(outcome)).toBe(false);
		expect(leaksOfAny(outcome)).toEqual([]);
	});

	test("the daily post, and its count after others have answered", async () => {
		await run("dan", "answer", { question: "today", text: "An honest attempt." });
		chat.clock.moveTo(new Date("2027-03-08T09:01:00Z"));
		await chat.daily.run();
		expect(chat.platform.posts.map(({ to }) => to.type)).toEqual(["channel"]);
		expect(chat.platform.edits).toHaveLength(1);
		expect(leaksOfAny([chat.platform.posts, chat.platform.edits])).toEqual([]);
		expect(chat.faults).toEqual([]);
	});

	test("after an attempt, and after a reveal, the answer is there", async () => {
		for (const [name, command, options] of [
			["eve", "answer", { question: "kv-cache", text: "It keeps keys and values." }],
			["fay", "check", { question: "kv-cache", option: "A" }],
			["gus", "reveal", { question: "kv-cache" }],
		] as const) {
			const question = questions.get("kv-cache");
			const found = question ? leaks(question, await run(name, command, options)) : [];
			expect(found).toEqual(expect.arrayContaining(sentences(question?.answer ?? "").slice(0, 3)));
		}
	});
});
