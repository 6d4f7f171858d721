import type { Call, Card } from "../../chat/card.ts";
import { button } from "../../chat/card.ts";
import type { Command } from "../../chat/command.ts";
import { readCommand } from "../../chat/grammar.ts";
import { UserError } from "../../core/errors.ts";
import { beginning } from "../../core/text/cut.ts";
import { nearest } from "../../core/text/nearest.ts";
import type { Action } from "./actions.ts";

/** What was on the screen when a line was begun. It gives numbers, letters and `today` their meaning. */
export interface Seen {
	readonly actions: readonly Action[];
	/** Id of the question that `today` meant; null if none was shown. */
	readonly today: string | null;
	/** Id of the question on the screen. */
	readonly question: string | null;
}

export type Intent =
	| { readonly type: "call"; readonly call: Call }
	| { readonly type: "action"; readonly action: Action }
	/** Resume the text that was kept. */
	| { readonly type: "again" }
	/** Open what was folded. */
	| { readonly type: "open" }
	| { readonly type: "leave" }
	/** The meaning is not known, so ask. */
	| { readonly type: "unknown"; readonly text: string };

/** An option's letter, as printed or by itself. */
const LETTER = /^[a-d][).]?$/i;
const LEAVING = ["quit", "exit", "q", "bye", ":q", "\\q"];
const LONGEST_COMPARED = 40;

/** The first words of all commands. */
export const firstWords = (commands: readonly Command[]): Set<string> =>
	new Set(commands.map(({ name }) => name.split(" ")[0] ?? name));

function pickedBy(text: string, actions: readonly Action[]): Intent | null {
	const number = /^\[?(\d{1,3})[\]).]?$/.exec(text)?.[1];
	if (number !== undefined) {
		const action = actions[Number(number) - 1];
		if (action) return { type: "action", action };
		const there = actions.length === 1 ? "There is only 1" : `Pick one of 1 to ${actions.length}`;
		throw new UserError(
			`There is no action ${Number(number)} just now.`,
			actions.length > 0 ? `${there}, or type \`help\`.` : "`help` lists what you can do.",
		);
	}
	if (/^\d{1,2}(?:\s*[,\s]\s*\d{1,2})+$/.test(text)) {
		const list = actions.find((action) => "form" in action && action.form.fields.length === 1);
		const [field] = list && "form" in list ? list.form.fields : [];
		if (!list || !("form" in list) || !field) return null;
		const { command, options } = list.form.call;
		return { type: "call", call: { command, options: { ...options, [field.name]: text } } };
	}
	const letter = LETTER.test(text) ? text.charAt(0).toUpperCase() : null;
	const option = actions.find((action) => "call" in action && letter !== null && action.call.options.option === letter);
	return option ? { type: "action", action: option } : null;
}

/** A command that names no question means the one on the screen. */
function aboutShown(call: Call, commands: readonly Command[], seen: Seen): Call {
	const command = commands.find(({ name }) => name === call.command);
	const needs = command?.options.question;
	if (!needs?.required || needs.kind !== "question" || call.options.question !== undefined) return call;
	return seen.question === null ? call : { ...call, options: { ...call.options, question: seen.question } };
}

/** `today` means the question that it meant when the line was begun. */
function asSeen(call: Call, seen: Seen, today: string | null): Call {
	const meant = call.options.question?.trim().toLowerCase() === "today" ? seen.today : null;
	return meant === null || meant === today ? call : { ...call, options: { ...call.options, question: meant } };
}

/**
 * Reads a line: a command with or without `/nlpq`, the number of an action, the letter of an option. Any other text is
 * never taken for an answer.
 * @param seen what was on the screen when the line was begun
 * @param today the question that `today` means now
 */
