/** Renders buttons and lists to tick as rows of controls. */
import {
	type APIActionRowComponent,
	type APIComponentInMessageActionRow,
	ButtonStyle,
	ComponentType,
} from "discord.js";
import { type Block, type Button, type Card, REOPEN } from "../../../chat/card.ts";
import { visible } from "../../../chat/text.ts";
import { beginning } from "../../../core/text/cut.ts";
import { controlId, type Front, type Suffix } from "../incoming/control-id.ts";
import { cut } from "./cut.ts";
import * as limit from "./limits.ts";
import { shownFields } from "./typed.ts";

export type Row = APIActionRowComponent<APIComponentInMessageActionRow>;

export interface RenderOptions {
	/** The server of the buttons, for direct messages, which have none. */
	readonly workspaceId?: string;
	/** Marks the delivery, so that its message can be found later. */
	readonly mark?: string;
}

const BUTTON_STYLES = {
	primary: ButtonStyle.Primary,
	secondary: ButtonStyle.Secondary,
	danger: ButtonStyle.Danger,
} as const;
/** Gives out custom ids that are unique in a message. */
class Ids {
	readonly #given = new Set<string>();
	readonly #options: RenderOptions;
	#marked: boolean;

	constructor(options: RenderOptions) {
		this.#options = options;
		this.#marked = options.mark === undefined;
	}

	of(call: Button["call"], front: Front = {}): string {
		const { workspaceId, mark } = this.#options;
		if (!this.#marked) {
			// The first control with enough room carries the mark.
			const plain = controlId(call, { workspaceId }, front);
			const marked = `${plain} ~${mark}`;
			if (marked.length <= limit.CUSTOM_ID) {
				this.#marked = true;
				this.#given.add(plain);
				return marked;
			}
		}
		for (let number = 1; ; number += 1) {
			const suffix: Suffix = { workspaceId, tag: number === 1 ? undefined : String(number) };
			const id = controlId(call, suffix, front);
			if (this.#given.has(id)) continue;
			this.#given.add(id);
			return id;
		}
	}
}

/** Buttons in a row: an even number if that needs no more rows, since a phone shows two beside each other. */
function rowLength(buttons: number): number {
	const even = limit.ROW_BUTTONS - (limit.ROW_BUTTONS % 2);
	const needsMore = Math.ceil(buttons / even) > Math.ceil(buttons / limit.ROW_BUTTONS);
	return needsMore ? limit.ROW_BUTTONS : even;
}

function buttonRows(buttons: readonly Button[], ids: Ids): Row[] {
	const rows: Row[] = [];
	const length = rowLength(buttons.length);
	for (let from = 0; from < buttons.length; from += length)
		rows.push({
			type: ComponentType.ActionRow,
			components: buttons.slice(from, from + length).map(({ label, call, style }) => ({
				type: ComponentType.Button,
				style: BUTTON_STYLES[style],
				label: cut(visible(label), limit.BUTTON_LABEL),
				custom_id: ids.of(call),
			})),
		});
	return rows;
}

/** One select for up to 24 items plus "none of these", which a select cannot say otherwise. */
const SELECT_DESCRIPTION = limit.SELECT_LABEL;

/** An item as an option's label, and as its description what does not fit there. */
function tickTexts(item: string, index: number): { label: string; description?: string } {
	const text = `${index + 1}. ${visible(item)}`;
	if (text.length <= limit.SELECT_LABEL) return { label: text };
	const space = text.lastIndexOf(" ", limit.SELECT_LABEL);
	const label = space > limit.SELECT_LABEL / 2 ? text.slice(0, space) : beginning(text, limit.SELECT_LABEL);
	return { label, description: cut(text.slice(label.length).trim(), SELECT_DESCRIPTION) };
}

/** Whether a menu shows all items in full. If not, the message lists them. */
export const fitsMenu = (items: readonly string[]): boolean =>
	items.every((item, index) => {
		const { label, description = "" } = tickTexts(item, index);
		return !label.endsWith("…") && !description.endsWith("…");
	});

const tickValue = ({ ticked }: Extract<Block, { type: "checklist" }>, number: number) => ({
	value: String(number),
	...(ticked?.includes(number) ? { default: true } : {}),
});

function checklistRows(block: Extract<Block, { type: "checklist" }>, ids: Ids): Row[] {
	const rows: Row[] = [];
	const most = limit.SELECT_OPTIONS - 1;
	for (let from = 0; from < block.items.length; from += most) {
		const options = block.items.slice(from, from + most).map((item, index) => ({
			...tickTexts(item, from + index),
			...tickValue(block, from + index + 1),
		}));
		const all = [
			...options,
			{ label: "None of these", value: "0", ...(block.ticked?.length === 0 ? { default: true } : {}) },
		];
		const placeholder = cut(visible(block.label), limit.SELECT_PLACEHOLDER);
		const custom_id = ids.of(block.call, { ticks: block.option });
		rows.push({
			type: ComponentType.ActionRow,
			components: [
				{
					type: ComponentType.StringSelect,
					custom_id,
					placeholder,
					min_values: 1,
					max_values: all.length,
					options: all,
				},
			],
		});
	}
	return rows;
}

/** The rows of a card, in its order, with unique custom ids. */
export function controlRows(card: Card, options: RenderOptions): Row[] {
	const ids = new Ids(options);
	return card.blocks.flatMap((block) => {
		if (block.type === "actions") return buttonRows(block.buttons, ids);
		if (block.type === "typed") return reopenRows(block, ids);
		return block.type === "checklist" ? checklistRows(block, ids) : [];
	});
}

/** Opens the form again with the texts read back from the button's message. */
function reopenRows({ fields, reopen }: Extract<Block, { type: "typed" }>, ids: Ids): Row[] {
	if (!reopen) return [];
	const custom_id = ids.of(reopen, { typed: shownFields(fields).map(({ name }) => name) });
	const style = ButtonStyle.Primary;
	return [
		{ type: ComponentType.ActionRow, components: [{ type: ComponentType.Button, style, label: REOPEN, custom_id }] },
	];
}
