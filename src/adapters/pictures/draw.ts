/** Draws pictures as PNG files, for platforms that show images. */
import { createCanvas, type SKRSContext2D } from "@napi-rs/canvas";
import type { Picture } from "../../chat/card.ts";
import { loadFonts } from "./fonts.ts";
import { drawHeatMap, HEAT_MAP_SIZE } from "./heat-map.ts";
import { PALETTE } from "./palette.ts";
import { drawProfile, profileSize } from "./profile.ts";

/** File pixels per logical pixel, for dense screens. */
export const SCALE = 2;
const CORNER = 28;
const EDGE = 2;

interface Size {
	readonly width: number;
	readonly height: number;
}

function sizeOf(picture: Picture): Size {
	return picture.type === "heat-map" ? HEAT_MAP_SIZE : profileSize(picture);
}

function drawCard(context: SKRSContext2D, { width, height }: Size): void {
	context.beginPath();
	context.roundRect(EDGE / 2, EDGE / 2, width - EDGE, height - EDGE, CORNER);
	context.fillStyle = PALETTE.card;
	context.fill();
	context.strokeStyle = PALETTE.edge;
	context.lineWidth = EDGE;
	context.stroke();
}

/**
 * Draws a picture as PNG, 1600 pixels wide, on its own card with transparent corners. Compression runs off the event
 * loop. Throws if the program's own fonts cannot be read.
 */
export async function drawPicture(picture: Picture): Promise<Buffer> {
	await loadFonts();
	const size = sizeOf(picture);
	const canvas = createCanvas(size.width * SCALE, size.height * SCALE);
	const context = canvas.getContext("2d");
	context.scale(SCALE, SCALE);
	context.lang = "en";
	drawCard(context, size);
	if (picture.type === "heat-map") drawHeatMap(context, picture);
	else drawProfile(context, picture);
	return canvas.encode("png");
}
