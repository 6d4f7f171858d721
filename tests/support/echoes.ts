/** Checks what is sent to Discord and Slack: whether they would refuse it, and whether a mention in it would ping. */
import { readCallback, readMessage } from "../../packages/local-discord/bodies-check.ts";
import { InvalidBody } from "../../packages/local-discord/failures.ts";
import { mentionsIn } from "../../packages/local-slack/mentions.ts";
import { checkContent } from "../../packages/local-slack/schema/message.ts";
import { checkHome, checkModal } from "../../packages/local-slack/schema/view.ts";
import { suggestions } from "../../src/adapters/discord/incoming/autocomplete.ts";
import { modalOf as discordModal } from "../../src/adapters/discord/outgoing/modal.ts";
import { Composer } from "../../src/adapters/discord/outgoing/rest.ts";
import { renderMessages, renderViewBlocks } from "../../src/adapters/slack/outgoing/render.ts";
import { renderForm, modalOf as slackModal } from "../../src/adapters/slack/outgoing/render-form.ts";
import {
	type Block,
	button,
	type Card,
	type Form,
	type Outcome,
	plain,
	type Reply,
	strong,
} from "../../src/chat/card.ts";
import { errorCard } from "../../src/chat/cards/faults.ts";
import type { Command } from "../../src/chat/command.ts";
import { COMMANDS } from "../../src/chat/commands/index.ts";
import { readCommand } from "../../src/chat/grammar.ts";
import { typedMessage } from "../../src/chat/returned-text.ts";
import { cardText } from "../../src/chat/text.ts";
import { UserError } from "../../src/core/errors.ts";
import type { Bank } from "../../src/core/question/bank.ts";
import { type ChatOptions, openChat } from "./chat.ts";
import { Dice } from "./dice.ts";
import { hostileText } from "./hostile-texts.ts";
import { openRunLog } from "./run-log.ts";

const WORKSPACE = { discord: "123456789012345678", slack: "T0123456" } as const;
const composer = new Composer(async () => Buffer.from([1]), openRunLog([]));
const context = { workspaceId: WORKSPACE.slack, pictures: new Map() };

function requestOf(body: unknown, files: readonly { readonly name: string }[]) {
	const uploaded = files.map(({ name }, index) => ({
		key: String(index),
		name,
		contentType: "image/png",
		bytes: new Uint8Array(1),
	}));
	const plainBody: unknown = JSON.parse(JSON.stringify(body));
	const where = { method: "POST", path: "", route: "", params: {}, query: new URLSearchParams(), at: 0 };
	return { ...where, body: plainBody, files: uploaded };
}

/** What Discord would refuse; also anything that would let a message ping. */
function refusedBy(read: () => unknown): string[] {
	try {
		read();
		return [];
	} catch (error) {
		if (!(error instanceof InvalidBody)) throw error;
		return error.problems.map(({ path, message }) => `discord ${path.join(".")}: ${message}`);
	}
}

function onSlack(payload: unknown, checked: { ok: boolean }): string[] {
	// Naming a channel pings nobody.
	const mentions = mentionsIn(payload).filter(({ kind }) => kind !== "channel");
	return [
		...(checked.ok ? [] : [`slack: ${JSON.stringify(checked).slice(0, 300)}`]),
		...mentions.map(({ kind, markup }) => `slack: ${kind} ${markup}`),
	];
}

/** What is wrong with a card, as a message on both platforms and in a Slack view. */
export async function cardProblems(card: Card): Promise<string[]> {
	const messages = await composer.compose(card, { workspaceId: WORKSPACE.discord, mark: "m" });
	const discord = messages.flatMap(({ body, files }) => refusedBy(() => readMessage("create", requestOf(body, files))));
	const contents = renderMessages(card, context).flatMap((content) => onSlack(content, checkContent(content)));
	const blocks = renderViewBlocks([card, card], context);
	const home = { type: "home", blocks };
	const views = [...onSlack(home, checkHome(home)), ...onSlack(blocks, checkModal(slackModal(blocks)))];
	return [...discord, ...contents, ...views, ...(cardText(card).trim() === "" ? ["terminal: empty"] : [])];
}

export function formProblems(form: Form): string[] {
	const callback = { type: 9, data: discordModal(form, WORKSPACE.discord) };
	const view = renderForm(form, "{}");
	return [...refusedBy(() => readCallback(requestOf(callback, []), undefined)), ...onSlack(view, checkModal(view))];
}

function suggestionProblems(typed: string, bank: Bank): string[] {
	return COMMANDS.flatMap(({ name, options }) =>
		Object.keys(options).flatMap((option) => {
			const choices = suggestions(name, option, typed, bank, COMMANDS);
			return refusedBy(() => readCallback(requestOf({ type: 8, data: { choices } }, []), undefined));
		}),
	);
}

