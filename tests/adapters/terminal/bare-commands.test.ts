import { afterAll, beforeAll, expect, test } from "vitest";
import { withBareCommands } from "../../../src/adapters/terminal/bare-commands.ts";
import { renderCard } from "../../../src/adapters/terminal/layout/render.ts";
import type { Card } from "../../../src/chat/card.ts";
import { COMMANDS } from "../../../src/chat/commands/index.ts";
import { readCommand } from "../../../src/chat/grammar.ts";
import { openChat } from "../../support/chat.ts";

let chat: Awaited<ReturnType<typeof openChat>>;
beforeAll(async () => {
	chat = await openChat();
}, 240_000);
afterAll(() => chat.close());

/** What a command shows in the terminal, and what it is written as. */
async function shown(text: string, start: "" | "nlpq " = ""): Promise<string> {
	const outcome = await chat.dispatcher.run(chat.caller("ana", true), readCommand(text, COMMANDS));
	if (outcome.type === "form") return "";
	return renderCard(withBareCommands(outcome.reply.card, start), { columns: 10_000, hasColours: false });
}

test("the terminal's texts name commands as they are typed: help, remedies and examples, of every command", async () => {
	const texts = ["help", ...COMMANDS.flatMap(({ name, example }) => [`help ${name}`, example])];
	const named = new Set<string>();
	for (const text of texts) {
		const reply = await shown(text);
		expect(reply, text).not.toContain("/nlpq");
		for (const [, name = ""] of reply.matchAll(/`([a-z]+ ?[a-z]*)[^`]*`/g)) named.add(name.trim());
	}
	for (const { name } of COMMANDS) expect(named).toContain(name);
	expect(await shown("help random")).toMatch(/^random\n\n/);
	expect(await shown("history", "nlpq ")).toContain("Your first answer will appear here: `nlpq today`");
});

test("a member's own words are left as they are", () => {
	const words = "I typed `/nlpq today` and /nlpq help.";
	const card: Card = { tone: "plain", title: "Compare", blocks: [{ type: "quote", text: words }] };
	expect(withBareCommands(card, "")).toEqual(card);
});
