/** Draws a Discord message: its author, text, embeds, files and controls. */
import { clockTime } from "../dates.ts";
import { type Child, element, group, type Html } from "../html.ts";
import type { View, ViewOptions } from "../options.ts";
import type { Part } from "../part.ts";
import { controlRows } from "./controls.ts";
import { inlineMarkdown } from "./inline.ts";
import { markdown } from "./markdown.ts";

const EPHEMERAL = 64;
const ATTACHMENT = "attachment://";

/** Descriptions of attachments, by file name. */
type Files = ReadonlyMap<string, string>;

function picture(name: string, files: Files, view: View): Html {
	const description = files.get(name) ?? "";
	const source = view.image(name);
	if (source === null)
		return element("p", { class: "missing-picture", role: "img", "aria-label": description }, description);
	return element("img", { class: "picture", src: source, alt: description });
}

function embedImage(part: Part, files: Files, view: View): Html {
	const address = part.only("url").get("url");
	const url = address.string();
	if (!url.startsWith(ATTACHMENT)) address.fail("is not an attachment of this message");
	return picture(url.slice(ATTACHMENT.length), files, view);
}

function fields(parts: readonly Part[], view: View): Child {
	if (parts.length === 0) return null;
	const drawn = parts.map((part) => {
		part.only("name", "value", "inline");
		const name = element("dt", {}, inlineMarkdown(part.get("name").string(), view));
		const value = element("dd", {}, markdown(part.get("value").string(), view));
		return element("div", { class: part.flag("inline") ? "field inline" : "field" }, name, value);
	});
	return element("dl", { class: "fields" }, drawn);
}

function colourOf(part: Part): string {
	const colour = part.maybe("color")?.number() ?? 0x4e5058;
	return `#${Math.min(0xffffff, Math.max(0, Math.floor(colour)))
		.toString(16)
		.padStart(6, "0")}`;
}

function embed(part: Part, files: Files, view: View): Html {
	part.only("title", "description", "color", "fields", "image", "footer");
	const title = part.text("title");
	const description = part.text("description");
	const image = part.maybe("image");
	const footer = part.maybe("footer")?.only("text").text("text") ?? null;
	return element(
		"section",
		{ class: "embed", style: `border-left-color:${colourOf(part)}` },
		title && element("h3", { class: "title" }, inlineMarkdown(title, view)),
		description && element("div", { class: "text" }, markdown(description, view)),
		fields(part.list("fields"), view),
		image && embedImage(image, files, view),
		footer && element("p", { class: "footer" }, footer),
	);
}

/** Draws the files that no embed shows. */
function attachments(parts: readonly Part[], shown: ReadonlySet<string>, files: Files, view: View): Child {
	return parts.map((part) => {
		const name = part.get("filename").string();
		if (shown.has(name)) return null;
		if (view.image(name) !== null) return picture(name, files, view);
		return element("p", { class: "file" }, name);
	});
}

function answered({ answers }: ViewOptions): Child {
	if (!answers) return null;
	const { member, command } = answers;
	return element(
		"p",
		{ class: "answers" },
		element("strong", {}, member),
		" used ",
		element("span", { class: "mention" }, `/${command}`),
	);
}

function header(view: View): Html {
	return element(
		"header",
		{},
		element("strong", { class: "author" }, view.author),
		element("span", { class: "badge" }, "APP"),
		element("time", { datetime: view.at.toISOString() }, clockTime(view.at, view, 24)),
	);
}

const dismiss = (): Html =>
	element(
		"p",
		{ class: "dismiss" },
		"Only you can see this · ",
		element("span", { class: "mention" }, "Dismiss message"),
	);

/** @param part a message body as sent: `content`, `embeds`, `components`, `attachments`, `flags` */
export function discordMessage(part: Part, view: View, options: ViewOptions): Html {
	part.only("content", "embeds", "components", "attachments", "flags", "allowed_mentions", "nonce", "enforce_nonce", "message_reference"); // biome-ignore format: one line
	const parts = part.list("attachments").map((each) => each.only("id", "filename", "description"));
	const files = new Map(parts.map((each) => [each.get("filename").string(), each.text("description") ?? ""]));
	const embeds = part.list("embeds");
	const urls = embeds.map((each) => each.maybe("image")?.text("url") ?? "");
	const shown = new Set(urls.map((url) => url.slice(ATTACHMENT.length)));
	const content = part.text("content");
	const isPrivate = options.ephemeral === true || ((part.maybe("flags")?.number() ?? 0) & EPHEMERAL) !== 0;
	const body = group(
		content && element("div", { class: "text" }, markdown(content, view)),
		embeds.map((each) => embed(each, files, view)),
		attachments(parts, shown, files, view),
		controlRows(part.list("components"), view),
		isPrivate ? dismiss() : null,
	);
	return element(
		"article",
		{ class: isPrivate ? "message private" : "message" },
		answered(options),
		element("span", { class: "avatar", "aria-hidden": "true" }, view.author.slice(0, 1).toUpperCase()),
		element("div", { class: "body" }, header(view), body),
	);
}
