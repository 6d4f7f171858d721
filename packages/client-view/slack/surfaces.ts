/** Draws the places where Slack shows blocks: a message, a modal, the Home tab. */
import { clockTime } from "../dates.ts";
import { type Child, element, group, type Html } from "../html.ts";
import type { View, ViewOptions } from "../options.ts";
import type { Part } from "../part.ts";
import { blocks } from "./blocks.ts";
import { mrkdwn, textObject } from "./mrkdwn.ts";

/** Invisible fields of a message's body, which say where it goes. */
const UNSEEN = ["channel", "user", "thread_ts", "metadata", "unfurl_links", "unfurl_media", "response_type", "replace_original", "reply_broadcast", "ts"]; // biome-ignore format: one line

function header(view: View): Html {
	return element(
		"header",
		{},
		element("strong", { class: "author" }, view.author),
		element("span", { class: "badge" }, "APP"),
		element("time", { datetime: view.at.toISOString() }, clockTime(view.at, view, 12)),
	);
}

/** Draws the blocks if there are any: the text beside them is only for notifications. */
function content(part: Part, view: View): Child {
	const drawn = part.list("blocks");
	if (drawn.length > 0) return blocks(drawn, view);
	const text = part.get("text");
	return element("p", {}, mrkdwn(text.string(), text, view));
}

export function slackMessage(part: Part, view: View, { ephemeral = false }: ViewOptions): Html {
	part.only("text", "blocks", ...UNSEEN);
	const isPrivate = ephemeral || part.text("response_type") === "ephemeral";
	return element(
		"article",
		{ class: isPrivate ? "message private" : "message" },
		isPrivate ? element("p", { class: "visibility" }, "Only visible to you") : null,
		element("span", { class: "avatar", "aria-hidden": "true" }, view.author.slice(0, 1).toUpperCase()),
		element("div", { class: "body" }, header(view), content(part, view)),
	);
}

export function slackHome(part: Part, view: View): Html {
	part.only("type", "blocks", "private_metadata", "callback_id", "external_id");
	const tabs = ["Home", "Messages", "About"].map((name) =>
		element("span", name === "Home" ? { class: "active" } : {}, name),
	);
	return element(
		"article",
		{ class: "home" },
		element("header", {}, element("strong", { class: "author" }, view.author)),
		element("nav", { class: "tabs", "aria-hidden": "true" }, tabs),
		element("div", { class: "body" }, blocks(part.list("blocks"), view)),
	);
}

export function slackModal(part: Part, view: View): Html {
	part.only("type", "blocks", "title", "submit", "close", "private_metadata", "callback_id", "external_id", "clear_on_close", "notify_on_close"); // biome-ignore format: one line
	const submit = part.maybe("submit");
	const close = part.maybe("close");
	const title = part.get("title");
	return element(
		"form",
		{ class: "modal", "aria-label": title.get("text").string() },
		element("header", {}, element("h2", {}, textObject(title, view)), element("span", { "aria-hidden": "true" }, "✕")),
		element("div", { class: "body" }, blocks(part.list("blocks"), view)),
		element(
			"footer",
			{},
			close && element("button", { type: "button", class: "button", "data-close": true }, textObject(close, view)),
			submit && element("button", { type: "submit", class: "button primary" }, textObject(submit, view)),
		),
	);
}

/** Draws a message, a modal or the Home tab, by its type. */
export function slackSurface(part: Part, view: View, options: ViewOptions): Html {
	const type = part.text("type");
	if (type === "home") return slackHome(part, view);
	if (type === "modal") return slackModal(part, view);
	return type === null ? group(slackMessage(part, view, options)) : part.get("type").fail("is not a Slack surface");
}
