import type { Block, Call, Inline, TypedField } from "./card.ts";
import type { Command } from "./command.ts";

/** Values up to this many characters are easy to type again, so they are not returned. */
const SHORT = 40;

const titled = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;

/** A value as a mention or as its choice's label; undefined for what was typed. */
function shownAs(command: Command, name: string, text: string): Inline | undefined {
	const kind = command.options[name]?.kind;
	if (kind === "channel") return { type: "channel", id: text, name: text };
	if (kind === "role" && /^\d+$/.test(text)) return { type: "role", id: text };
	return command.fieldLabels[name]?.choices?.find(({ value }) => value === text)?.label;
}

/** Whether a value stays in the call: a question, a number and a flag that the form does not ask for are short there. */
const staysInCall = (command: Command, name: string): boolean =>
	command.fieldLabels[name] === undefined && ["question", "number", "flag"].includes(command.options[name]?.kind ?? "");

/**
 * The values to return to a member whose call was refused: free text, long values, and everything that a form asks for
 * if it can be opened again.
 */
function fieldsOf(command: Command, { options }: Call, opensAgain: boolean): TypedField[] {
	const texts = Object.keys(options).filter((name) => command.options[name]?.kind === "text").length;
	return Object.entries(options).flatMap(([name, text]): TypedField[] => {
		const kind = command.options[name]?.kind;
		if (kind === undefined || text.trim() === "") return [];
		const needsForm = opensAgain && !staysInCall(command, name);
		if (kind !== "text" && text.length <= SHORT && !needsForm) return [];
		const label = kind === "text" && texts === 1 ? "Your text" : (command.fieldLabels[name]?.label ?? titled(name));
		const shown = shownAs(command, name, text);
		return [{ name, label, text, ...(shown === undefined ? {} : { shown }) }];
	});
}

/**
 * A block that returns what the member typed; none if there is nothing to return.
 * @param isFinal whether the call would be refused whatever the form says, so that no button opens it again
 */
export function typedBlocks(command: Command | undefined, call: Call, isFinal: boolean): Block[] {
	const opensAgain = !isFinal && (command?.formFor.length ?? 0) > 0;
	const fields = command ? fieldsOf(command, call, opensAgain) : [];
	if (!command || fields.length === 0) return [];
	const typed = new Set(fields.map(({ name }) => name));
	const options = Object.fromEntries(Object.entries(call.options).filter(([name]) => !typed.has(name)));
	const reopen: Call | null = opensAgain ? { command: command.name, options, reopen: true } : null;
	return [{ type: "typed", fields, reopen }];
}

/** The same for a message that could not be read as a command. */
export function typedMessage(text: string): Block[] {
	return text.trim().length <= SHORT
		? []
		: [{ type: "typed", fields: [{ name: "text", label: "Your message", text }], reopen: null }];
}
