/** Renders a card's controls: rows of buttons with a menu, checklists, and typed texts with their button. */
import type { ActionsBlock, ActionsBlockElement, Checkboxes } from "@slack/types";
import { type Block, type Button, REOPEN } from "../../../chat/card.ts";
import { cut } from "../../../core/text/cut.ts";
import {
	actionId,
	CALL_ACTION,
	callValue,
	DONE_ACTION,
	doneValue,
	MENU_ACTION,
	REOPEN_ACTION,
	reopenValue,
	TICK_ACTION,
} from "../incoming/calls.ts";
import * as limits from "./limits.ts";
import {
	headingParts,
	markedLines,
	type Part,
	plainText,
	richText,
	textParts,
	wordsAsTheyAre,
} from "./render-texts.ts";
import { pieces, preformatted } from "./rich-text.ts";

/** Further buttons go into an overflow menu if they fit into one. */
const MAX_BUTTONS = 2 * limits.ROW;
function buttonElement(button: Button, index: number): ActionsBlockElement {
	const value = callValue(button.call);
	if (value.length > limits.BUTTON_VALUE) throw new Error(`the call of a button is too long: ${button.call.command}`);
	const style = button.style === "secondary" ? {} : { style: button.style };
	return {
		type: "button",
		action_id: actionId(CALL_ACTION, index),
		text: wordsAsTheyAre(cut(button.label, limits.LABEL)),
		value,
		...style,
	};
}

function menuElement(buttons: readonly Button[], index: number): ActionsBlockElement {
	const options = buttons.map((button) => ({
		text: wordsAsTheyAre(cut(button.label, limits.LABEL)),
		value: callValue(button.call),
	}));
	return { type: "overflow", action_id: actionId(MENU_ACTION, index), options };
}

/** Whether these buttons fit into an overflow menu. */
function fitsMenu(buttons: readonly Button[]): boolean {
	return (
		buttons.length >= limits.MIN_OVERFLOW &&
		buttons.length <= limits.MAX_OVERFLOW &&
		buttons.every((button) => callValue(button.call).length <= limits.OPTION_VALUE)
	);
}

function elementLengthOf(element: ActionsBlockElement): number {
	if (element.type === "button") return element.text.text.length;
	if (element.type === "overflow" || element.type === "checkboxes")
		return element.options.reduce(
			(sum, option) => sum + option.text.text.length + (option.description?.text.length ?? 0),
			0,
		);
	return 0;
}

function actionsPart(elements: ActionsBlockElement[]): Part {
	const block: ActionsBlock = { type: "actions", elements };
	return { block, length: elements.reduce((sum, element) => sum + elementLengthOf(element), 0) };
}

export function actions(buttons: readonly Button[]): Part[] {
	const spare = buttons.slice(MAX_BUTTONS);
	const shown = fitsMenu(spare) ? buttons.slice(0, MAX_BUTTONS) : buttons;
	const elements = shown.map(buttonElement);
	if (shown.length < buttons.length) elements.push(menuElement(spare, elements.length));
	const rows: Part[] = [];
	for (let from = 0; from < elements.length; from += limits.ROW)
		rows.push(actionsPart(elements.slice(from, from + limits.ROW)));
	return rows;
}

type Checklist = Extract<Block, { type: "checklist" }>;

/** An item as an option, its second half as the description. The text above shows a longer item in full. */
function tickOption(item: string, index: number) {
	const label = `${index + 1}. ${item}`;
	const [first = label, ...rest] = pieces(label, limits.LABEL);
	const description = rest.join("").trim();
	return {
		text: wordsAsTheyAre(first.trim()),
		value: String(index + 1),
		...(description === "" ? {} : { description: wordsAsTheyAre(cut(description, limits.LABEL)) }),
	};
}

function checkboxes({ ticked }: Checklist, all: readonly ReturnType<typeof tickOption>[], from: number): Checkboxes {
	const options = all.slice(from, from + limits.CHECKBOXES);
	const initial = options.filter(({ value }) => ticked?.includes(Number(value)));
	return {
		type: "checkboxes",
		action_id: actionId(TICK_ACTION, from / limits.CHECKBOXES),
		options,
		...(initial.length > 0 ? { initial_options: initial } : {}),
	};
}

export function checklist(block: Checklist): Part[] {
	const options = block.items.map(tickOption);
	const elements: ActionsBlockElement[] = [];
	for (let from = 0; from < options.length; from += limits.CHECKBOXES) elements.push(checkboxes(block, options, from));
	elements.push({
		type: "button",
		action_id: actionId(DONE_ACTION, 0),
		text: plainText("Done"),
		value: doneValue(block.call, block.option),
		style: "primary",
	});
	const cutShort = block.items.some((item) => item.length > 2 * limits.LABEL - 10);
	return [
		...headingParts(block.label),
		...(cutShort
			? markedLines(
					block.items.map((text) => [{ type: "plain" as const, text }]),
					(index) => `${index + 1}.`,
				)
			: []),
		actionsPart(elements),
	];
}

/** Typed texts as they are. The button carries them if they fit. */
export function typed({ fields, reopen }: Extract<Block, { type: "typed" }>): Part[] {
	const texts = fields.flatMap(({ label, text, shown }) => [
		...headingParts(label),
		...(shown === undefined
			? pieces(text, limits.RUN).map((piece) => richText([preformatted(piece)]))
			: textParts([shown])),
	]);
	const value = reopen && reopenValue(reopen, fields);
	if (value === null || value.length > limits.BUTTON_VALUE) return texts;
	const text = plainText(REOPEN);
	return [
		...texts,
		actionsPart([{ type: "button", action_id: actionId(REOPEN_ACTION, 0), text, value, style: "primary" }]),
	];
}
