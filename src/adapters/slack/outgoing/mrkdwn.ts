import type { Inline, Text } from "../../../chat/card.ts";
import { visible } from "../../../chat/text.ts";
import { typedCommand } from "../../../chat/written-commands.ts";
import { describeInstant } from "../../../core/calendar/calendar.ts";
import { beginning } from "../../../core/text/cut.ts";
import { isolated } from "../../../core/text/isolated.ts";

/** An invisible character that keeps the one before it from being markup. */
const BREAKER = "\u200b";

/** Escapes a text for mrkdwn: it cannot become a mention, a link or an entity. */
export function escaped(text: string): string {
	return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Puts a member's words into mrkdwn, without mentions or formatting. */
export function literal(text: string): string {
	return escaped(visible(text).replace(/[*_~`]/g, (sign) => sign + BREAKER));
}

/** A time in the reader's own zone; if a client cannot show that, in words in the given zone. */
export function dateMarkup(at: Date, zone: string): string {
	const seconds = Math.floor(at.getTime() / 1000);
	return `<!date^${seconds}^{date_short_pretty} {time}|${escaped(describeInstant(at, zone).replaceAll("|", "/"))}>`;
}

/** Whether Slack shows an id as a channel: nothing else may get into its markup. */
export const isChannelId = (id: string): boolean => /^[CG][A-Z0-9]{2,20}$/.test(id);

function inlineMarkup(inline: Inline): string {
	if (typeof inline === "string") return proseMarkup(inline);
	switch (inline.type) {
		case "plain":
			return literal(isolated(inline.text));
		case "strong":
			return `*${literal(inline.text)}*`;
		case "code":
			return `\`${escaped(visible(inline.text).replaceAll("`", "'"))}\``;
		case "instant":
			return dateMarkup(inline.at, inline.zone);
		case "channel":
			return isChannelId(inline.id) ? `<#${inline.id}>` : literal(inline.name);
		case "role":
			return "a role";
		case "command":
			return `\`${escaped(typedCommand(inline))}\``;
		case "link":
			return `<${escaped(inline.url)}>`;
	}
}

/** The program's or the bank's prose: backticks mark code, and nothing else is markup. */
function proseMarkup(text: string): string {
	return text
		.split(/(`[^`\n]+`)/)
		.map((part) => (/^`[^`\n]+`$/.test(part) ? escaped(part) : literal(part)))
		.join("");
}

/** Renders a text as mrkdwn, for small print and fields. */
export function markup(text: Text): string {
	return typeof text === "string" ? proseMarkup(text) : text.map(inlineMarkup).join("");
}

/** Cuts mrkdwn to `most` characters, but not inside an entity, a link or a character. */
export function cutMarkup(text: string, most: number): string {
	if (text.length <= most) return text;
	return `${beginning(text, most - 1).replace(/&[a-z]{0,3}$|<[^>]*$/, "")}…`;
}
