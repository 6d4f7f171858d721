/** Draws the interactive elements of Slack's blocks. */
import { type Attributes, element, type Html, safeAddress } from "../html.ts";
import type { View } from "../options.ts";
import type { Part } from "../part.ts";
import { textObject } from "./mrkdwn.ts";

const idOf = (part: Part): Attributes => ({ "data-action-id": part.text("action_id") });

function button(part: Part, view: View): Html {
	part.only("type", "text", "action_id", "value", "style", "url", "accessibility_label");
	const style = part.text("style");
	if (style !== null && style !== "primary" && style !== "danger") part.get("style").fail("is not a button style");
	const shared = { class: `button ${style ?? ""}`.trim(), "aria-label": part.text("accessibility_label") };
	const text = textObject(part.get("text"), view);
	const address = part.text("url");
	if (address !== null) return element("a", { ...shared, ...idOf(part), href: safeAddress(address), target: "_blank", rel: "noreferrer noopener" }, text); // biome-ignore format: one line
	return element("button", { type: "button", ...shared, ...idOf(part), "data-value": part.text("value") }, text);
}

function optionWords(part: Part, view: View): Html {
	part.only("text", "value", "description", "url");
	const description = part.maybe("description");
	const words = textObject(part.get("text"), view);
	return element("span", {}, words, description && element("small", {}, textObject(description, view)));
}

/** Checkboxes, or radio buttons. */
function choiceList(part: Part, view: View, type: "checkbox" | "radio"): Html {
	part.only("type", "action_id", "options", "initial_options", "initial_option");
	const chosen = [...part.list("initial_options"), ...[part.maybe("initial_option")].flatMap((one) => one ?? [])];
	const values = new Set(chosen.map((each) => each.get("value").string()));
	const name = part.text("action_id");
	const options = part.list("options").map((each) => {
		const value = each.get("value").string();
		const input = element("input", { type, name, value, checked: values.has(value) });
		return element("label", { class: "option" }, input, optionWords(each, view));
	});
	return element("fieldset", { class: "ticks", ...idOf(part) }, options);
}

function menu(part: Part, view: View): Html {
	part.only("type", "action_id", "options");
	const options = part.list("options").map((each) => {
		const value = each.get("value").string();
		return element("button", { type: "button", class: "item", "data-value": value }, optionWords(each, view));
	});
	const summary = element("summary", { "aria-label": "More" }, "⋯");
	return element("details", { class: "overflow", ...idOf(part) }, summary, element("div", { class: "items" }, options));
}

function select(part: Part, view: View): Html {
	part.only("type", "action_id", "options", "initial_option", "placeholder");
	const initial = part.maybe("initial_option")?.get("value").string();
	const placeholder = part.maybe("placeholder");
	const none = element("option", { value: "" }, placeholder ? textObject(placeholder, view) : "Select an item");
	const options = part.list("options").map((each) => {
		const value = each.only("text", "value", "description").get("value").string();
		return element("option", { value, selected: value === initial }, textObject(each.get("text"), view));
	});
	return element("select", { class: "input", ...idOf(part) }, initial === undefined ? none : null, options);
}

/** A select of channels or members. Slack knows the choices, so the payload has only the chosen one. */
function knownChoices(part: Part, view: View, kind: "channel" | "member", initial: string | null, words: string): Html {
	const sign = kind === "channel" ? "# " : "@ ";
	const chosen = initial === null ? element("option", { value: "" }, words) : element("option", { value: initial, selected: true }, sign, view.name(kind, initial)); // biome-ignore format: one line
	return element("select", { class: "input", ...idOf(part), "data-kind": kind }, chosen);
}

function textInput(part: Part): Html {
	part.only("type", "action_id", "multiline", "max_length", "min_length", "initial_value", "placeholder", "focus_on_load"); // biome-ignore format: one line
	const hint = part.maybe("placeholder");
	const shared = {
		class: "input",
		...idOf(part),
		maxlength: part.maybe("max_length")?.number() ?? null,
		placeholder: hint ? hint.get("text").string() : null,
	};
	const value = part.text("initial_value");
	if (part.flag("multiline")) return element("textarea", { ...shared, rows: 4 }, value ?? "");
	return element("input", { type: "text", ...shared, value });
}

/** @param part an element of an actions block or an input, or a section's accessory */
export function interactive(part: Part, view: View): Html {
	switch (part.type()) {
		case "button":
			return button(part, view);
		case "overflow":
			return menu(part, view);
		case "checkboxes":
			return choiceList(part, view, "checkbox");
		case "radio_buttons":
			return choiceList(part, view, "radio");
		case "static_select":
			return select(part, view);
		case "conversations_select":
			part.only(
				"type",
				"action_id",
				"filter",
				"initial_conversation",
				"placeholder",
				"default_to_current_conversation",
			);
			return knownChoices(part, view, "channel", part.text("initial_conversation"), "Select a conversation");
		case "users_select":
			part.only("type", "action_id", "initial_user", "placeholder");
			return knownChoices(part, view, "member", part.text("initial_user"), "Select a member");
		case "timepicker":
			part.only("type", "action_id", "initial_time", "placeholder", "timezone");
			return element("input", { type: "time", class: "input", ...idOf(part), value: part.text("initial_time") });
		case "datepicker":
			part.only("type", "action_id", "initial_date", "placeholder");
			return element("input", { type: "date", class: "input", ...idOf(part), value: part.text("initial_date") });
		case "plain_text_input":
			return textInput(part);
		case "file_input":
			part.only("type", "action_id", "filetypes", "max_files");
			return element("input", { type: "file", class: "input", ...idOf(part) });
		default:
			return part.get("type").fail("is not an element that this package can draw");
	}
}