export function readLine(text: string, commands: readonly Command[], seen: Seen, today: string | null): Intent {
	const slash = /^\/(?:nlpq(?:\s+|$))?([\s\S]*)$/i.exec(text)?.[1];
	const words = (slash ?? text).trim();
	const plain = words.toLowerCase();
	if (LEAVING.includes(plain)) return { type: "leave" };
	if (plain === "?") return { type: "call", call: { command: "help", options: {} } };
	if (plain === "answer again" || plain === "again") return { type: "again" };
	if (plain === "open") return { type: "open" };
	const picked = slash === undefined ? pickedBy(words, seen.actions) : null;
	if (picked) return picked;
	const first = plain.split(/\s/)[0] ?? "";
	if (slash === undefined && !firstWords(commands).has(first)) return { type: "unknown", text };
	return { type: "call", call: asSeen(aboutShown(readCommand(words, commands), commands, seen), seen, today) };
}

/** The only command that a text names without its group, as `interview-date` names `settings interview`. */
export function inGroup(text: string, commands: readonly Command[]): Command | undefined {
	const [first = ""] = beginning(text.trim().toLowerCase(), LONGEST_COMPARED).split(/[\s-]/);
	const found = commands.filter(({ name, group }) => group !== null && name === `${group} ${first}`);
	return found.length === 1 ? found[0] : undefined;
}

/** A text that names a command without its group, with the whole name; null where its other words do not fit. */
export function withGroup(text: string, commands: readonly Command[]): string | null {
	const command = inGroup(text, commands);
	if (!command) return null;
	const whole = [command.name, ...text.trim().split(/\s+/).slice(1)].join(" ");
	try {
		readCommand(whole, commands);
		return whole;
	} catch {
		return null;
	}
}

/** What a sentence says with a date, such as "my interview is on Thursday", as a command with that date. */
function inSentence(text: string, commands: readonly Command[]): string | null {
	const words = beginning(text, 200)
		.split(/[\s,.;:!?]+/)
		.filter((word) => word !== "");
	for (const word of words) {
		const command = inGroup(word, commands);
		const [option] = Object.values(command?.options ?? {});
		if (!command || !option?.required || !["date", "dates"].includes(option.kind)) continue;
		const date = words.find((other) => other !== word && option.accepts(other));
		if (date !== undefined) return `${command.name} ${date.toLowerCase()}`;
	}
	return null;
}

/** Asks what to do with a text that is not a command. */
export function askCard(text: string, commands: readonly Command[], question: string | null): Card {
	const isLetter = LETTER.test(text);
	const lines = text.split("\n").length;
	const [within, said] =
		lines > 1
			? [undefined, null]
			: [inGroup(text, commands)?.name, withGroup(text, commands) ?? inSentence(text, commands)];
	const call = said === null ? null : readCommand(said, commands);
	const near =
		within ??
		said ??
		(/\s/.test(text) ? undefined : nearest(beginning(text.toLowerCase(), LONGEST_COMPARED), [...firstWords(commands)]));
	const buttons = [
		...(isLetter && question !== null ? [button("Quick check", "check", { question }, "primary")] : []),
		...(near === undefined ? [] : [button(near, call?.command ?? near, call?.options ?? {}, "primary")]),
		...(lines > 1 || isLetter
			? []
			: [button("Search the questions for it", "search", { words: beginning(text, 200) })]),
		...(question === null || isLetter
			? []
			: [button(`Write it as my answer to ${question}`, "answer", { question, text })]),
		button("What I can do", "help"),
	];
	const what = lines > 1 ? `${lines} lines came at once. Nothing was done with them.` : "Nothing was done with it.";
	const remedy = isLetter
		? `No quick check is on the screen: \`${question === null ? "check today" : "check"}\` shows one.`
		: near === undefined
			? "What did you mean?"
			: `Did you mean \`${near}\`?`;
	return {
		tone: "error",
		title: lines > 1 ? "None of that is a command." : "I don't know that command.",
		blocks: [
			{ type: "text", text: `${what} ${remedy}` },
			{ type: "actions", buttons },
		],
	};
}

/** Tells a member how a command ended whose process could not. */
export function endCard(command: string, wasSaved: boolean): Card {
	return wasSaved
		? { tone: "good", title: `Your last command was saved: ${command}`, blocks: [] }
		: {
				tone: "warning",
				title: `Your last command was not saved: ${command}`,
				blocks: [{ type: "text", text: "Please do it again." }],
			};
}
