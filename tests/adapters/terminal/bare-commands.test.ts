import stringWidth from "string-width";
import { afterAll, beforeAll, expect, test } from "vitest";
import { actionsOf } from "../../../src/adapters/terminal/actions.ts";
import { withBareCommands } from "../../../src/adapters/terminal/bare-commands.ts";
import { renderActions, renderCard } from "../../../src/adapters/terminal/layout/render.ts";
import type { Card } from "../../../src/chat/card.ts";
import { COMMANDS } from "../../../src/chat/commands/index.ts";
import { readCommand } from "../../../src/chat/grammar.ts";
import { openChat } from "../../support/chat.ts";
import { byEffort } from "../../support/effort.ts";

const every = Array.from({ length: 181 }, (_, index) => 20 + index);
const WIDTHS = byEffort({ test: [20, 31, 80, 200], ci: every.filter((columns) => columns % 7 === 0), full: every });

let chat: Awaited<ReturnType<typeof openChat>>;
beforeAll(async () => {
	chat = await openChat();
}, 240_000);
afterAll(() => chat.close());

/** What a command shows in the terminal, and what it is written as. */
async function shown(text: string, start: "" | "nlpq " = ""): Promise<string> {
	const outcome = await chat.dispatcher.run(chat.caller("ana", true), readCommand(text, COMMANDS));
	if (outcome.type === "form") return "";
	const card = withBareCommands(outcome.reply.card, start);
	// What was typed is given back unwrapped, so that it can be copied.
	const wrapped = { ...card, blocks: card.blocks.filter(({ type }) => type !== "typed") };
	for (const columns of WIDTHS) {
		const layout = { columns, hasColours: false };
		const lines = `${renderCard(wrapped, layout)}\n${renderActions(actionsOf(card), layout)}`.split("\n");
		for (const line of lines) expect(stringWidth(line), `${text}: ${line}`).toBeLessThanOrEqual(columns);
	}
	return renderCard(card, { columns: 10_000, hasColours: false });
}

test("the terminal's texts name commands as they are typed: help, remedies and examples, of every command, at any width", async () => {
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
