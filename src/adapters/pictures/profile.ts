/** A profile: a bar of right answers for each row. */
import type { SKRSContext2D } from "@napi-rs/canvas";
import { countText, NO_ANSWERS, type Profile, percentOf, TOO_FEW } from "../../chat/picture-text.ts";
import { PALETTE } from "./palette.ts";
import { drawText, type Lettering } from "./text.ts";

const WIDTH = 800;
const MARGIN = 28;
const TITLE_BASELINE = 63;
const SUBTITLE_BASELINE = 97;
const ROWS_TOP = 120;
const ROW_STEP = 46;
/** Clients shrink taller pictures until nobody can read them. */
const MOST_ROWS = 16;

const NAME = { left: MARGIN, width: 232 } as const;
const BAR = { left: 272, width: 236, height: 30, corner: 8 } as const;
const SHARE_RIGHT = 588;
const ANSWERED = { right: WIDTH - MARGIN, width: 172 } as const;

const TITLE: Lettering = { size: 30, weight: 700, colour: "text" };
const LABEL: Lettering = { size: 22, weight: 500, colour: "muted" };
const ROW_NAME: Lettering = { size: 24, weight: 500, colour: "text" };

/** The rows to draw; when there are too many, a last line counts the rest. */
function shownRows(profile: Profile): Profile["rows"] {
	return profile.rows.length > MOST_ROWS ? profile.rows.slice(0, MOST_ROWS - 1) : profile.rows;
}

/** The size of a profile, in logical pixels; it grows with the rows. */
export function profileSize(profile: Profile): { readonly width: number; readonly height: number } {
	const lines = Math.max(1, Math.min(profile.rows.length, MOST_ROWS));
	return { width: WIDTH, height: ROWS_TOP + lines * ROW_STEP + MARGIN - (ROW_STEP - BAR.height) / 2 };
}

/** A row's bar, in logical pixels. */
export function barOf(row: number): {
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
} {
	return {
		x: BAR.left,
		y: ROWS_TOP + row * ROW_STEP + (ROW_STEP - BAR.height) / 2,
		width: BAR.width,
		height: BAR.height,
	};
}

function withinTrack(context: SKRSContext2D, row: number, draw: (bar: ReturnType<typeof barOf>) => void): void {
	const bar = barOf(row);
	context.save();
	context.beginPath();
	context.roundRect(bar.x, bar.y, bar.width, bar.height, BAR.corner);
	context.clip();
	draw(bar);
	context.restore();
}

function drawBar(context: SKRSContext2D, row: number, share: number): void {
	withinTrack(context, row, ({ x, y, width, height }) => {
		context.fillStyle = PALETTE.track;
		context.fillRect(x, y, width, height);
		context.fillStyle = PALETTE.bar;
		context.fillRect(x, y, width * Math.min(1, Math.max(0, share)), height);
		// Quarter marks, so that lengths can be compared without reading figures.
		context.fillStyle = PALETTE.card;
		for (const quarter of [0.25, 0.5, 0.75]) context.fillRect(x + width * quarter - 1, y, 2, height);
	});
}

function drawTooFew(context: SKRSContext2D, row: number): void {
	withinTrack(context, row, ({ x, y, width, height }) => {
		context.strokeStyle = PALETTE.hatch;
		context.lineWidth = 3;
		context.beginPath();
		for (let left = x - height; left < x + width; left += 12) {
			context.moveTo(left, y + height);
			context.lineTo(left + height, y);
		}
		context.stroke();
		context.fillStyle = PALETTE.card;
		context.fillRect(x + 32, y, width - 64, height);
	});
	const { x, y, width } = barOf(row);
	drawText(context, TOO_FEW, { x: x + width / 2, y: y + 22, width: width - 64 }, { ...LABEL, align: "center" });
}

function drawRow(context: SKRSContext2D, index: number, row: Profile["rows"][number]): void {
	const baseline = barOf(index).y + 23;
	drawText(context, row.name, { x: NAME.left, y: baseline, width: NAME.width }, ROW_NAME);
	if (row.share === null) drawTooFew(context, index);
	else {
		drawBar(context, index, row.share);
		const share: Lettering = { size: 24, weight: 700, colour: "text", align: "right" };
		drawText(context, percentOf(row.share), { x: SHARE_RIGHT, y: baseline, width: 74 }, share);
	}
	const answered = `${countText(row.answered)} answered`;
	drawText(context, answered, { x: ANSWERED.right, y: baseline, width: ANSWERED.width }, { ...LABEL, align: "right" });
}

export function drawProfile(context: SKRSContext2D, profile: Profile): void {
	const width = WIDTH - 2 * MARGIN;
	drawText(context, profile.title, { x: MARGIN, y: TITLE_BASELINE, width }, TITLE);
	drawText(context, "Share of right answers", { x: MARGIN, y: SUBTITLE_BASELINE, width }, LABEL);
	const rows = shownRows(profile);
	for (const [index, row] of rows.entries()) drawRow(context, index, row);
	const left = profile.rows.length - rows.length;
	const last = left > 0 ? `and ${left} more` : NO_ANSWERS;
	if (left > 0 || rows.length === 0) drawText(context, last, { x: MARGIN, y: barOf(rows.length).y + 23, width }, LABEL);
}
