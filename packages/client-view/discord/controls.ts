/** Draws the buttons and select menus below a message, and the inputs of a modal. */
import { type Child, element, type Html, safeAddress } from "../html.ts";
import type { View } from "../options.ts";
import type { Part } from "../part.ts";

/** Discord's component types, as payloads number them. */
export const COMPONENT = {
	row: "1",
	button: "2",
	stringSelect: "3",
	textInput: "4",
	roleSelect: "6",
	channelSelect: "8",
	text: "10",
	label: "18",
	fileUpload: "19",
} as const;

const BUTTON_STYLES: Readonly<Record<number, string>> = { 1: "primary", 2: "secondary", 3: "success", 4: "danger" };
const LINK_STYLE = 5;

function button(part: Part): Html {
	part.only("type", "style", "label", "custom_id", "disabled", "url");
	const style = part.get("style");
	const label = part.get("label").string();
	const disabled = part.flag("disabled");
	if (style.number() === LINK_STYLE) {
		const href = safeAddress(part.get("url").string());
		return element("a", { class: "button link", href, rel: "noreferrer noopener", target: "_blank" }, label, " ↗");
	}
	const name = BUTTON_STYLES[style.number()] ?? style.fail("is not a button style");
	const id = part.get("custom_id").string();
	return element("button", { type: "button", class: `button ${name}`, "data-custom-id": id, disabled }, label);
}

function option(part: Part, name: string, isOne: boolean): Html {
	part.only("label", "value", "description", "default");
	const type = isOne ? "radio" : "checkbox";
	const description = part.text("description");
	return element(
		"label",
		{ class: "option" },
		element("input", { type, name, value: part.get("value").string(), checked: part.flag("default") }),
		element("span", {}, part.get("label").string(), description && element("small", {}, description)),
	);
}

/** A menu that opens without a script. Its ticked options are its values. */
function stringSelect(part: Part): Html {
	part.only("type", "custom_id", "placeholder", "min_values", "max_values", "options", "required", "disabled");
	const id = part.get("custom_id").string();
	const most = part.maybe("max_values")?.number() ?? 1;
	const options = part.list("options");
	const chosen = options.filter((each) => each.flag("default")).map((each) => each.get("label").string());
	const shown = chosen.length > 0 ? chosen.join(", ") : (part.text("placeholder") ?? "Make a selection");
	return element(
		"details",
		{ class: "select", "data-custom-id": id, "data-most": most },
		element("summary", chosen.length > 0 ? { class: "chosen" } : {}, element("span", {}, shown)),
		element("div", { class: "options" }, options.map((each) => option(each, id, most === 1))), // biome-ignore format: one line
	);
}

/** A menu of channels or roles. A client fills it. */
function pickerOf(part: Part, kind: "channel" | "role", view: Pick<View, "name">): Html {
	part.only("type", "custom_id", "placeholder", "channel_types", "default_values", "required", "min_values", "max_values"); // biome-ignore format: one line
	const [preset] = part.list("default_values");
	const shown = preset
		? `${kind === "channel" ? "# " : "@"}${view.name(kind, preset.only("id", "type").get("id").string())}`
		: (part.text("placeholder") ?? "Make a selection");
	return element(
		"details",
		{ class: "select", "data-custom-id": part.get("custom_id").string(), "data-kind": kind },
		element("summary", preset ? { class: "chosen" } : {}, element("span", {}, shown)),
	);
}

function textInput(part: Part): Html {
	part.only("type", "custom_id", "style", "required", "min_length", "max_length", "placeholder", "value", "label");
	const shared = {
		class: "input",
		"data-custom-id": part.get("custom_id").string(),
		maxlength: part.maybe("max_length")?.number() ?? null,
		placeholder: part.text("placeholder"),
		required: part.maybe("required")?.value !== false,
	};
	const value = part.text("value");
	const style = part.get("style").number();
	if (style === 2) return element("textarea", { ...shared, rows: 4 }, value ?? "");
	return style === 1
		? element("input", { type: "text", ...shared, value })
		: part.get("style").fail("is not an input style");
}

function fileUpload(part: Part): Html {
	part.only("type", "custom_id", "required", "min_values", "max_values");
	const id = part.get("custom_id").string();
	return element(
		"span",
		{ class: "upload", "data-custom-id": id },
		"Drop a file here, or ",
		element("u", {}, "browse"),
	);
}

/** Draws a control of any kind. */
export function control(part: Part, view: Pick<View, "name">): Html {
	switch (part.type()) {
		case COMPONENT.button:
			return button(part);
		case COMPONENT.stringSelect:
			return stringSelect(part);
		case COMPONENT.channelSelect:
			return pickerOf(part, "channel", view);
		case COMPONENT.roleSelect:
			return pickerOf(part, "role", view);
		case COMPONENT.textInput:
			return textInput(part);
		case COMPONENT.fileUpload:
			return fileUpload(part);
		default:
			return part.get("type").fail("is not a component that this package can draw");
	}
}

/** Draws the rows of controls below a message. */
export function controlRows(rows: readonly Part[], view: Pick<View, "name">): Child {
	return rows.map((row) => {
		if (row.type() !== COMPONENT.row) row.get("type").fail("is not a row of controls");
		row.only("type", "components", "id");
		return element("div", { class: "row" }, row.list("components").map((each) => control(each, view))); // biome-ignore format: one line
	});
}
