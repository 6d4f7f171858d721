/** Draws Slack's rich_text blocks. */
import { type Child, element, type Html } from "../html.ts";
import type { View } from "../options.ts";
import type { Part } from "../part.ts";
import { withEmoji } from "./emoji.ts";
import { date, link, mention } from "./mrkdwn.ts";

const STYLES = [
	["code", "code"],
	["strike", "s"],
	["italic", "em"],
	["bold", "strong"],
] as const;

/** A text with its line breaks; spaces at the beginning of a line count. */
const lines = (text: string): Child[] =>
	text.split("\n").flatMap((line, index) => [index > 0 ? element("br") : null, withEmoji(line)]);

function styled(part: Part, inner: Child): Child {
	const style = part.maybe("style")?.only(...STYLES.map(([name]) => name));
	return STYLES.reduce<Child>((child, [name, tag]) => (style?.flag(name) ? element(tag, {}, child) : child), inner);
}

function inline(part: Part, view: View): Child {
	switch (part.type()) {
		case "text":
			return styled(part.only("type", "text", "style"), lines(part.get("text").string()));
		case "link":
			return styled(part.only("type", "url", "text", "style"), link(part.get("url").string(), part.text("text")));
		case "channel":
			return mention(`#${view.name("channel", part.only("type", "channel_id", "style").get("channel_id").string())}`);
		case "user":
			return mention(`@${view.name("member", part.only("type", "user_id", "style").get("user_id").string())}`);
		case "broadcast":
			return mention(`@${part.only("type", "range").get("range").string()}`);
		case "emoji":
			return part.only("type", "name", "unicode").text("unicode") === null
				? `:${part.get("name").string()}:`
				: unicode(part);
		case "date":
			part.only("type", "timestamp", "format", "fallback");
			return date(part.get("timestamp").number(), part.get("format").string(), part.text("fallback"), view);
		default:
			return part.get("type").fail("is not an element of rich text that this package can draw");
	}
}

function unicode(part: Part): string {
	const points = part.get("unicode").string().split("-");
	return String.fromCodePoint(...points.map((point) => Number.parseInt(point, 16)));
}

const inlines = (part: Part, view: View): Child => part.list("elements").map((each) => inline(each, view));

function list(part: Part, view: View): Html {
	part.only("type", "style", "elements", "indent", "offset");
	const items = part.list("elements").map((item) => {
		if (item.only("type", "elements").type() !== "rich_text_section") item.get("type").fail("is not a list item");
		return element("li", {}, inlines(item, view));
	});
	const style = part.get("style").string();
	if (style === "bullet") return element("ul", {}, items);
	const offset = part.maybe("offset")?.number() ?? 0;
	return style === "ordered"
		? element("ol", { start: offset + 1 }, items)
		: part.get("style").fail("is not a list style");
}

function block(part: Part, view: View): Html {
	switch (part.type()) {
		case "rich_text_section":
			return element("p", {}, inlines(part.only("type", "elements"), view));
		case "rich_text_list":
			return list(part, view);
		case "rich_text_quote":
			return element("blockquote", {}, inlines(part.only("type", "elements", "border"), view));
		case "rich_text_preformatted":
			return element("pre", {}, inlines(part.only("type", "elements", "border"), view));
		default:
			return part.get("type").fail("is not a part of rich text that this package can draw");
	}
}

export const richText = (part: Part, view: View): Html =>
	element("div", { class: "rich" }, part.list("elements").map((each) => block(each, view))); // biome-ignore format: one line
