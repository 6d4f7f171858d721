/** A heat map as a calendar: a column for each week, a row for each weekday. */
import type { SKRSContext2D } from "@napi-rs/canvas";
import { countText, DAY_MARK_WORDS, DAY_MARKS, type HeatMap, monthStarts, WEEKDAYS } from "../../chat/picture-text.ts";
import { drawMark } from "./marks.ts";
import { drawText, type Lettering } from "./text.ts";

const WEEKS = 12;
const MARGIN = 28;
const TITLE_BASELINE = 63;
const HEADING_BASELINE = 112;

const CELL = { size: 36, step: 41 } as const;
const GRID = { left: MARGIN + 55, top: 126 } as const;
const GRID_BOTTOM = GRID.top + WEEKDAYS.length * CELL.step - (CELL.step - CELL.size);

const SIDE = { left: 598, width: 176 } as const;
const FIGURES = { baseline: 166, captionBaseline: 196, step: 92, width: 84 } as const;
const LEGEND = { size: 25, step: 32.2 } as const;

const TITLE: Lettering = { size: 30, weight: 700, colour: "text" };
const LABEL: Lettering = { size: 22, weight: 500, colour: "muted" };
const FIGURE: Lettering = { size: 46, smallest: 22, weight: 700, colour: "text" };

/** The size of every heat map, in logical pixels. */
export const HEAT_MAP_SIZE = { width: 800, height: GRID_BOTTOM + MARGIN } as const;

/** The n-th day's cell, in logical pixels. */
export function cellOf(index: number): { readonly x: number; readonly y: number; readonly size: number } {
	const week = Math.floor(index / WEEKDAYS.length);
	const x = GRID.left + week * CELL.step;
	return { x, y: GRID.top + (index % WEEKDAYS.length) * CELL.step, size: CELL.size };
}

function drawCalendar(context: SKRSContext2D, map: HeatMap): void {
	const days = map.days.slice(-WEEKS * WEEKDAYS.length);
	for (const { week, name } of monthStarts(days))
		drawText(context, name, { x: cellOf(week * WEEKDAYS.length).x, y: HEADING_BASELINE, width: 2 * CELL.step }, LABEL);
	for (const [row, name] of WEEKDAYS.entries())
		drawText(context, name, { x: MARGIN, y: cellOf(row).y + 26, width: GRID.left - MARGIN }, LABEL);
	for (const [index, day] of days.entries()) {
		const { x, y, size } = cellOf(index);
		drawMark(context, day.mark, x, y, size);
	}
}

function drawFigure(context: SKRSContext2D, column: number, figure: number, caption: string): void {
	const x = SIDE.left + column * FIGURES.step;
	drawText(context, countText(figure), { x, y: FIGURES.baseline, width: FIGURES.width }, FIGURE);
	drawText(context, caption, { x, y: FIGURES.captionBaseline, width: FIGURES.width + 4 }, LABEL);
}

function drawLegend(context: SKRSContext2D): void {
	for (const [index, mark] of DAY_MARKS.entries()) {
		const y = GRID_BOTTOM - LEGEND.size - (DAY_MARKS.length - 1 - index) * LEGEND.step;
		drawMark(context, mark, SIDE.left, y, LEGEND.size);
		const x = SIDE.left + LEGEND.size + 12;
		drawText(context, DAY_MARK_WORDS[mark], { x, y: y + 20, width: SIDE.left + SIDE.width - x }, LABEL);
	}
}

export function drawHeatMap(context: SKRSContext2D, map: HeatMap): void {
	const { width } = HEAT_MAP_SIZE;
	drawText(context, map.title, { x: MARGIN, y: TITLE_BASELINE, width: width - 2 * MARGIN }, TITLE);
	drawCalendar(context, map);
	drawText(context, "Streak", { x: SIDE.left, y: HEADING_BASELINE, width: SIDE.width }, LABEL);
	drawFigure(context, 0, map.current, "current");
	drawFigure(context, 1, map.longest, "longest");
	drawLegend(context);
}
