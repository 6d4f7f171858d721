import { readFileSync } from "node:fs";
import { expect, onTestFinished, test } from "vitest";
import type { Call } from "../../src/chat/card.ts";
import { COMMANDS } from "../../src/chat/commands/index.ts";
import { readCommand } from "../../src/chat/grammar.ts";
import { cardText } from "../../src/chat/text.ts";
import { KeepingPlatform, openChat } from "../support/chat.ts";

/** The code of docs/admins.md, in its order. */
const CODE = [...readFileSync("docs/admins.md", "utf8").matchAll(/`([^`\n]+)`/g)].map(([, code = ""]) => code);
const LINES = CODE.filter((code) => code.startsWith("/nlpq ")).map((code) =>
	code.slice("/nlpq ".length).replace("<member>", "ana"),
);
/** Of commands; a scope of Slack looks alike. */
const SETTINGS = CODE.filter((code) => /^(?!channels:|groups:|files:)[a-z]+:[a-z]*$/.test(code));

class KeepingDiscord extends KeepingPlatform {
	readonly nativeCommands = true;
}

async function open(platform: KeepingPlatform) {
	const chat = await openChat({ platform });
	onTestFinished(() => chat.close());
	const run = async (name: string, call: Call | string) => {
		const given = typeof call === "string" ? readCommand(call, COMMANDS) : call;
		const outcome = await chat.dispatcher.run(chat.caller(name, name === "boss"), given);
		await chat.daily.run();
		expect(chat.faults).toEqual([]);
		return outcome;
	};
	const read = async (name: string, call: Call | string) => {
		const outcome = await run(name, call);
		if (outcome.type === "form") throw new Error("a form came instead of a reply");
		return { ...outcome.reply, text: cardText(outcome.reply.card) };
	};
	const importing = (text: string) => read("boss", { command: "questions import", options: { text } });
	return { chat, run, read, importing };
}

/** As many of its own questions as the page names. */
const TWELVE = `question,answer\n${Array.from({ length: 12 }, (_, row) => `What is rule ${row}?,It is ${row}.`).join("\n")}\n`;

test.each([
	["Discord", () => new KeepingDiscord("discord")],
	["Slack", () => new KeepingPlatform("slack")],
])("every command of the admins' page works as it stands there, on %s", async (_name, platform) => {
	const { run, read, importing } = await open(platform());
	await read("ana", "help");
	await read("boss", {
		command: "questions import",
		options: { confirm: String((await importing(TWELVE)).data?.import) },
	});
	expect(LINES.length).toBeGreaterThan(20);
	for (const line of LINES) {
		const outcome = await run("boss", line);
		if (outcome.type === "reply") expect(cardText(outcome.reply.card), line).not.toBe("");
		expect(outcome.type === "form" ? "form" : outcome.reply.card.tone, line).not.toBe("error");
	}
});

test("every option that the admins' page names is one, with that value", () => {
	expect(SETTINGS.length).toBeGreaterThan(8);
	for (const setting of SETTINGS) {
		const [name = "", value = ""] = setting.split(":");
		const options = COMMANDS.flatMap((command) => command.options[name] ?? []);
		expect(options, setting).not.toEqual([]);
		if (value !== "") expect(() => options.map((option) => option.parse(value, new Date())), setting).not.toThrow();
	}
});

test("a schedule of own questions that are all retired says what is missing and how to go on", async () => {
	const { chat, read } = await open(new KeepingPlatform());
	await read("boss", {
		command: "questions add",
		options: { title: "One", prompt: "What is one?", answer: "It is one." },
	});
	const set = await read("boss", "schedule add 09:00 UTC daily source:ours");
	expect(set.text).toContain("There is 1 question of your own");
	expect(set.text).not.toContain("categories:all");
	await read("boss", "questions retire 1");
	const tested = await read("boss", "schedule test");
	expect(tested.card.tone).toBe("warning");
	expect(tested.text).toMatch(/It has no question to ask[\s\S]*source:both[\s\S]*9 Mar 2027/);
	chat.clock.moveTo(new Date("2027-03-08T09:00:00Z"));
	await chat.daily.run();
	const alert = chat.platform.posts.find(({ to }) => to.type === "admins")?.card;
	expect(alert?.title).toBe("No question of your own is left to ask");
	const buttons = alert?.blocks.flatMap((block) => (block.type === "actions" ? block.buttons : [])) ?? [];
	const [button] = buttons;
	expect(button?.label).toBe("Ask the bank's too");
	expect((await read("boss", button?.call ?? "")).card.tone).toBe("good");
	expect((await read("boss", "schedule test")).card.tone).toBe("good");
});

test("an import without faults speaks of none, and nothing to export gives no file", async () => {
	const { read, importing } = await open(new KeepingPlatform());
	const nothing = await read("boss", "questions export csv");
	expect(nothing.file).toBeUndefined();
	expect(nothing.text).toContain("There is nothing to export");
	expect((await importing(TWELVE)).text).not.toContain("faults");
});

test("a member's data hold suggestions and reports; forgetting takes those that wait, and the words", async () => {
	const { read } = await open(new KeepingPlatform());
	const parts = { title: "One", prompt: "What is one?", answer: "It is one.", points: "", options: "" };
	await read("ana", { command: "suggest", options: parts });
	await read("ana", "report kv-cache The figure is per layer.");
	const { file } = await read("ana", "settings export");
	expect(file?.content).toContain("What is one?");
	expect(file?.content).toContain("The figure is per layer.");
	await read("ana", "settings forget confirm:yes");
	expect((await read("boss", "questions waiting")).text).toContain("No suggestion waits");
	expect((await read("boss", "reports")).text).not.toContain("per layer");
});

test("at most fifty suggestions of a workspace wait; the next one is refused, and its text comes back", async () => {
	const { read } = await open(new KeepingPlatform());
	const parts = { title: "One", prompt: "What is one?", answer: "It is one.", points: "", options: "" };
	for (let number = 0; number < 50; number += 1)
		await read(`m${Math.floor(number / 5)}`, { command: "suggest", options: { ...parts, title: `Number ${number}` } });
	const refused = await read("late", { command: "suggest", options: parts });
	expect(refused.text).toContain("50 suggestions wait for the admins already. Nothing was sent.");
	expect(refused.text).toContain("What is one?");
});
