import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Block, Card, Text } from "../../src/chat/card.ts";
import { COMMANDS } from "../../src/chat/commands/index.ts";
import { readCommand } from "../../src/chat/grammar.ts";
import { withNativeCommands } from "../../src/chat/native-commands.ts";
import { textOf } from "../../src/chat/text.ts";
import { UserError } from "../../src/core/errors.ts";
import { randomQuestion } from "../../src/core/question/asking.ts";
import { Bank } from "../../src/core/question/bank.ts";
import { createServices } from "../../src/core/service/services.ts";
import { openChat } from "../support/chat.ts";
import { testRandom } from "../support/dice.ts";

let chat: Awaited<ReturnType<typeof openChat>>;
const at = (instant: string) => new Date(instant);

async function say(text: string, member = "root"): Promise<Card | "a form"> {
	const outcome = await chat.dispatcher.run(chat.caller(member, true), readCommand(text, COMMANDS));
	return outcome.type === "form" ? "a form" : outcome.reply.card;
}

async function goTo(instant: string): Promise<void> {
	chat.clock.moveTo(at(instant));
	await chat.daily.run();
}

/** A group in the middle of a week: a daily question is open, Ana has missed one, and everybody has seen one. */
async function beginAgain(): Promise<void> {
	chat = await openChat({ start: at("2026-12-28T08:00:00Z") });
	await say("schedule add 09:00 UTC daily");
	await goTo("2026-12-28T09:00:00Z");
	await say("answer today Attention weighs every token against every other.", "ana");
	for (const date of ["2026-12-29", "2026-12-30", "2026-12-31", "2027-01-01"]) await goTo(`${date}T09:00:00Z`);
	await say("random");
	await say("answer last Attention weighs every token against every other.");
	await goTo("2027-01-01T09:30:00Z");
}

describe("every example works", () => {
	beforeAll(beginAgain, 240_000);
	afterAll(() => chat.close());

	const README = readFileSync("README.md", "utf8");
	const written = [...README.matchAll(/`\/nlpq ([^`\n]+)`/g)].map(([, text = ""]) => text);
	const withoutPlaceholders = written.filter((text) => !/[<[|…]/.test(text));
	const examples = [...new Set([...COMMANDS.map(({ example }) => example), ...withoutPlaceholders])];
	// What needs a single schedule, or a question without answers, comes first; what ends something comes last.
	const place = (text: string) =>
		/schedule (post|repair)/.test(text) ? 0 : /schedule (remove|pause)|forget/.test(text) ? 2 : 1;

	/** Makes sure that an example's report 3 exists and is open. */
	async function withReport(example: string): Promise<string> {
		if (!example.startsWith("reports ") || !/ 3\b/.test(example)) return example;
		const [question] = chat.bank.all().slice(example.length);
		const report = readCommand(`report ${question?.id} The figure is per layer.`, COMMANDS);
		const outcome = await chat.dispatcher.run(chat.caller("ana", false), report);
		const number = outcome.type === "reply" ? outcome.reply.data?.report : undefined;
		return example.replace(/ 3\b/, ` ${number}`);
	}

	/**
	 * Makes sure that an example's question 12 exists, or waits for a decision if that is what the example is about.
	 */
	async function withOwn(example: string): Promise<string> {
		const [, verb = ""] = /^questions (show|edit|retire|accept|decline) 12\b/.exec(example) ?? [];
		if (verb === "") return example;
		const isSuggested = ["accept", "decline"].includes(verb);
		const options = { title: `About ${verb}`, prompt: `When do we ${verb}?`, answer: "On Fridays at noon." };
		const call = { command: isSuggested ? "suggest" : "questions add", options };
		const outcome = await chat.dispatcher.run(chat.caller(isSuggested ? "ana" : "root", !isSuggested), call);
		const number = outcome.type === "reply" ? outcome.reply.data?.question : undefined;
		return example.replace(/\b12\b/, `${number}`);
	}

	/** Makes it uncertain whether today's question arrived. */
	const mayNotHaveArrived = () =>
		chat.store.transaction(async ({ occurrences }) => {
			const today = await occurrences.ofDate(1, "2027-01-01");
			await occurrences.change(today?.id ?? 0, { state: "unknown", messageId: null });
		});

	/** Makes an example's file readable here. */
	const readFile = async () => new TextEncoder().encode("title,prompt,answer\nFreeze,When do we freeze?,On Fridays.\n");

	test.each(examples.toSorted((one, other) => place(one) - place(other)))("/nlpq %s", async (example) => {
		if (example.startsWith("rate today") || example.startsWith("share today"))
			await say("answer today Attention weighs every token against every other.");
		if (example.startsWith("schedule settle")) await mayNotHaveArrived();
		if (example.startsWith("schedule resume")) await say("schedule pause 1");
		if (["next", "skip", "stop"].includes(example)) await say("practice 3");
		if (example.startsWith("questions import")) Object.assign(chat.platform, { readFile });
		const card = await say(await withOwn(await withReport(example)));
		if (card === "a form") return;
		expect([card.title, card.blocks[0]], example).not.toEqual([card.title, expect.objectContaining({ tone: "error" })]);
		expect(card.tone, `${card.title}: ${JSON.stringify(card.blocks)}`).not.toBe("error");
		expect(card.title).not.toMatch(/^Nothing found|^There is no/);
	});
});

/** The commands named in the program's own texts, with placeholders where a text fills something in. */
function commandsInSource(): { file: string; text: string }[] {
	const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
	return files.flatMap((file) =>
		[...readFileSync(join("src", file), "utf8").matchAll(/`\/nlpq(?: (?:\$\{[^}]*\}|[^`\n])*?)?\\?`/g)].flatMap(
			([span]) => {
				const text = span.replaceAll("\\`", "`").replace(/\$\{[^}]*(number|Number|id)[^}]*\}/g, "1");
				return text.includes("${") || text.includes("…") ? [] : [{ file, text }];
			},
		),
	);
}

