/** Draws any text on a picture as one line, cut to its width. */
import type { SKRSContext2D } from "@napi-rs/canvas";
import { graphemes, hasRightToLeft, oneLine } from "../../chat/picture-text.ts";
import { type FontWeight, fontOf } from "./fonts.ts";
import { PALETTE, type TextColour } from "./palette.ts";

export interface Lettering {
	readonly size: number;
	/** The text may shrink to this size before it is cut; default `size`. */
	readonly smallest?: number;
	readonly weight: FontWeight;
	readonly colour: TextColour;
	readonly align?: "left" | "right" | "center";
}

/** A noncharacter: no font has it, so it is as wide as a missing letter. */
const MISSING = "\u{10fffe}";
const ELLIPSIS = "…";
/** More graphemes than fit on any picture; the rest need not be measured. */
const MAX_GRAPHEMES = 200;

function measure(context: SKRSContext2D, text: string): string {
	const box = context.measureText(text);
	return [box.width, box.actualBoundingBoxRight, box.actualBoundingBoxAscent, box.actualBoundingBoxDescent].join(" ");
}

/**
 * Removes characters that no font of this machine has and that would show as boxes: emoji are dropped, other letters
 * become an ellipsis.
 */
function drawable(context: SKRSContext2D, characters: readonly string[]): string[] {
	if (characters.every((character) => /^[\u0020-\u024f]*$/.test(character))) return [...characters];
	context.save();
	context.font = fontOf(500, 100);
	const missing = measure(context, MISSING);
	const kept: string[] = [];
	for (const character of characters) {
		const lacking = Array.from(character).some((point) => measure(context, point) === missing);
		if (!lacking) kept.push(character);
		else if (!/\p{Extended_Pictographic}/u.test(character) && kept.at(-1) !== ELLIPSIS) kept.push(ELLIPSIS);
	}
	context.restore();
	const text = kept.join("").replace(/\s+/g, " ").trim();
	return graphemes(text === "" ? ELLIPSIS : text);
}

/** The longest beginning that fits, with an ellipsis if something is cut off. */
function cutToWidth(context: SKRSContext2D, characters: readonly string[], width: number): string {
	const whole = characters.join("");
	if (context.measureText(whole).width <= width) return whole;
	let fits = 0;
	let tooLong = characters.length;
	const beginning = (length: number) => `${characters.slice(0, length).join("").trimEnd()}${ELLIPSIS}`;
	while (tooLong - fits > 1) {
		const middle = Math.floor((fits + tooLong) / 2);
		if (context.measureText(beginning(middle)).width <= width) fits = middle;
		else tooLong = middle;
	}
	return beginning(fits);
}

/** Sets the font to the largest allowed size at which the text fits. */
function setFont(context: SKRSContext2D, text: string, width: number, lettering: Lettering): void {
	const smallest = lettering.smallest ?? lettering.size;
	let { size } = lettering;
	context.font = fontOf(lettering.weight, size);
	while (size > smallest && context.measureText(text).width > width) {
		size = Math.max(smallest, size - 2);
		context.font = fontOf(lettering.weight, size);
	}
}

/** Draws one line with its baseline at `y`, cut to `width`. */
export function drawText(
	context: SKRSContext2D,
	text: string,
	at: { readonly x: number; readonly y: number; readonly width: number },
	lettering: Lettering,
): void {
	const characters = drawable(context, graphemes(oneLine(text)).slice(0, MAX_GRAPHEMES));
	setFont(context, characters.join(""), at.width, lettering);
	context.fillStyle = PALETTE[lettering.colour];
	context.textAlign = lettering.align ?? "left";
	const firstLetter = characters.find((character) => /\p{L}/u.test(character));
	context.direction = firstLetter !== undefined && hasRightToLeft(firstLetter) ? "rtl" : "ltr";
	context.fillText(cutToWidth(context, characters, at.width), at.x, at.y);
}
