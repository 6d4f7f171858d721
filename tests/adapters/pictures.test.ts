import { createCanvas, GlobalFonts, loadImage, type SKRSContext2D } from "@napi-rs/canvas";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { drawPicture, SCALE, sizeOf } from "../../src/adapters/pictures/draw.ts";
import { cellOf } from "../../src/adapters/pictures/heat-map.ts";
import { type Box, LABEL, TITLE, WIDTH, WORDS } from "../../src/adapters/pictures/layout.ts";
import { PALETTE } from "../../src/adapters/pictures/palette.ts";
import { barOf } from "../../src/adapters/pictures/profile.ts";
import { squareOf } from "../../src/adapters/pictures/recall-map.ts";
import type { Picture } from "../../src/chat/card.ts";
import { DAY_MARKS, RECALL_MARKS, type RecallMark } from "../../src/chat/picture-text.ts";
import { EVERY_MARK, heatMap, type Mark, pictures, profile, recallMap } from "../support/sample-pictures.ts";

/** Draws a picture at a width in pixels, over an opaque colour if given. */
async function shown(picture: Picture, width: number, behind?: string): Promise<SKRSContext2D> {
	const image = await loadImage(await drawPicture(picture));
	const height = Math.round((image.height * width) / image.width);
	const context = createCanvas(width, height).getContext("2d");
	if (behind !== undefined) {
		context.fillStyle = behind;
		context.fillRect(0, 0, width, height);
	}
	context.imageSmoothingQuality = "high";
	context.drawImage(image, 0, 0, width, height);
	return context;
}

/** The pixels of a box in the picture. */
function pixels(context: SKRSContext2D, box: Box): number[][] {
	const ratio = context.canvas.width / WIDTH;
	const [x, y, width, height] = [box.x, box.y, box.width, box.height].map((length) => Math.round(length * ratio));
	const { data } = context.getImageData(x ?? 0, y ?? 0, width ?? 0, height ?? 0);
	return Array.from({ length: data.length / 4 }, (_, index) => [...data.slice(index * 4, index * 4 + 4)]);
}

