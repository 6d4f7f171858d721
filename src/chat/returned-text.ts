import type { Block, Call, TypedField } from "./card.ts";
import type { Command } from "./command.ts";

/** Values up to this many characters are easy to type again, so they are not returned. */
const SHORT = 40;

const titled = (name: string): string => `${name.charAt(0).toUpperCase()}${name.slice(1)}`;

/**
 * The values to return to a member whose call was refused: free text, long values, and everything that a form asks for
 * if it can be opened again.
 * A question is chosen rather than typed, so it stays in the call.
 */
function fieldsOf(command: Command, { options }: Call, opensAgain: boolean): TypedField[] {
	const texts = Object.keys(options).filter((name) => command.options[name]?.kind === "text").length;
	return Object.entries(options).flatMap(([name, text]): TypedField[] => {
		const kind = command.options[name]?.kind;
		if (kind === undefined || text.trim() === "") return [];
		const needsForm = opensAgain && kind !== "question";
		if (kind !== "text" && text.length <= SHORT && !needsForm) return [];
		return [{ name, label: texts > 1 ? titled(name) : kind === "text" ? "Your text" : name, text }];
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
