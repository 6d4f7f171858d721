/** Draws the bank as a map of predicted recall: lines of squares for each category, one square per question. */
import type { SKRSContext2D } from "@napi-rs/canvas";
import { RECALL_MARK_WORDS, RECALL_MARKS, type RecallMap, type RecallMark } from "../../chat/picture-text.ts";
import { BODY_TOP, drawLegend, drawTitle, LABEL, legendHeight, MARGIN, type Size, WIDTH, WORDS } from "./layout.ts";
import { drawRecall } from "./marks.ts";
import { drawText, type Lettering } from "./text.ts";

const NAME_WIDTH = 96;
const CELL = { size: 10, step: 11.85 } as const;
const SQUARES_LEFT = MARGIN + NAME_WIDTH + 4;
export const SQUARES_A_LINE = Math.floor((WIDTH - MARGIN - SQUARES_LEFT + CELL.step - CELL.size) / CELL.step);
/** Space between categories. */
const GAP = 6;
const LEGEND_COLUMNS = 2;

const linesOf = (marks: readonly RecallMark[]): number => Math.max(1, Math.ceil(marks.length / SQUARES_A_LINE));

/** The figures above the map, side by side: a name, a large value and a note. */
const VALUE: Lettering = { size: 24, smallest: 15, weight: 700, colour: "text" };
const FIGURE = { name: 16, value: 43, note: 62, height: 74, gap: 12 } as const;
const headHeight = ({ figures }: RecallMap): number => (figures.length === 0 ? 0 : FIGURE.height);

/** The top of each category's squares, and the bottom of the last ones. */
function topsOf(map: RecallMap): number[] {
	const { groups } = map;
	const tops = [BODY_TOP + 2 + headHeight(map)];
	for (const { marks } of groups) tops.push((tops.at(-1) ?? 0) + linesOf(marks) * CELL.step + GAP);
	return tops;
}

export const recallMapSize = (map: RecallMap): Size => ({
	width: WIDTH,
	height: (topsOf(map).at(-1) ?? 0) + 6 + legendHeight(RECALL_MARKS.length, LEGEND_COLUMNS) + MARGIN - 7,
});

/** The position of a question's square, by the indexes of its category and of the question in it. */
export function squareOf(
	map: RecallMap,
	group: number,
	index: number,
): { readonly x: number; readonly y: number; readonly size: number } {
	const y = (topsOf(map)[group] ?? 0) + Math.floor(index / SQUARES_A_LINE) * CELL.step;
	return { x: SQUARES_LEFT + (index % SQUARES_A_LINE) * CELL.step, y, size: CELL.size };
}

function drawFigures(context: SKRSContext2D, map: RecallMap): void {
	const width = (WIDTH - 2 * MARGIN - FIGURE.gap) / 2;
	for (const [index, { name, value, note }] of map.figures.entries()) {
		const x = MARGIN + index * (width + FIGURE.gap);
		drawText(context, name, { x, y: BODY_TOP + FIGURE.name, width }, WORDS);
		drawText(context, value, { x, y: BODY_TOP + FIGURE.value, width }, VALUE);
		drawText(context, note, { x, y: BODY_TOP + FIGURE.note, width }, LABEL);
	}
}

export function drawRecallMap(context: SKRSContext2D, map: RecallMap): void {
	drawTitle(context, map.title);
	drawFigures(context, map);
	for (const [number, { name, marks }] of map.groups.entries()) {
		const first = squareOf(map, number, 0);
		drawText(context, name, { x: MARGIN, y: first.y + 9.7, width: NAME_WIDTH }, WORDS);
		for (const [index, mark] of marks.entries()) {
			const { x, y, size } = squareOf(map, number, index);
			drawRecall(context, mark, x, y, size);
		}
	}
	const entries = RECALL_MARKS.map((mark) => ({
		words: RECALL_MARK_WORDS[mark],
		draw: (on: SKRSContext2D, x: number, y: number, size: number) => drawRecall(on, mark, x + 1, y + 1, size - 2),
	}));
	drawLegend(context, entries, { y: (topsOf(map).at(-1) ?? 0) + 6, columns: LEGEND_COLUMNS });
}
