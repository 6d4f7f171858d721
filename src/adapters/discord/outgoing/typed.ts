/** Gives typed texts back in embeds, which Discord returns to us when their button is pressed. */
import type { APIEmbed } from "discord.js";
import type { Block, TypedField } from "../../../chat/card.ts";
import { visible } from "../../../chat/text.ts";
import { beginning } from "../../../core/text/cut.ts";
import * as limit from "./limits.ts";
import { markdownOf } from "./markdown.ts";

type Typed = Extract<Block, { type: "typed" }>;

const FENCE = "```";
/** Keeps a fence inside the text from closing the block. */
const BREAKER = "\u200b";

const fenced = (text: string) => `${FENCE}\n${visible(text).replace(/`(?=``)/g, `\`${BREAKER}`)}\n${FENCE}`;

/** Reads the text out of a description that fenced() wrote; null for any other. */
function unfenced(description: string): string | null {
	const inner = /^```\n([\s\S]*)\n```$/.exec(description)?.[1];
	return inner === undefined ? null : inner.replace(new RegExp(`\`${BREAKER}(?=\`)`, "g"), "`");
}

const MENTION = /^<(?:#|@&)(\d{1,20})>$/;

/** A field as it is shown in full: a mention or a label where it can be read back, otherwise the text itself. */
function whole({ text, shown }: TypedField): string {
	const words = shown === undefined ? "" : markdownOf([shown]);
	return (typeof shown === "string" && words === shown) || MENTION.test(words) ? words : fenced(text);
}

/** The value that `whole` shows: a text, an id, or a choice's label. */
const valueIn = (description: string): string => unfenced(description) ?? MENTION.exec(description)?.[1] ?? description;

/** The longest fenced beginning of a text that fits. Fences inside the text make it longer. */
function fitting(text: string, most: number): string {
	for (let length = Math.min(text.length, most - fenced("").length); length > 0; length -= 16) {
		const whole = fenced(beginning(text, length));
		if (whole.length <= most) return whole;
	}
	return fenced("");
}

/** With more fields there would be too many embeds, and no room for their names in the button's id. */
const MAX_FIELDS = 5;
/** The name of an embed that several short fields share, one line each. */
const COMBINED_NAME = "_";
/** The longest text of a field that shares an embed, in characters. */
const SHORT = 100;
const LINE = /^([\w-]+): (.*)$/;

const isShort = ({ text }: TypedField): boolean => text.length <= SHORT && !/[\r\n]/.test(text);

/** The fields in the order of their embeds. In a large form, short fields share one. */
export function shownFields(fields: readonly TypedField[]): readonly TypedField[] {
	if (fields.length <= MAX_FIELDS) return fields;
	const lines = fields.filter(isShort).map(({ name, text }) => `${name}: ${text}`);
	const long = fields.filter((field) => !isShort(field)).slice(0, MAX_FIELDS - 1);
	return [{ name: COMBINED_NAME, label: "Your options", text: lines.join("\n") }, ...long].filter(
		({ text }) => text !== "",
	);
}

/**
 * One embed per field. What was typed is code, which clients show unchanged and copy with one press.
 * @param room characters left by the message's other embeds
 * @returns the embeds, and everything as a text file if it does not all fit
 */
export function typedEmbeds(
	{ fields }: Typed,
	colour: number,
	room: number,
): { embeds: APIEmbed[]; file: string | null } {
	let remaining = room;
	const shown = shownFields(fields);
	let isWhole = shown === fields || shown.length + fields.filter(isShort).length > fields.length;
	const embeds = shown.map((field, index): APIEmbed => {
		const { label, text } = field;
		const later = fields.slice(index + 1);
		// A long text leaves later ones the room that they need, or an equal share.
		const share = Math.floor(remaining / (later.length + 1));
		const reserved = later.reduce((sum, one) => sum + Math.min(one.label.length + whole(one).length, share), 0);
		const most = Math.min(limit.EMBED_DESCRIPTION, remaining - reserved - label.length);
		const full = whole(field);
		const description = full.length <= most ? full : fitting(text, most);
		isWhole &&= description === full;
		remaining -= label.length + description.length;
		return { color: colour, title: label, description };
	});
	const everything = fields.map(({ label, text }) => (fields.length === 1 ? text : `${label}:\n${text}`)).join("\n\n");
	return { embeds, file: isWhole ? null : visible(everything) };
}

/** Reads typed texts back from the last embeds of a message, by the names that its button carries. */
export function typedTexts(
	names: readonly string[],
	embeds: readonly { readonly description?: string | null }[],
): Record<string, string> {
	const texts = embeds.slice(-names.length).map(({ description }) => valueIn(description ?? ""));
	return Object.fromEntries(
		names.flatMap((name, index): [string, string][] => {
			const text = texts[index];
			if (!text) return [];
			if (name !== COMBINED_NAME) return [[name, text]];
			return text.split("\n").flatMap((line): [string, string][] => {
				const [, option = "", value = ""] = LINE.exec(line) ?? [];
				return value === "" ? [] : [[option, value]];
			});
		}),
	);
}
