/** Draws a heat map as a calendar: a column per week, a row per weekday. */
import type { SKRSContext2D } from "@napi-rs/canvas";
import {
	DAY_MARK_WORDS,
	DAY_MARKS,
	type DayMark,
	type HeatMap,
	monthStarts,
	WEEKDAYS,
} from "../../chat/picture-text.ts";
import { BODY_TOP, drawLegend, drawTitle, LABEL, legendHeight, MARGIN, type Size, WIDTH } from "./layout.ts";
import { drawMark } from "./marks.ts";
import { drawText } from "./text.ts";

const WEEKS = 12;
const CELL = { size: 22, step: 24.6 } as const;
const GRID = { left: MARGIN + 38, top: BODY_TOP + 20 } as const;
const GRID_BOTTOM = GRID.top + WEEKDAYS.length * CELL.step - (CELL.step - CELL.size);
const LEGEND_TOP = GRID_BOTTOM + 14;
const LEGEND_COLUMNS = 3;

const shownDays = (map: HeatMap): HeatMap["days"] => map.days.slice(-WEEKS * WEEKDAYS.length);

/** The marks that occur in the map; the legend explains only these. */
function marksOf(map: HeatMap): DayMark[] {
	const marks = new Set(shownDays(map).map(({ mark }) => mark));
	return DAY_MARKS.filter((mark) => marks.has(mark));
}

export const heatMapSize = (map: HeatMap): Size => ({
	width: WIDTH,
	height: LEGEND_TOP + legendHeight(marksOf(map).length, LEGEND_COLUMNS) + MARGIN - 7,
});

/** The position of the n-th day's cell. */
export function cellOf(index: number): { readonly x: number; readonly y: number; readonly size: number } {
	const week = Math.floor(index / WEEKDAYS.length);
	const x = GRID.left + week * CELL.step;
	return { x, y: GRID.top + (index % WEEKDAYS.length) * CELL.step, size: CELL.size };
}

function drawCalendar(context: SKRSContext2D, days: HeatMap["days"]): void {
	for (const { week, name } of monthStarts(days))
		drawText(context, name, { x: cellOf(week * WEEKDAYS.length).x, y: GRID.top - 6, width: 2 * CELL.step }, LABEL);
	for (const [row, name] of WEEKDAYS.entries())
		drawText(context, name, { x: MARGIN, y: cellOf(row).y + 16, width: GRID.left - MARGIN }, LABEL);
	for (const [index, day] of days.entries()) {
		const { x, y, size } = cellOf(index);
		drawMark(context, day.mark, x, y, size);
	}
}

export function drawHeatMap(context: SKRSContext2D, map: HeatMap): void {
	drawTitle(context, map.title);
	drawCalendar(context, shownDays(map));
	const entries = marksOf(map).map((mark) => ({
		words: DAY_MARK_WORDS[mark],
		draw: (on: SKRSContext2D, x: number, y: number, size: number) => drawMark(on, mark, x, y, size),
	}));
	drawLegend(context, entries, { y: LEGEND_TOP, columns: LEGEND_COLUMNS });
}