/** A card with a text in every place that a card has for one. */
function everywhere(text: string): Card {
	const blocks: Block[] = [
		{
			type: "text",
			text: [plain(text), strong(text), { type: "code", text }, { type: "channel", id: text, name: text }],
		},
		{ type: "text", text: [{ type: "role", id: text }, plain("x")] },
		{ type: "heading", text },
		{ type: "list", marker: "number", items: [[plain(text)], [strong(text)]] },
		{ type: "facts", facts: [{ name: text, value: [plain(text)] }] },
		{ type: "preformatted", text },
		{ type: "quote", text },
		{ type: "picture", picture: { type: "profile", title: text, rows: [] }, alternative: text },
		{ type: "actions", buttons: [button(text, "today")] },
		{ type: "checklist", label: text, items: [text, text], call: { command: "rate", options: {} }, option: "grade" },
		{ type: "typed", fields: [{ name: "text", label: "Your text", text }], reopen: null },
		{ type: "note", text: [plain(text)] },
	];
	return { tone: "plain", title: text, blocks, prominent: true };
}

/** Every option of every command: the places where a text can be typed. */
const PLACES = COMMANDS.flatMap((command) => Object.keys(command.options).map((option) => ({ command, option })));
/** Commands that show stored texts again. */
const SHOWING_COMMANDS = [
	"history",
	"questions waiting",
	"questions list",
	"questions export",
	"reports",
	"reports all",
	"leaderboard",
	"streak",
	"settings",
	"schedule list",
	"stats",
	"today",
];
const SAMPLES: Readonly<Record<string, string>> = {
	question: "kv-cache",
	time: "09:00",
	zone: "UTC",
	weekdays: "daily",
	date: "2027-04-01",
	dates: "2027-04-01",
	number: "1",
	points: "1",
	letter: "A",
	flag: "yes",
	channel: "general",
	member: "ana",
	text: "Attention weighs tokens against each other.",
	words: "attention",
	file: "deck.csv",
	role: "123456789012345678",
};

function optionsWith(command: Command, option: string, text: string, dice: Dice): Record<string, string> {
	const others = Object.entries(command.options).filter(
		([name, { required }]) => name !== option && (required || dice.chance(0.3)),
	);
	const given = others.map(([name, { kind, choices }]) => [name, choices[0] ?? SAMPLES[kind] ?? text] as const);
	return { ...Object.fromEntries(given), [option]: text };
}

export interface EchoOptions extends ChatOptions {
	/** Hears of each problem as soon as it is found. */
	found?(problem: string): void;
}

/** Sends texts through every path that shows them again. The same seed gives the same texts. @returns the problems */
export async function echo(
	texts: number,
	seed: number,
	{ found = () => undefined, ...options }: EchoOptions = {},
): Promise<string[]> {
	const chat = await openChat(options);
	const dice = new Dice(seed);
	const problems: string[] = [];
	const add = (problem: string) => {
		problems.push(problem);
		found(problem);
	};
	const note = (where: string, text: string, given: readonly string[]) => {
		for (const problem of given) add(`${where} ${JSON.stringify(text).slice(0, 160)}: ${problem}`);
	};
	async function look(where: string, text: string, reply: Reply): Promise<void> {
		note(where, text, await cardProblems(reply.card));
		if (reply.followUp) await look(where, text, reply.followUp);
	}
	const show = async (where: string, text: string, outcome: Outcome) =>
		outcome.type === "form" ? note(where, text, formProblems(outcome.form)) : look(where, text, outcome.reply);
	for (let number = 0; number < texts; number += 1) {
		const text = hostileText(dice);
		const stored = text.replaceAll("\u0000", "");
		const who = chat.caller(`member ${number % 8}`, true, `workspace ${number % 4}`);
		const caller = {
			...who,
			member: { ...who.member, name: stored },
			workspace: { externalId: `workspace ${number % 4}`, name: stored },
			place: { kind: "channel" as const, channelId: `channel ${number % 4}`, channelName: stored },
			mentioned: new Map([[stored, stored]]),
		};
		note("everywhere", text, await cardProblems(everywhere(text)));
		if (number % 20 === 0) note("suggestions", text, suggestionProblems(text, chat.bank));
		const place = PLACES[number % PLACES.length];
		if (!place) throw new Error("no command has an option");
		const { command, option } = place;
		const call = { command: command.name, options: optionsWith(command, option, text, dice) };
		const again = { ...caller, interaction: { ...caller.interaction, key: crypto.randomUUID() } };
		await show(`${command.name} ${option}`, text, await chat.dispatcher.run(caller, call));
		if (command.formFor.length > 0)
			await show(`${command.name} reopened`, text, await chat.dispatcher.run(again, { ...call, reopen: true }));
		try {
			readCommand(`${command.name} ${text}`, COMMANDS);
		} catch (error) {
			if (!(error instanceof UserError)) throw error;
			const card = errorCard(error.message, error.remedy, typedMessage(text));
			note("typed", text, await cardProblems(card));
		}
		const shown = SHOWING_COMMANDS[number % SHOWING_COMMANDS.length] ?? "today";
		const next = { ...again, interaction: { ...again.interaction, key: crypto.randomUUID() } };
		await show(shown, text, await chat.dispatcher.run(next, { command: shown, options: {} }));
		if (number % 50 === 0) {
			chat.clock.moveTo(new Date(chat.clock.now().getTime() + 3_600_000));
			await chat.daily.run();
		}
		for (const post of chat.platform.posts.splice(0)) note("a post", text, await cardProblems(post.card));
	}
	for (const fault of chat.faults)
		add(fault instanceof Error ? (fault.stack ?? fault.message).slice(0, 600) : String(fault));
	await chat.close();
	return problems;
}
