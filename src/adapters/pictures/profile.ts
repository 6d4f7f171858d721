/** Draws a profile: for each row, a bar with the share of right answers. */
import type { SKRSContext2D } from "@napi-rs/canvas";
import { countText, NO_ANSWERS, type Profile, percentOf, TOO_FEW } from "../../chat/picture-text.ts";
import { BODY_TOP, type Box, drawTitle, LABEL, MARGIN, type Size, WIDTH, WORDS } from "./layout.ts";
import { PALETTE } from "./palette.ts";
import { drawText } from "./text.ts";

const SUBTITLE_BASELINE = BODY_TOP + 6;
const ROWS_TOP = BODY_TOP + 17;
const ROW_STEP = 24;
/** Clients shrink taller pictures until they are unreadable. */
const MAX_ROWS = 12;

const NAME_WIDTH = 98;
const BAR = { left: MARGIN + NAME_WIDTH + 6, width: 88, height: 12, corner: 4 } as const;
const SHARE_RIGHT = BAR.left + BAR.width + 40;
const ANSWERED_WIDTH = 84;
const BASELINE = 17;

/** The rows to draw. If there are too many, a last line counts the rest. */
function shownRows(profile: Profile): Profile["rows"] {
	return profile.rows.length > MAX_ROWS ? profile.rows.slice(0, MAX_ROWS - 1) : profile.rows;
}

/** A profile's size; its height grows with the rows. */
export function profileSize(profile: Profile): Size {
	const lines = Math.max(1, Math.min(profile.rows.length, MAX_ROWS));
	return { width: WIDTH, height: ROWS_TOP + lines * ROW_STEP + MARGIN - 4 };
}

/** The position of a row's bar. */
export function barOf(row: number): Box {
	const y = ROWS_TOP + row * ROW_STEP + (ROW_STEP - BAR.height) / 2;
	return { x: BAR.left, y, width: BAR.width, height: BAR.height };
}

function drawBar(context: SKRSContext2D, row: number, share: number): void {
	const { x, y, width, height } = barOf(row);
	context.save();
	context.beginPath();
	context.roundRect(x, y, width, height, BAR.corner);
	context.clip();
	context.fillStyle = PALETTE.track;
	context.fillRect(x, y, width, height);
	context.fillStyle = PALETTE.bar;
	context.fillRect(x, y, width * Math.min(1, Math.max(0, share)), height);
	context.restore();
}

function drawRow(context: SKRSContext2D, index: number, row: Profile["rows"][number]): void {
	const y = ROWS_TOP + index * ROW_STEP + BASELINE;
	drawText(context, row.name, { x: MARGIN, y, width: NAME_WIDTH }, WORDS);
	if (row.share === null) drawText(context, TOO_FEW, { x: BAR.left, y, width: BAR.width + 44 }, LABEL);
	else {
		drawBar(context, index, row.share);
		const share = { ...WORDS, weight: 700, align: "right" } as const;
		drawText(context, percentOf(row.share), { x: SHARE_RIGHT, y, width: 40 }, share);
	}
	const answered = `${countText(row.answered)} answered`;
	drawText(context, answered, { x: WIDTH - MARGIN, y, width: ANSWERED_WIDTH }, { ...LABEL, align: "right" });
}

export function drawProfile(context: SKRSContext2D, profile: Profile): void {
	const width = WIDTH - 2 * MARGIN;
	drawTitle(context, profile.title);
	drawText(context, "Share of right answers", { x: MARGIN, y: SUBTITLE_BASELINE, width }, LABEL);
	const rows = shownRows(profile);
	for (const [index, row] of rows.entries()) drawRow(context, index, row);
	const more = profile.rows.length - rows.length;
	const last = more > 0 ? `and ${more} more` : NO_ANSWERS;
	const y = ROWS_TOP + rows.length * ROW_STEP + BASELINE;
	if (more > 0 || rows.length === 0) drawText(context, last, { x: MARGIN, y, width }, LABEL);
}