/** Relative luminance, as WCAG 2 defines it. */
function luminance([red = 0, green = 0, blue = 0]: readonly number[]): number {
	const linear = [red, green, blue].map((value) => {
		const part = value / 255;
		return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * (linear[0] ?? 0) + 0.7152 * (linear[1] ?? 0) + 0.0722 * (linear[2] ?? 0);
}

function contrast(one: readonly number[], other: readonly number[]): number {
	const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
	return (high + 0.05) / (low + 0.05);
}

const rgb = (hex: string) => [1, 3, 5].map((start) => Number.parseInt(hex.slice(start, start + 2), 16));
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Brightness of a box from 0 to 255, without hue and with a mean of zero: only the pattern. */
function greyPattern(context: SKRSContext2D, box: Box): number[] {
	const grey = pixels(context, box).map(([red = 0, green = 0, blue = 0]) => 0.299 * red + 0.587 * green + 0.114 * blue);
	const middle = mean(grey);
	return grey.map((value) => value - middle);
}

function count(context: SKRSContext2D, box: Box, colour: string): number {
	const expectedColour = rgb(colour).join();
	return pixels(context, box).filter((pixel) => pixel.slice(0, 3).join() === expectedColour).length;
}

describe("drawPicture", () => {
	test("returns a PNG three times as wide as a phone", async () => {
		const rows = [{ name: "Debugging", answered: 9, share: 0.5 }];
		for (const picture of [EVERY_MARK, profile(rows), recallMap({ debugging: [...RECALL_MARKS] })]) {
			const file = await drawPicture(picture);
			const size = sizeOf(picture);
			expect(file.subarray(0, 8).toString("latin1")).toBe("\u0089PNG\r\n\u001a\n");
			expect([file.readUInt32BE(16), file.readUInt32BE(20)]).toEqual([360 * SCALE, Math.ceil(size.height) * SCALE]);
		}
	});

	test("is never so tall that a client shrinks it: a full bank, a year of answers, every mark", () => {
		const rows = Array.from({ length: 40 }, (_, index) => ({ name: `topic ${index}`, answered: 9, share: 0.5 }));
		const bank = Object.fromEntries(
			Array.from({ length: 10 }, (_, index) => [
				`category ${index}`,
				Array.from({ length: 20 }, (): RecallMark => "firm"),
			]),
		);
		for (const picture of [EVERY_MARK, profile(rows), recallMap(bank)])
			expect(sizeOf(picture).height, picture.type).toBeLessThanOrEqual(360);
	});

	test("has no text smaller than 12 pixels on a phone", () => {
		for (const { size, smallest = size } of [TITLE, LABEL, WORDS]) expect(smallest).toBeGreaterThanOrEqual(12);
	});

	test("has an opaque card with transparent corners", async () => {
		const context = await shown(EVERY_MARK, 1080);
		expect(pixels(context, { x: 0, y: 0, width: 1, height: 1 })[0]).toEqual([0, 0, 0, 0]);
		expect(pixels(context, { x: 359, y: 0, width: 1, height: 1 }).at(3)?.[3]).toBe(0);
		expect(pixels(context, { x: 300, y: 10, width: 1, height: 1 })[0]).toEqual([...rgb(PALETTE.card), 255]);
	});

	test("has text with a contrast of 4.5 and shapes with one of 3", () => {
		for (const colour of [PALETTE.text, PALETTE.muted])
			expect(contrast(rgb(colour), rgb(PALETTE.card)), colour).toBeGreaterThanOrEqual(4.5);
		for (const [shape, ground] of [
			["attempted", "card"],
			["onAttempted", "attempted"],
			["missed", "card"],
			["frozen", "card"],
			["onFrozen", "frozen"],
			["excused", "card"],
			["open", "card"],
			["onNone", "none"],
			["bar", "card"],
			["bar", "track"],
		] as const)
			expect(contrast(rgb(PALETTE[shape]), rgb(PALETTE[ground])), shape).toBeGreaterThanOrEqual(3);
	});

	test.each([
		["white", "#ffffff"],
		["dark", "#313338"],
	])("keeps its title and labels legible on %s at the width of a phone", async (_name, behind) => {
		const context = await shown(EVERY_MARK, 360, behind);
		const title = { x: 12, y: 16, width: 80, height: 18 };
		const labels = { x: 12, y: cellOf(0).y, width: 30, height: 22 };
		const legend = { x: 34, y: cellOf(6).y + 36, width: 60, height: 18 };
		for (const box of [title, labels, legend]) {
			const colours = pixels(context, box).sort((a, b) => luminance(a) - luminance(b));
			expect(contrast(colours[0] ?? [], colours.at(-1) ?? [])).toBeGreaterThanOrEqual(4.5);
		}
	});

	test("has marks of days that differ in brightness alone, at a phone's width", async () => {
		const { x, y, size } = cellOf(0);
		const patterns: { mark: Mark; grey: number[] }[] = [];
		for (const mark of DAY_MARKS) {
			// All in the same cell: in another, the smaller pixels would fall differently on the same shape.
			const context = await shown(heatMap([mark]), 360);
			patterns.push({ mark, grey: greyPattern(context, { x, y, width: size, height: size }) });
		}
		for (const one of patterns)
			for (const other of patterns) {
				if (one === other) continue;
				const difference = mean(one.grey.map((value, index) => Math.abs(value - (other.grey[index] ?? 0))));
				expect(difference, `${one.mark} and ${other.mark}`).toBeGreaterThan(15);
			}
	});

	test("has marks of recall that differ in brightness alone, at a phone's width", async () => {
		const patterns: { mark: RecallMark; grey: number[] }[] = [];
		for (const mark of RECALL_MARKS) {
			const map = recallMap({ debugging: [mark] });
			const { x, y, size } = squareOf(map, 0, 0);
			const grey = greyPattern(await shown(map, 720), { x: x - 1, y: y - 1, width: size + 2, height: size + 2 });
			patterns.push({ mark, grey });
		}
		for (const one of patterns)
			for (const other of patterns) {
				if (one === other) continue;
				const difference = mean(one.grey.map((value, index) => Math.abs(value - (other.grey[index] ?? 0))));
				expect(difference, `${one.mark} and ${other.mark}`).toBeGreaterThan(15);
			}
	});

	test("draws each question as a square beside its category, in lines below one another", async () => {
		const full = recallMap({
			fundamentals: Array.from({ length: 45 }, (): RecallMark => "firm"),
			debugging: ["unmet"],
		});
		const context = await shown(full, 1080);
		const places = Array.from({ length: 45 }, (_, index) => squareOf(full, 0, index));
		expect(new Set(places.map(({ x, y }) => `${x},${y}`)).size).toBe(45);
		for (const { x, y, size } of places) {
			expect(x + size).toBeLessThanOrEqual(WIDTH);
			expect(count(context, { x, y, width: size, height: size }, PALETTE.attempted)).toBeGreaterThan(500);
		}
		const below = squareOf(full, 1, 0);
		expect(below.y).toBeGreaterThan(places.at(-1)?.y ?? 0);
		expect(count(context, { ...below, width: below.size, height: below.size }, PALETTE.attempted)).toBe(0);
	});

	test("draws each day in its own cell, week by week", async () => {
		const days = Array.from({ length: 84 }, (): Mark => "none");
		days[0] = "attempted";
		days[9] = "attempted";
		days[83] = "attempted";
		const context = await shown(heatMap(days), 1080);
		const filled = days.flatMap((_, index) => {
			const { x, y, size } = cellOf(index);
			return count(context, { x, y, width: size, height: size }, PALETTE.attempted) > 1000 ? [index] : [];
		});
		expect(filled).toEqual([0, 9, 83]);
		const cells = days.map((_, index) => cellOf(index));
		expect(new Set(cells.map((cell) => `${cell.x},${cell.y}`)).size).toBe(84);
		for (const [index, cell] of cells.entries()) {
			expect(cell.x).toBe(cells[index - (index % 7)]?.x);
			expect(cell.y).toBe(cells[index % 7]?.y);
		}
	});

	test("draws bars as long as their shares, and none without a share", async () => {
		const shares = [0, 0.25, 0.6, 1, null];
		const rows = shares.map((share) => ({ name: "Transformers", answered: 8, share }));
		const context = await shown(profile(rows), 1080);
		const filled = shares.map((_, row) => {
			const bar = barOf(row);
			const middle = { ...bar, y: bar.y + bar.height / 2, height: 1 };
			return count(context, middle, PALETTE.bar) / (bar.width * SCALE * SCALE);
		});
		for (const [row, share] of [0, 0.25, 0.6, 1, 0].entries())
			expect(Math.abs((filled[row] ?? -1) - share)).toBeLessThan(0.03);
		expect(count(context, barOf(0), PALETTE.track)).toBeGreaterThan(500);
		expect(count(context, barOf(4), PALETTE.track)).toBe(0);
	});

	test("cuts a long title and drops characters that no font has", async () => {
		const isSame = async (one: string, other: string) => {
			const [first, second] = await Promise.all([one, other].map((title) => drawPicture(profile([], title))));
			return first !== undefined && second !== undefined && first.equals(second);
		};
		expect(await isSame("m".repeat(100), "m".repeat(150))).toBe(true);
		expect(await isSame("m".repeat(10), "m".repeat(11))).toBe(false);
		// Private-use characters, which no font has.
		expect(await isSame("Team \u{10fabc}\u{10fabd}", "Team …")).toBe(true);
		expect(await isSame("Ő", "…")).toBe(false);
	});

	test("loads each font once, however many pictures are drawn at once", async () => {
		vi.resetModules();
		const fresh = await import("../../src/adapters/pictures/draw.ts");
		const register = vi.spyOn(GlobalFonts, "register");
		await Promise.all([fresh.drawPicture(EVERY_MARK), fresh.drawPicture(EVERY_MARK)]);
		await fresh.drawPicture(EVERY_MARK);
		const fonts = register.mock.calls.map(([file]) => file);
		register.mockRestore();
		expect(fonts.length).toBeGreaterThanOrEqual(4);
		expect(new Set(fonts.map((file) => file.toString("base64"))).size).toBe(fonts.length);
	});

	test("draws anything that members write", async () => {
		const drawn = fc.asyncProperty(pictures, async (picture) => {
			const file = await drawPicture(picture);
			expect(file.readUInt32BE(16)).toBe(1080);
			expect(file.readUInt32BE(20)).toBeLessThanOrEqual(3000);
		});
		await fc.assert(drawn, { numRuns: 25 });
	});
});
