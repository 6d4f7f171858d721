/** Draws a Discord modal. */
import { type Child, element, type Html } from "../html.ts";
import type { View } from "../options.ts";
import type { Part } from "../part.ts";
import { COMPONENT, control } from "./controls.ts";
import { markdown } from "./markdown.ts";

function labelled(part: Part, view: View): Html {
	part.only("type", "label", "description", "component", "id");
	const inner = part.get("component");
	const description = part.text("description");
	const isRequired = inner.maybe("required")?.value !== false;
	return element(
		"div",
		{ class: "field" },
		element(
			"p",
			{ class: "label" },
			part.get("label").string(),
			isRequired ? element("span", { class: "required" }, " *") : null,
		),
		description && element("p", { class: "description" }, description),
		control(inner, view),
	);
}

function component(part: Part, view: View): Child {
	switch (part.type()) {
		case COMPONENT.text:
			part.only("type", "content", "id");
			return element("div", { class: "text" }, markdown(part.get("content").string(), view));
		case COMPONENT.label:
			return labelled(part, view);
		default:
			return part.get("type").fail("is not a part of a modal that this package can draw");
	}
}

/** @param part a modal as sent in response to an interaction: `custom_id`, `title`, `components` */
export function discordModal(part: Part, view: View): Html {
	part.only("custom_id", "title", "components");
	const title = part.get("title").string();
	return element(
		"form",
		{ class: "modal", "aria-label": title, "data-custom-id": part.get("custom_id").string() },
		element("h2", {}, title),
		part.list("components").map((each) => component(each, view)),
		element(
			"footer",
			{},
			element("button", { type: "button", class: "button secondary", "data-close": true }, "Cancel"),
			element("button", { type: "submit", class: "button primary" }, "Submit"),
		),
	);
}
