/** The cells of heat maps and recall maps. Each mark has its own shape, so it does not depend on colour. */
import type { SKRSContext2D } from "@napi-rs/canvas";
import type { DayMark, RecallMark } from "../../chat/picture-text.ts";
import { PALETTE } from "./palette.ts";

type Point = readonly [x: number, y: number];

const CORNER = 0.2;
const LINE = 0.12;

function tile(context: SKRSContext2D, inset: number): void {
	context.beginPath();
	context.roundRect(inset, inset, 1 - 2 * inset, 1 - 2 * inset, CORNER - inset / 2);
}

function fillTile(context: SKRSContext2D, colour: string): void {
	tile(context, 0);
	context.fillStyle = colour;
	context.fill();
}

function strokeTile(context: SKRSContext2D, colour: string, width: number): void {
	tile(context, width / 2);
	stroke(context, colour, width);
}

function stroke(context: SKRSContext2D, colour: string, width: number): void {
	context.strokeStyle = colour;
	context.lineWidth = width;
	context.lineCap = "round";
	context.lineJoin = "round";
	context.stroke();
}

function lines(context: SKRSContext2D, paths: readonly (readonly Point[])[], colour: string, width = LINE): void {
	context.beginPath();
	for (const [start, ...rest] of paths) {
		if (start) context.moveTo(...start);
		for (const point of rest) context.lineTo(...point);
	}
	stroke(context, colour, width);
}

function dot(context: SKRSContext2D, colour: string, radius: number): void {
	context.beginPath();
	context.arc(0.5, 0.5, radius, 0, 2 * Math.PI);
	context.fillStyle = colour;
	context.fill();
}

/** Arms around the centre. The first points up, rotated by `turn` radians. */
function arms(count: number, length: number, turn: number): Point[][] {
	return Array.from({ length: count }, (_, arm) => {
		const angle = turn + (arm / count) * 2 * Math.PI;
		return [
			[0.5, 0.5],
			[0.5 + length * Math.sin(angle), 0.5 - length * Math.cos(angle)],
		];
	});
}

function drawExcused(context: SKRSContext2D): void {
	context.save();
	tile(context, 0);
	context.clip();
	lines(
		context,
		[-0.5, 0, 0.5].map((shift) => [
			[shift - 0.1, 1.1],
			[shift + 1.1, -0.1],
		]),
		PALETTE.excused,
		0.17,
	);
	context.restore();
	strokeTile(context, PALETTE.excused, 0.07);
}

function drawOpen(context: SKRSContext2D): void {
	strokeTile(context, PALETTE.open, 0.08);
	dot(context, PALETTE.open, 0.15);
}

function drawAttempted(context: SKRSContext2D): void {
	fillTile(context, PALETTE.attempted);
	const tick: Point[] = [
		[0.27, 0.53],
		[0.43, 0.69],
		[0.73, 0.33],
	];
	lines(context, [tick], PALETTE.onAttempted);
}

function drawMissed(context: SKRSContext2D): void {
	strokeTile(context, PALETTE.missed, 0.07);
	lines(context, arms(4, 0.27, Math.PI / 4), PALETTE.missed);
}

function drawFrozen(context: SKRSContext2D): void {
	fillTile(context, PALETTE.frozen);
	lines(context, arms(6, 0.32, 0), PALETTE.onFrozen, 0.1);
}

function drawNone(context: SKRSContext2D): void {
	fillTile(context, PALETTE.none);
	dot(context, PALETTE.onNone, 0.07);
}

const DRAWINGS: Readonly<Record<DayMark, (context: SKRSContext2D) => void>> = {
	attempted: drawAttempted,
	missed: drawMissed,
	frozen: drawFrozen,
	excused: drawExcused,
	open: drawOpen,
	none: drawNone,
};

/** Only the lower left half, so that it differs from a full square even without colour. */
function drawFading(context: SKRSContext2D): void {
	context.save();
	tile(context, 0);
	context.clip();
	context.beginPath();
	context.moveTo(0, 0);
	context.lineTo(1, 1);
	context.lineTo(0, 1);
	context.closePath();
	context.fillStyle = PALETTE.bar;
	context.fill();
	context.restore();
	strokeTile(context, PALETTE.bar, 0.12);
}

const RECALL_DRAWINGS: Readonly<Record<RecallMark, (context: SKRSContext2D) => void>> = {
	firm: (context) => fillTile(context, PALETTE.attempted),
	fading: drawFading,
	slipping: (context) => strokeTile(context, PALETTE.missed, 0.2),
	unmet: (context) => {
		fillTile(context, PALETTE.none);
		dot(context, PALETTE.onNone, 0.14);
	},
};

function drawAt(
	context: SKRSContext2D,
	draw: (context: SKRSContext2D) => void,
	x: number,
	y: number,
	size: number,
): void {
	context.save();
	context.translate(x, y);
	context.scale(size, size);
	draw(context);
	context.restore();
}

/** Draws a mark's cell as a square of `size` with its upper left corner at (x, y). */
export function drawMark(context: SKRSContext2D, mark: DayMark, x: number, y: number, size: number): void {
	drawAt(context, DRAWINGS[mark], x, y, size);
}

/** Draws a question's square on a recall map. */
export function drawRecall(context: SKRSContext2D, mark: RecallMark, x: number, y: number, size: number): void {
	drawAt(context, RECALL_DRAWINGS[mark], x, y, size);
}
