import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { UnknownPart } from "../../packages/client-view/index.ts";
import type { Caller } from "../../src/chat/caller.ts";
import type { Block, Card, Outcome } from "../../src/chat/card.ts";
import type { Command } from "../../src/chat/command.ts";
import { COMMANDS } from "../../src/chat/commands/index.ts";
import { alternativeText } from "../../src/chat/picture-text.ts";
import { formOnDiscord, formOnSlack, type Look, onDiscord, onSlack, onSlackHome } from "../support/client-pages.ts";
import { byEffort, isQuickRun } from "../support/effort.ts";
import { ADMIN, CHANNEL, cardsOf, type FilledChat, fillChat, ME } from "../support/filled-chat.ts";
import { callOptionsOf } from "../support/ways-of-command.ts";

const WEEKS = byEffort({ test: 1, ci: 3, full: 12 });
const LOOKS: readonly Look[] = [
	{ theme: "dark", width: 360 },
	{ theme: "light", width: 800 },
];
/** Each reply is drawn in these looks. */
const REPLY_LOOKS = isQuickRun ? LOOKS.slice(0, 1) : LOOKS;

/** Everything an outcome shows, drawn on the client in each look. */
async function drawn(chat: FilledChat, outcome: Outcome): Promise<string[]> {
	const pages: string[] = [];
	for (const look of REPLY_LOOKS)
		if (outcome.type === "form")
			pages.push(chat.client === "discord" ? formOnDiscord(outcome.form, look) : formOnSlack(outcome.form, look));
		else
			for (const card of cardsOf(outcome.reply))
				pages.push(chat.client === "discord" ? await onDiscord(card, look) : onSlack(card, look));
	return pages;
}

/** The replies of a command that cannot be drawn, with how the command was given. */
async function undrawn(chat: FilledChat, command: Command): Promise<string[]> {
	const found: string[] = [];
	const [question] = chat.bank.all();
	if (!question) throw new Error("the bank is empty");
	const give = async (caller: Caller, options: Record<string, string>) => {
		try {
			const pages = await drawn(chat, await chat.dispatcher.run(caller, { command: command.name, options }));
			for (const page of pages) if (page.length < 200) found.push(`${JSON.stringify(options)}: drawn as nothing`);
		} catch (error) {
			if (!(error instanceof UnknownPart)) throw error;
			found.push(`${JSON.stringify(options)}: ${error.message}`);
		}
	};
	const [example = {}, ...others] = callOptionsOf(command, question);
	if (!command.admin) await give(chat.caller("a newcomer"), { ...example });
	for (const options of [example, ...others]) await give(chat.caller(command.admin ? ADMIN : ME), { ...options });
	return found;
}

describe.each(["discord", "slack"] as const)("on %s, from a filled workspace", (client) => {
	let chat: FilledChat;
	beforeAll(async () => {
		chat = await fillChat(client, { weeks: WEEKS });
	});
	afterAll(() => chat.close());

	test("every daily post is drawn, with its buttons", async () => {
		const cards = chat.platform.posts.map(({ card }) => card).filter(({ prominent }) => prominent);
		expect(cards.length).toBeGreaterThan(2);
		for (const card of cards)
			for (const look of LOOKS) {
				const page = client === "discord" ? await onDiscord(card, look) : onSlack(card, look);
				expect(page).toMatch(/<button type="button"[^>]*>Quick check<\/button>/);
			}
	});

	test.each(COMMANDS.map((command) => ({ command })))("every reply of $command.name is drawn", async ({ command }) => {
		expect(await undrawn(chat, command)).toEqual([]);
		expect(chat.faults).toEqual([]);
	});
});

const HOSTILE = '</style><script>alert(1)</script><img src=x onerror="alert(1)">\'&amp;';
const CALL = { command: "help", options: { words: HOSTILE } };
const PLAIN = [{ type: "plain", text: HOSTILE } as const];
const PICTURE = { type: "profile", title: HOSTILE, rows: [{ name: HOSTILE, answered: 5, share: 0.5 }] } as const;

/** One block of each type, with a text that looks like markup. */
const BLOCKS: Readonly<Record<Block["type"], Block>> = {
	text: { type: "text", text: PLAIN },
	heading: { type: "heading", text: HOSTILE },
	list: { type: "list", marker: "bullet", items: [PLAIN] },
	facts: { type: "facts", facts: [{ name: HOSTILE, value: PLAIN }] },
	quote: { type: "quote", text: HOSTILE },
	preformatted: { type: "preformatted", text: HOSTILE },
	note: { type: "note", text: PLAIN },
	picture: { type: "picture", picture: PICTURE, alternative: alternativeText(PICTURE) },
	actions: { type: "actions", buttons: [{ label: HOSTILE, call: CALL, style: "primary" }] },
	checklist: { type: "checklist", label: HOSTILE, items: [HOSTILE, "second"], call: CALL, option: "points" },
	typed: { type: "typed", fields: [{ name: "text", label: HOSTILE, text: HOSTILE }], reopen: CALL },
};

const TAGS = /<\/?([a-z0-9]+)/gi;
const KNOWN =
	/^(article|section|div|span|header|footer|p|h[2-6]|strong|em|u|s|code|pre|blockquote|ul|ol|li|dl|dt|dd|time|a|img|br|hr|button|details|summary|label|input|small|figure|figcaption|fieldset|select|option|form|textarea|nav|svg|path|circle|rect)$/;

describe("a member's words are never markup", () => {
	const card = (blocks: Block[]): Card => ({ tone: "plain", title: HOSTILE.slice(0, 100), blocks });
	const look: Look = {
		theme: "dark",
		width: 360,
		author: HOSTILE,
		answers: { member: HOSTILE, command: HOSTILE },
		nameOf: () => HOSTILE,
	};

	test.each(Object.values(BLOCKS))("in a $type", async (block) => {
		for (const page of [
			await onDiscord(card([block]), look),
			onSlack(card([block]), look),
			onSlackHome([card([block])], look),
		]) {
			const tags = [...page.matchAll(TAGS)].map(([, tag = ""]) => tag);
			expect(tags.filter((tag) => !KNOWN.test(tag))).toEqual([]);
			expect(page.replace(/"[^"]*"/g, "")).not.toMatch(/<[^>]+\son[a-z]+\s*=/i);
			expect(page).toContain("&lt;script&gt;");
		}
	});

	test("in the name of a channel and of a member", async () => {
		const channel = { type: "channel", id: CHANNEL.id, name: "nlp-daily" } as const;
		const page = await onDiscord(card([{ type: "text", text: [channel] }]), look);
		expect(page).toContain("#&lt;/style&gt;&lt;script&gt;");
	});
});
