import { MessageBodySchema } from "../../packages/local-discord/bodies.ts";
import { messageProblems } from "../../packages/local-discord/rules-message.ts";
import { checkContent } from "../../packages/local-slack/schema/message.ts";
import { render as renderForDiscord } from "../../src/adapters/discord/outgoing/render.ts";
import { renderMessages as renderForSlack } from "../../src/adapters/slack/outgoing/render.ts";
import type { Card, Outcome } from "../../src/chat/card.ts";
import { COMMANDS } from "../../src/chat/commands/index.ts";
import { readCommand } from "../../src/chat/grammar.ts";
import { cardText } from "../../src/chat/text.ts";
import { UserError } from "../../src/core/errors.ts";
import { type ChatOptions, openChat } from "./chat.ts";

/** Texts that members may type, on purpose or by mistake. */
const HOSTILE = [
	"",
	"0",
	"-1",
	"999999999999",
	"A",
	"E",
	"today",
	"last",
	"kv-cache",
	"yes",
	"no",
	"09:00",
	"25:00",
	"Europe/Berlin",
	"Europe/Berln",
	"weekdays",
	"mon,wed",
	"2027-03-09",
	"2027-12-24..2027-12-31",
	"1,3,4",
	"fundamentals",
	"basic",
	"current",
	"week",
	"#general",
	"@ana",
	"<!channel> @everyone <@U1>",
	"'; drop table members; --",
	"\u202eright to left שלום",
	"👩‍👩‍👧‍👦🏳️‍🌈",
	"\u0000\u0007\u001b[31m",
	"`*_~|>",
	"name:value",
	'"unclosed',
	"x".repeat(5000),
	"ﷺ".repeat(300),
];

/** Chooses an index below `size`; the same seed gives the same sequence. */
function chooser(seed: number): (size: number) => number {
	let state = seed >>> 0;
	return (size) => {
		state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
		return Math.floor((state / 2 ** 32) * size);
	};
}

/** Why a platform would refuse a card; empty if none would. */
function illegal(card: Card): string[] {
	if (cardText(card).trim() === "") return ["terminal: empty"];
	const discord = renderForDiscord(card).flatMap((message) => {
		const body = { embeds: message.embeds, components: message.components, allowed_mentions: { parse: [] } };
		const read = MessageBodySchema.parse(JSON.parse(JSON.stringify(body)));
		const files = message.pictures.map(({ name }, index) => ({
			key: `files[${index}]`,
			name,
			contentType: "image/png",
			bytes: new Uint8Array(1),
		}));
		return messageProblems(read, { files }).map((problem) => `discord: ${JSON.stringify(problem)}`);
	});
	const slack = renderForSlack(card, { workspaceId: "T1", pictures: new Map() }).flatMap((content) => {
		const checked = checkContent(content);
		return checked.ok ? [] : [`slack: ${JSON.stringify(checked)}`];
	});
	return [...discord, ...slack];
}

function cardsOf(outcome: Outcome): Card[] {
	if (outcome.type === "form") return [];
	const { reply } = outcome;
	return reply.followUp ? [reply.card, ...cardsOf({ type: "reply", reply: reply.followUp })] : [reply.card];
}

export interface FuzzResult {
	readonly inputs: number;
	/** Unexpected errors. */
	readonly unhandled: string[];
	readonly illegal: string[];
}

/**
 * Runs every command with random options, half of them typed as text, half as a platform's native options.
 * @param seed the same seed gives the same inputs
 * @param options for runs outside the tests: which database to use
 */
export async function fuzz(inputs: number, seed: number, options: ChatOptions = {}): Promise<FuzzResult> {
	const chat = await openChat(options);
	const choose = chooser(seed);
	const value = () => HOSTILE[choose(HOSTILE.length)] ?? "";
	const result: FuzzResult = { inputs, unhandled: [], illegal: [] };
	for (let input = 0; input < inputs; input += 1) {
		const command = COMMANDS[choose(COMMANDS.length)];
		if (!command) continue;
		const names = Object.keys(command.options).filter(() => choose(3) > 0);
		const given = Object.fromEntries(names.map((name) => [name, value()]));
		const caller = chat.caller(`member ${choose(6)}`, choose(2) === 0, `workspace ${choose(3)}`);
		try {
			const typed = choose(2) === 0;
			const call = typed
				? readCommand([command.name, ...names.map(value)].join(" "), COMMANDS)
				: { command: command.name, options: given };
			for (const card of cardsOf(await chat.dispatcher.run(caller, call)))
				for (const problem of illegal(card))
					result.illegal.push(`${command.name} ${JSON.stringify(given).slice(0, 200)}: ${problem.slice(0, 300)}`);
		} catch (error) {
			if (!(error instanceof UserError)) result.unhandled.push(`${command.name}: ${String(error)}`);
		}
	}
	for (const fault of chat.faults)
		result.unhandled.push(fault instanceof Error ? (fault.stack ?? fault.message).slice(0, 600) : String(fault));
	await chat.close();
	return result;
}
