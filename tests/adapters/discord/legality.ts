import { ComponentType } from "discord.js";
import { readMessage } from "../../../packages/local-discord/bodies-check.ts";
import { InvalidBody } from "../../../packages/local-discord/failures.ts";
import { readControlId } from "../../../src/adapters/discord/incoming/control-id.ts";
import type { RenderOptions } from "../../../src/adapters/discord/outgoing/controls.ts";
import { codeText } from "../../../src/adapters/discord/outgoing/markdown.ts";
import { type Message, render } from "../../../src/adapters/discord/outgoing/render.ts";
import { messageBody } from "../../../src/adapters/discord/outgoing/rest.ts";
import type { Block, Card, Text } from "../../../src/chat/card.ts";
import { COMMANDS } from "../../../src/chat/commands/index.ts";

/** Why Discord would refuse the messages of a card. */
export function problemsOf(card: Card, options: RenderOptions = {}): string[] {
	return render(card, options).flatMap((message) => {
		const files = message.pictures.map(({ name }, index) => ({
			key: String(index),
			name,
			contentType: "image/png",
			bytes: new Uint8Array(1),
		}));
		const body: unknown = JSON.parse(
			JSON.stringify(
				messageBody(
					message,
					files.map(({ name }) => ({ name, data: "" })),
				),
			),
		);
		try {
			readMessage("create", {
				method: "POST",
				path: "",
				route: "",
				params: {},
				query: new URLSearchParams(),
				body,
				files,
				at: 0,
			});
			return [];
		} catch (error) {
			if (!(error instanceof InvalidBody)) throw error;
			return error.problems.map((problem) => `${card.title}: ${problem.path.join(".")}: ${problem.message}`);
		}
	});
}

interface Control {
	readonly customId: string;
	readonly label: string;
	readonly values: readonly string[];
}

export function controlsOf(message: Message): Control[] {
	return message.components.flatMap((row) =>
		row.components.flatMap((part): Control[] => {
			if (!("custom_id" in part)) return [];
			const label = "label" in part ? (part.label ?? "") : "";
			return [
				{
					customId: part.custom_id,
					label,
					values: "options" in part ? part.options.map((option) => option.value) : [],
				},
			];
		}),
	);
}

/** The calls in a card's controls, as they are read back. */
export function callsOf(card: Card, options: RenderOptions = {}) {
	return render(card, options).flatMap((message) =>
		controlsOf(message).map(({ customId }) => readControlId(customId, COMMANDS)),
	);
}

/** Only letters and digits, which markup and line breaks cannot change. */
export const flat = (text: string): string => text.normalize("NFC").replace(/[^\p{L}\p{N}]/gu, "");

/** The texts of a menu: it alone shows the items of a short checklist. */
function menuTexts(control: Message["components"][number]["components"][number]): string[] {
	if (control.type !== ComponentType.StringSelect) return [];
	const options = control.options.map(({ label, description = "" }) => `${label} ${description}`);
	return [control.placeholder ?? "", ...options];
}

/** Everything a reader sees of the messages, flattened, without the labels of buttons. */
export function shownText(messages: readonly Message[]): string {
	const embeds = messages.flatMap((message) => message.embeds);
	const parts = [
		// A text may continue in the next embed, with other texts in between.
		...embeds.flatMap((embed) => [embed.title ?? "", embed.description ?? ""]),
		...embeds.flatMap((embed) => (embed.fields ?? []).flatMap((field) => [field.name, field.value])),
		...embeds.map((embed) => embed.footer?.text ?? ""),
		...messages.flatMap((message) => message.pictures.map((picture) => picture.alternative)),
		...messages.flatMap((message) => message.components.flatMap((row) => row.components.flatMap(menuTexts))),
	];
	return flat(parts.join(""));
}

/** The texts of a card that must be found in what is shown. */
export function textsOf(card: Card): string[] {
	const text = (value: Text): string =>
		typeof value === "string"
			? value
			: value.map((inline) => (typeof inline === "string" ? inline : "text" in inline ? inline.text : "")).join("");
	const ofBlock = (block: Block): string[] => {
		switch (block.type) {
			case "text":
			case "note":
				return [text(block.text)];
			case "heading":
			case "quote":
				return [block.text];
			case "preformatted":
				return [codeText(block)];
			case "list":
				return block.items.map(text);
			case "facts":
				return block.facts.flatMap((fact) => [fact.name, text(fact.value)]);
			case "picture":
				return [block.alternative];
			case "checklist":
				return [block.label, ...block.items];
			case "typed":
				return block.fields.flatMap(({ label, text }) => [label, text]);
			case "actions":
				return [];
		}
	};
	return [card.title, ...card.blocks.flatMap(ofBlock)];
}
