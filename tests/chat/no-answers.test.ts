import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Call, Card, Form, Outcome, Reply } from "../../src/chat/card.ts";
import { reminderCard } from "../../src/chat/cards/notices.ts";
import {
	answerForm,
	checkCard,
	dailyCard,
	hintCard,
	questionCard,
	revealQuestionCard,
} from "../../src/chat/cards/question.ts";
import { type Command, defineCommand } from "../../src/chat/command.ts";
import { COMMANDS } from "../../src/chat/commands/index.ts";
import { choiceOption, optional, questionOption } from "../../src/chat/option.ts";
import type { Question } from "../../src/core/question/question.ts";
import { realQuestions } from "../support/bank.ts";
import { openChat } from "../support/chat.ts";
import { byEffort } from "../support/effort.ts";
import { leaks, secretsOf, sentences, shown } from "../support/secrets.ts";
import { callOptionsOf } from "../support/ways-of-command.ts";

const questions = await realQuestions();
const bank = [...questions.values()];

/** What might tell the right option from the others, except its letter and its text. */
function marksOfOptions(card: Card): unknown[] {
	return card.blocks.flatMap((block) =>
		block.type === "actions" ? block.buttons.map(({ label, style }) => ({ length: label.length, style })) : [],
	);
}

describe("the cards of every question", () => {
	test("has secrets, and the test would see them", () => {
		for (const question of bank) {
			expect(secretsOf(question).length).toBeGreaterThan(12);
			const [secret = ""] = sentences(question.answer);
			expect(leaks(question, { blocks: [{ text: `It is so. ${secret}` }] })).toContain(secret);
		}
	});

	test("an exhibit that contains the answer would be seen", () => {
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
	])("%s shows no answer", (_name, make) => {
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

/** How often to look at replies of a command without a question, since it may choose one at random. */
const TIMES = 3;
/** Cards are checked for every question, above; commands only for one question in this many. */
const ONE_QUESTION_OF = byEffort({ test: 20, ci: 1, full: 1 });
const sampledQuestions = bank.filter((_, index) => index % ONE_QUESTION_OF === 0);
/** Each question is asked in one way, the next in another; in full, each in all ways. */
const IN_EVERY_WAY = byEffort({ test: false, ci: false, full: true });

/** Whether a command with these options makes an attempt or a reveal, instead of only preparing it. */
const isGiven = ({ name, showsAnswer, opensForm }: Command, options: Call["options"]) =>
	showsAnswer && !opensForm({ command: name, options });

/** Shorter secrets may occur in another question's prompt by chance. */
const LONG_OPTION = 30;
interface Secret {
	readonly id: string;
	readonly secret: string;
}
/** Every question's long secrets by their first characters, since thousands are looked for in thousands of replies. */
const byBeginning = new Map<string, Secret[]>();
for (const question of bank)
	for (const secret of secretsOf(question).filter(({ length }) => length >= LONG_OPTION)) {
		const beginning = secret.slice(0, LONG_OPTION);
		byBeginning.set(beginning, [...(byBeginning.get(beginning) ?? []), { id: question.id, secret }]);
	}

function secretsIn(value: unknown): Secret[] {
	const text = shown(value);
	const found = new Set<Secret>();
	for (let at = 0; at + LONG_OPTION <= text.length; at += 1)
		for (const entry of byBeginning.get(text.slice(at, at + LONG_OPTION)) ?? [])
			if (text.startsWith(entry.secret, at)) found.add(entry);
	return [...found];
}

const lineOf = ({ id, secret }: Secret) => `${id}: ${secret}`;
const leaksOfAny = (value: unknown): string[] => secretsIn(value).map(lineOf);

/** The same for a reply that shows one question's answer, which may share words with another's. */
function leaksBeside(question: Question, value: unknown): string[] {
	const own = shown(question);
	return secretsIn(value)
		.filter(({ id, secret }) => id !== question.id && !own.includes(secret))
		.map(lineOf);
}

type Chat = Awaited<ReturnType<typeof openChat>>;

/** A chat with an open daily question. */
async function openDaily(commands: readonly Command[] = COMMANDS): Promise<Chat> {
	const chat = await openChat({ commands });
	const added = { command: "schedule add", options: { time: "09:00" } };
	await chat.dispatcher.run(chat.caller("boss", true), added);
	chat.clock.moveTo(new Date("2027-03-08T09:00:00Z"));
	await chat.daily.run();
	return chat;
}

/** Whether every schedule of the workspace is active. */
async function asksDaily({ store }: Chat): Promise<boolean> {
	const home = await store.people.findWorkspace("terminal", "home");
	const schedules = home ? await store.schedules.list(home.id) : [];
	return schedules.length > 0 && schedules.every(({ state }) => state === "active");
}

/** What a command gives away to members who have neither attempted nor revealed anything. */
async function leaksOfCommand(chat: Chat, command: Command): Promise<string[]> {
	const asks = Object.values(command.options).some(({ kind }) => kind === "question");
	const found = new Set<string>();
	for (const [place, question] of (asks ? sampledQuestions : bank.slice(0, TIMES)).entries()) {
		const calls = callOptionsOf(command, question);
		for (const options of asks && !IN_EVERY_WAY ? calls.slice(place % calls.length).slice(0, 1) : calls) {
			const given = isGiven(command, options);
			// A command that shows its own question's answer need not be checked for every question.
			if (given && place >= TIMES * calls.length) continue;
			// A new member each time, who has been shown nothing.
			const caller = chat.caller(crypto.randomUUID(), command.admin);
			const outcome = await chat.dispatcher.run(caller, { command: command.name, options });
			for (const leak of given ? leaksBeside(question, outcome) : leaksOfAny(outcome)) found.add(leak);
			if (!given && asks) for (const leak of leaks(question, outcome)) found.add(`${question.id}: ${leak}`);
		}
	}
	return [...found];
}

describe("every command's reply before an attempt or a reveal", () => {
	let chat: Chat;
	beforeAll(async () => {
		chat = await openDaily();
	});
	afterAll(() => chat.close());

	test.each(COMMANDS.map((command) => ({ command })))("$command.name shows no answer", async ({ command }) => {
		expect(await leaksOfCommand(chat, command)).toEqual([]);
		expect(chat.faults).toEqual([]);
		// Some commands pause or end the daily question, and the next one needs an open one.
		if (await asksDaily(chat)) return;
		await chat.close();
		chat = await openDaily();
	});
});

describe("a new command", () => {
	const [one, other] = bank;
	const card = (text: string): Reply => ({
		card: { tone: "plain", title: "A tip", blocks: [{ type: "text", text }] },
	});
	const planted = [
		defineCommand({
			name: "planted tip",
			summary: "Planted: a trap's correction of a question that chance chose",
			options: {},
			example: "planted tip",
			run: async () => card(`By the way: ${one?.traps[0]?.correction}`),
		}),
		defineCommand({
			name: "planted traps",
			summary: "Planted: the traps of a question, before it is answered",
			options: { question: questionOption("Its id") },
			example: "planted traps kv-cache",
			run: async (_context, { question }) => card(questions.get(question)?.traps[0]?.correction ?? ""),
		}),
		defineCommand({
			name: "planted peek",
			summary: "Planted: an answer that shows with one choice alone",
			options: { depth: optional(choiceOption("How much", ["little", "all"])) },
			example: "planted peek",
			run: async (_context, { depth }) => card(depth === "all" ? (other?.answer ?? "") : "Not yet."),
		}),
	];
	let chat: Chat;
	beforeAll(async () => {
		chat = await openDaily([...COMMANDS, ...planted]);
	});
	afterAll(() => chat.close());

	test.each(planted.map((command) => ({ command })))(
		"that gives an answer away is found without being listed here: $command.name",
		async ({ command }) => {
			expect((await leaksOfCommand(chat, command)).length).toBeGreaterThan(0);
		},
	);
});

describe("before an attempt or a reveal", () => {
	let chat: Chat;
	beforeAll(async () => {
		chat = await openDaily();
	});
	afterAll(() => chat.close());

	const run = (name: string, command: string, options: Call["options"]): Promise<Outcome> =>
		chat.dispatcher.run(chat.caller(name), { command, options });
	const isError = (outcome: Outcome) => outcome.type === "reply" && outcome.reply.card.tone === "error";

	test("a search by an answer's words finds the question, but shows none of them in their order", async () => {
		for (const { answer } of sampledQuestions) {
			// What a member types may come back, so search for the answer's words in another order.
			const words = answer.split(/\s+/).slice(0, 20).reverse().join(" ").slice(0, 200);
			expect(leaksOfAny(await run("ben", "search", { words }))).toEqual([]);
		}
	});

	test("a refusal shows no answer", async () => {
		for (const { id } of sampledQuestions)
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

	test.each(["show", "check", "hint", "answer"])(
		"%s of today's question and of the last one shown",
		async (command) => {
			for (const question of ["today", "last"]) {
				const outcome = await run("cid", command, { question });
				expect(isError(outcome)).toBe(false);
				expect(leaksOfAny(outcome)).toEqual([]);
			}
		},
	);

	test("the daily post, and its count after others have answered", async () => {
		await run("dan", "answer", { question: "today", text: "An honest attempt, in my own words." });
		chat.clock.moveTo(new Date("2027-03-08T09:01:00Z"));
		await chat.daily.run();
		expect(chat.platform.posts.map(({ to }) => to.type)).toEqual(["channel"]);
		expect(chat.platform.edits).toHaveLength(1);
		expect(leaksOfAny([chat.platform.posts, chat.platform.edits])).toEqual([]);
		expect(chat.faults).toEqual([]);
	});

	test("after an attempt, and after a reveal, the answer is shown", async () => {
		for (const [name, command, options] of [
			["eve", "answer", { question: "kv-cache", text: "It keeps keys and values." }],
			["fay", "check", { question: "kv-cache", option: "A" }],
			["gus", "reveal", { question: "kv-cache" }],
		] as const) {
			const question = questions.get("kv-cache");
			const first = await run(name, command, options);
			const answered =
				command === "reveal" ? first : await run(name, "compare", { question: "kv-cache", part: "strong" });
			const found = question ? leaks(question, answered) : [];
			expect(found).toEqual(expect.arrayContaining(sentences(question?.answer ?? "").slice(0, 3)));
		}
	});
});
