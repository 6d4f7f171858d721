/** Commands that texts name as `/nlpq today`, written as the reader's platform takes them. */
import type { Block, Card, Inline, Text } from "./card.ts";

export const PREFIX = "/nlpq";

type CommandInline = Extract<Inline, { type: "command" }>;
/** Writes a command, such as `/nlpq today`, for a platform; null leaves it as it is. */
type Rewrite = (written: string) => Inline | null;

/** A command as members type it, for places where it cannot be clickable, such as a title. */
export const typedCommand = ({ name, options }: CommandInline): string =>
	[PREFIX, name, options].filter((part) => part !== "").join(" ");

const SPAN = /(`\/nlpq(?: [^`\n]*)?`)/;

function proseWith(text: string, rewrite: Rewrite): Inline[] {
	return text.split(SPAN).flatMap((part): Inline[] => {
		const inline = SPAN.test(part) ? rewrite(part.slice(1, -1)) : null;
		return part === "" ? [] : [inline ?? part];
	});
}

function textWith(text: Text, rewrite: Rewrite): Text {
	if (typeof text !== "string")
		return text.flatMap((inline) => (typeof inline === "string" ? proseWith(inline, rewrite) : inline));
	return SPAN.test(text) ? proseWith(text, rewrite) : text;
}

function titleWith(title: string, rewrite: Rewrite): string {
	return proseWith(title, rewrite)
		.map((inline) => {
			if (typeof inline === "string") return inline;
			if (inline.type === "command") return `\`${typedCommand(inline)}\``;
			return "text" in inline ? inline.text : "";
		})
		.join("");
}

function blockWith(block: Block, rewrite: Rewrite): Block {
	switch (block.type) {
		case "text":
		case "note":
			return { ...block, text: textWith(block.text, rewrite) };
		case "list":
			return { ...block, items: block.items.map((item) => textWith(item, rewrite)) };
		case "facts":
			return { ...block, facts: block.facts.map(({ name, value }) => ({ name, value: textWith(value, rewrite) })) };
		default:
			return block;
	}
}

/** A card with each command in its texts rewritten. What members have written is left as it is. */
export function withCommands(card: Card, rewrite: Rewrite): Card {
	return {
		...card,
		title: titleWith(card.title, rewrite),
		blocks: card.blocks.map((block) => blockWith(block, rewrite)),
	};
}