describe("the program's texts", () => {
	const native = { commands: COMMANDS, id: "17" };
	const shown = (text: string): Text => {
		const [block] = withNativeCommands({ tone: "plain", title: "", blocks: [{ type: "text", text }] }, native).blocks;
		return (block as Extract<Block, { type: "text" }>).text;
	};

	test("are many", () => expect(commandsInSource().length).toBeGreaterThan(20));

	test.each(commandsInSource())("name a command that exists, with options that it has: $text ($file)", ({ text }) => {
		const [inline] = [shown(text)].flat();
		if (typeof inline === "string") expect(inline).toMatch(/^`\/nlpq`?$/);
		else if (inline?.type === "command") {
			const options = COMMANDS.find(({ name }) => name === inline.name)?.options ?? {};
			for (const part of inline.options.match(/(?:^| )[a-z]+:/g) ?? [])
				expect(Object.keys(options)).toContain(part.trim().slice(0, -1));
			if (inline.options !== "") expect(inline.options).toMatch(/^[a-z]+:/);
		} else expect(inline?.type).toBe("strong");
	});

	test("name options where commands are native, and the button of what can only be typed", () => {
		expect(shown("Then `/nlpq schedule resume 5`.")).toEqual([
			"Then ",
			{ type: "command", name: "schedule resume", id: "17", options: "schedule:5" },
			".",
		]);
		expect(textOf(shown("`/nlpq schedule add 09:00 Europe/Berlin weekdays`"))).toBe(
			"/nlpq schedule add time:09:00 zone:Europe/Berlin weekdays:weekdays",
		);
		expect(textOf(shown("`/nlpq schedule edit <number> time:10:00`"))).toBe(
			"/nlpq schedule edit schedule:<number> time:10:00",
		);
		expect(shown("`/nlpq answer today <text>` first")).toEqual([{ type: "strong", text: "Answer" }, " first"]);
		expect(textOf(shown("Nothing of ours: `pip install nlpq`"))).toBe("Nothing of ours: pip install nlpq");
	});
});

test("a category and difficulty without questions are answered with a pair that has some, and with all that do", async () => {
	chat = await openChat();
	const others = chat.bank
		.all()
		.filter(({ category, difficulty }) => `${category} ${difficulty}` !== "transformers basic");
	const bank = new Bank(new Map(others.map((question) => [question.id, question])));
	const services = createServices(chat.store, bank, testRandom());
	const now = chat.clock.now();
	const workspace = await chat.store.people.ensureWorkspace("terminal", "home", "home", now);
	const member = await chat.store.people.ensureMember(workspace.id, "ana", "ana", now);
	const asker = { workspace, member, channelId: null };
	const filter = { categories: ["transformers"], difficulties: ["basic"] };
	const refusal = await randomQuestion(services, asker, filter, now).catch((error: unknown) => error);
	if (!(refusal instanceof UserError)) throw new Error("a question was found");
	const [, category = "", difficulty = ""] = /\/nlpq random ([a-z-]+) ([a-z]+)`/.exec(refusal.remedy) ?? [];
	expect(bank.matching({ categories: [category], difficulties: [difficulty] }).length).toBeGreaterThan(0);
	expect(refusal.remedy).toMatch(/`transformers` has (intermediate, advanced|advanced, intermediate)\./);
	expect(refusal.remedy).toContain("`basic` questions are in ");
	await chat.close();
});
