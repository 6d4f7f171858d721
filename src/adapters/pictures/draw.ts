/** Draws pictures as PNG files, for platforms that show images. */
import { createCanvas, type SKRSContext2D } from "@napi-rs/canvas";
import type { Picture } from "../../chat/card.ts";
import { loadFonts } from "./fonts.ts";
import { drawHeatMap, heatMapSize } from "./heat-map.ts";
import type { Size } from "./layout.ts";
import { PALETTE } from "./palette.ts";
import { drawProfile, profileSize } from "./profile.ts";
import { drawRecallMap, recallMapSize } from "./recall-map.ts";

/** Image pixels per CSS pixel of a phone: enough for dense and for large screens. */
export const SCALE = 3;
const CORNER = 12;

export function sizeOf(picture: Picture): Size {
	switch (picture.type) {
		case "heat-map":
			return heatMapSize(picture);
		case "profile":
			return profileSize(picture);
		case "recall-map":
			return recallMapSize(picture);
	}
}

function drawContent(context: SKRSContext2D, picture: Picture): void {
	switch (picture.type) {
		case "heat-map":
			drawHeatMap(context, picture);
			break;
		case "profile":
			drawProfile(context, picture);
			break;
		case "recall-map":
			drawRecallMap(context, picture);
			break;
	}
}

function drawCard(context: SKRSContext2D, { width, height }: Size): void {
	context.beginPath();
	context.roundRect(0, 0, width, height, CORNER);
	context.fillStyle = PALETTE.card;
	context.fill();
}

/**
 * Draws a picture as a PNG, 1,080 pixels wide, on a card with transparent corners. Compression runs off the event loop.
 * Throws if the program's fonts cannot be read.
 */
export async function drawPicture(picture: Picture): Promise<Buffer> {
	await loadFonts();
	const size = sizeOf(picture);
	const canvas = createCanvas(size.width * SCALE, Math.ceil(size.height) * SCALE);
	const context = canvas.getContext("2d");
	context.scale(SCALE, SCALE);
	context.lang = "en";
	drawCard(context, size);
	drawContent(context, picture);
	return canvas.encode("png");
}
