/** What all pictures share. Lengths are CSS pixels of a phone 360 wide, on which no text is smaller than 13. */
import type { SKRSContext2D } from "@napi-rs/canvas";
import { drawText, type Lettering } from "./text.ts";

export const WIDTH = 360;
export const MARGIN = 12;
const TITLE_BASELINE = 30;
/** The top of the part below the title. */
export const BODY_TOP = 42;

export const TITLE: Lettering = { size: 17, weight: 700, colour: "text" };
export const LABEL: Lettering = { size: 13, weight: 500, colour: "muted" };
export const WORDS: Lettering = { size: 13, weight: 500, colour: "text" };

export interface Size {
	readonly width: number;
	readonly height: number;
}

export interface Box extends Size {
	readonly x: number;
	readonly y: number;
}

export function drawTitle(context: SKRSContext2D, title: string): void {
	drawText(context, title, { x: MARGIN, y: TITLE_BASELINE, width: WIDTH - 2 * MARGIN }, TITLE);
}

/** A legend entry: a mark and its words. */
export interface LegendEntry {
	readonly words: string;
	draw(context: SKRSContext2D, x: number, y: number, size: number): void;
}

const LEGEND = { size: 14, row: 22, gap: 6 } as const;

/** The height of a legend with this many entries. */
export const legendHeight = (entries: number, columns: number): number => Math.ceil(entries / columns) * LEGEND.row;

/** Draws entries in columns of equal width, from the upper left corner at `y`. */
export function drawLegend(
	context: SKRSContext2D,
	entries: readonly LegendEntry[],
	{ y: top, columns }: { readonly y: number; readonly columns: number },
): void {
	const width = (WIDTH - 2 * MARGIN) / columns;
	for (const [index, { words, draw }] of entries.entries()) {
		const x = MARGIN + (index % columns) * width;
		const y = top + Math.floor(index / columns) * LEGEND.row;
		draw(context, x, y, LEGEND.size);
		const left = x + LEGEND.size + LEGEND.gap;
		drawText(context, words, { x: left, y: y + 12, width: x + width - left }, LABEL);
	}
}
