/** Draws Slack's blocks in messages, modals and the Home tab. */
import { type Child, element, type Html, safeAddress } from "../html.ts";
import type { View } from "../options.ts";
import type { Part } from "../part.ts";
import { interactive } from "./elements.ts";
import { textObject } from "./mrkdwn.ts";
import { richText } from "./rich-text.ts";

function image(part: Part, view: View): Html {
	part.only("type", "alt_text", "image_url", "slack_file", "title", "block_id");
	const alt = part.get("alt_text").string();
	const title = part.maybe("title");
	const file = part.maybe("slack_file")?.only("id", "url").text("id");
	const source = file ? view.image(file) : safeAddress(part.get("image_url").string());
	const caption = title && element("figcaption", {}, textObject(title, view));
	if (source === null) return element("figure", {}, caption, element("p", { class: "missing-picture", role: "img", "aria-label": alt }, alt)); // biome-ignore format: one line
	return element("figure", {}, caption, element("img", { src: source, alt }));
}

function section(part: Part, view: View): Html {
	part.only("type", "text", "fields", "accessory", "block_id", "expand");
	const text = part.maybe("text");
	const fields = part.list("fields").map((each) => element("p", {}, textObject(each, view)));
	const accessory = part.maybe("accessory");
	return element(
		"div",
		{ class: "section" },
		element(
			"div",
			{ class: "words" },
			text && element("p", {}, textObject(text, view)),
			fields.length > 0 ? element("div", { class: "fields" }, fields) : null,
		),
		accessory && (accessory.type() === "image" ? image(accessory, view) : interactive(accessory, view)),
	);
}

function context(part: Part, view: View): Html {
	const elements = part.only("type", "elements", "block_id").list("elements");
	const drawn = elements.map((each) =>
		each.type() === "image" ? image(each, view) : element("span", {}, textObject(each, view)),
	);
	return element("div", { class: "context" }, drawn);
}

function input(part: Part, view: View): Html {
	part.only("type", "block_id", "label", "optional", "element", "hint", "dispatch_action");
	const hint = part.maybe("hint");
	return element(
		"div",
		{ class: "field", "data-block-id": part.text("block_id") },
		element(
			"label",
			{},
			element("strong", {}, textObject(part.get("label"), view)),
			part.flag("optional") ? element("span", { class: "optional" }, " (optional)") : null,
			interactive(part.get("element"), view),
		),
		hint && element("p", { class: "hint" }, textObject(hint, view)),
	);
}

function block(part: Part, view: View): Child {
	switch (part.type()) {
		case "header":
			return element("h3", { class: "header" }, textObject(part.only("type", "text", "block_id").get("text"), view));
		case "section":
			return section(part, view);
		case "context":
			return context(part, view);
		case "divider":
			part.only("type", "block_id");
			return element("hr");
		case "image":
			return image(part, view);
		case "rich_text":
			return richText(part.only("type", "elements", "block_id"), view);
		case "input":
			return input(part, view);
		case "actions": {
			const elements = part.only("type", "elements", "block_id").list("elements");
			const drawn = elements.map((each) => interactive(each, view));
			return element("div", { class: "actions", "data-block-id": part.text("block_id") }, drawn);
		}
		default:
			return part.get("type").fail("is not a block that this package can draw");
	}
}

export const blocks = (parts: readonly Part[], view: View): Child => parts.map((part) => block(part, view));
