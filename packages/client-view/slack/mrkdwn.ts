/** Draws Slack's mrkdwn: `*bold*`, `_italic_`, `~struck~`, code, and mentions and links in angle brackets. */
import { slackDate } from "../dates.ts";
import { type Child, element, type Html, safeAddress } from "../html.ts";
import type { View } from "../options.ts";
import type { Part } from "../part.ts";
import { withEmoji } from "./emoji.ts";

const SIGNS: Readonly<Record<string, string>> = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
const unescaped = (text: string): string => text.replace(/&(amp|lt|gt);/g, (sign) => SIGNS[sign] ?? sign);

export const mention = (text: string): Html => element("span", { class: "mention" }, text);

/** A date in Slack's format; the fallback if a token is unknown. */
export function date(seconds: number, format: string, fallback: string | null, view: View): Html {
	const at = new Date(seconds * 1000);
	const text = slackDate(at, format, view) ?? fallback ?? format;
	return element("time", { datetime: at.toISOString() }, text);
}

export function link(address: string, words: string | null): Child {
	const safe = safeAddress(address);
	const text = words ?? address;
	return safe === null ? text : element("a", { href: safe, rel: "noreferrer noopener", target: "_blank" }, text);
}

function bracketed(inner: string, part: Part, view: View): Child {
	const [head = "", label] = inner.split("|", 2);
	const when = /^!date\^(\d+)\^([^^]+)/.exec(head);
	if (when) return date(Number(when[1]), unescaped(when[2] ?? ""), label === undefined ? null : unescaped(label), view);
	if (head.startsWith("#")) return mention(`#${view.name("channel", head.slice(1))}`);
	if (head.startsWith("@")) return mention(`@${view.name("member", head.slice(1))}`);
	if (/^!(here|channel|everyone)$/.test(head)) return mention(`@${head.slice(1)}`);
	if (/^(https?|mailto):/.test(head)) return link(unescaped(head), label === undefined ? null : unescaped(label));
	return part.fail(`has a mark that this package cannot draw: <${inner}>`);
}

const TOKEN =
	/<([^<>\n]+)>|```\n?([\s\S]+?)```|`([^`\n]+)`|(?<![\p{L}\d])\*([^*\n]+)\*(?![\p{L}\d])|(?<![\p{L}\d])_([^_\n]+)_(?![\p{L}\d])|(?<![\p{L}\d])~([^~\n]+)~(?![\p{L}\d])|\n/gu;

function drawn(match: RegExpExecArray | RegExpMatchArray, part: Part, view: View): Child {
	const [, bracket, block, code, bold, italic, struck] = match;
	if (bracket !== undefined) return bracketed(bracket, part, view);
	if (block !== undefined) return element("pre", {}, unescaped(block).replace(/\n$/, ""));
	if (code !== undefined) return element("code", {}, unescaped(code));
	if (bold !== undefined) return element("strong", {}, mrkdwn(bold, part, view));
	if (italic !== undefined) return element("em", {}, mrkdwn(italic, part, view));
	return struck === undefined ? element("br") : element("s", {}, mrkdwn(struck, part, view));
}

/** @param part where the text comes from, for error messages */
export function mrkdwn(text: string, part: Part, view: View): Child {
	const children: Child[] = [];
	let from = 0;
	for (const match of text.matchAll(TOKEN)) {
		children.push(unescaped(text.slice(from, match.index)), drawn(match, part, view));
		from = match.index + match[0].length;
	}
	return [...children, unescaped(text.slice(from))];
}

/** A text object: `plain_text` or `mrkdwn`. */
export function textObject(part: Part, view: View): Child {
	const text = part.only("type", "text", "emoji", "verbatim").get("text").string();
	switch (part.type()) {
		case "plain_text":
			return withEmoji(text);
		case "mrkdwn":
			return mrkdwn(text, part, view);
		default:
			return part.get("type").fail("is not a text type");
	}
}
