import type { Call } from "../../src/chat/card.ts";
import type { Command } from "../../src/chat/command.ts";
import { readCommand } from "../../src/chat/grammar.ts";
import type { Question } from "../../src/core/question/question.ts";

/** Typed where a command takes free text. It shares no words with any answer. */
const NEUTRAL_TEXT = "Something to say, in words of no answer at all.";

/**
 * Every way to give a command: its example, only what it needs, every choice and flag, and without what a form asks
 * for.
 */
export function callOptionsOf(command: Command, question: Question): Call["options"][] {
	const example = { ...readCommand(command.example, [command]).options };
	for (const [name, { kind }] of Object.entries(command.options)) {
		if (kind === "question") example[name] = question.id;
		if (kind === "text" || kind === "words") example[name] = NEUTRAL_TEXT;
	}
	const isNeeded = ([name]: [string, string]) => command.options[name]?.required === true;
	const least = Object.fromEntries(Object.entries(example).filter(isNeeded));
	const more = Object.entries(command.options).flatMap(([name, { choices, kind }]) =>
		(kind === "flag" ? ["yes", "no"] : choices).map((value) => ({ ...least, [name]: value })),
	);
	const form = Object.fromEntries(Object.entries(example).filter(([name]) => !command.formFor.includes(name)));
	return [...new Map([example, least, form, ...more].map((options) => [JSON.stringify(options), options])).values()];
}
