import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pictureText } from "../../../src/adapters/terminal/layout/pictures.ts";
import {
	alternativeText,
	DAY_MARK_WORDS,
	DAY_MARKS,
	graphemes,
	RECALL_MARK_WORDS,
	RECALL_MARKS,
} from "../../../src/chat/picture-text.ts";
import { EVERY_MARK, pictures, profile, recallMap } from "../../support/sample-pictures.ts";

/** A line's width in columns, without escape sequences, on a terminal that draws a joined emoji in two. */
function columns(line: string): number {
	// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
	const bare = line.replace(/\u001b\[\d+m/g, "");
	const wide =
		/\p{Emoji_Presentation}|\ufe0f|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}/u;
	return graphemes(bare).reduce((sum, character) => {
		if (wide.test(character)) return sum + 2;
		return sum + Array.from(character).filter((point) => !/[\p{M}\p{Cf}]/u.test(point)).length;
	}, 0);
}

describe("pictureText", () => {
	test("has a different glyph for each mark, explained by the legend", () => {
		const lines = pictureText(EVERY_MARK, false).split("\n");
		const glyphs = lines.slice(3, 9).map((line) => line.slice(5, 7).trim());
		expect(new Set(glyphs).size).toBe(6);
		const legend = DAY_MARKS.map((mark, index) => `${glyphs[index]} ${DAY_MARK_WORDS[mark]}`);
		expect(lines.at(-1)).toBe(legend.join("  "));
	});

	test("draws a map of recall: one line per category, with four glyphs and a legend", () => {
		const lines = pictureText(recallMap({ fundamentals: [...RECALL_MARKS], debugging: ["unmet"] }), false).split("\n");
		const glyphs = Array.from(lines[2]?.slice(25) ?? "");
		expect(new Set(glyphs).size).toBe(4);
		expect(lines[3]).toBe(`debugging${" ".repeat(16)}${glyphs[3]}`);
		expect(lines.slice(5)).toEqual(RECALL_MARKS.map((mark, index) => `${glyphs[index]} ${RECALL_MARK_WORDS[mark]}`));
	});

	test("draws a calendar with months", () => {
		const lines = pictureText(EVERY_MARK, false).split("\n");
		expect(lines[0]).toBe("#practice");
		expect(lines[2]).toBe("     Mar         Apr         May");
		expect(lines.slice(3, 10).map((line) => line.slice(0, 3))).toEqual([
			"Mon",
			"Tue",
			"Wed",
			"Thu",
			"Fri",
			"Sat",
			"Sun",
		]);
	});

	test("draws bars in eighths", () => {
		const shares = [0, 1 / 28, 1.5 / 28, 0.5, 1];
		const rows = shares.map((share) => ({ name: "LLM apps", answered: 8, share }));
		const bars = pictureText(profile(rows), false)
			.split("\n")
			.slice(2)
			.map((line) => line.slice(25, 53).replace(/·+$/, ""));
		expect(bars).toEqual(["", "█", "█▌", "█".repeat(14), "█".repeat(28)]);
		expect(pictureText(profile([{ name: "LLM apps", answered: 2, share: null }]), false)).toContain("too few to say");
		expect(pictureText(profile([]), false)).toContain("No answers yet.");
	});

	test("keeps columns aligned after wide, joined and cut names", () => {
		const names = [
			"Plain",
			"大规模语言模型的训练与推理优化方法",
			"👩‍💻 at work",
			"A name that is much too long for this",
		];
		const lines = pictureText(profile(names.map((name) => ({ name, answered: 5, share: 1 }))), false).split("\n");
		expect(new Set(lines.slice(2).map(columns)).size).toBe(1);
		expect(lines.at(-1)).toContain("A name that is much too… █");
	});

	test("uses colours that are legible on light and dark, and says the same without them", () => {
		const rows = [{ name: "Debugging", answered: 9, share: 0.4 }];
		for (const picture of [EVERY_MARK, profile(rows)]) {
			const coloured = pictureText(picture, true);
			// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
			const sequence = /\u001b\[(\d+)m/g;
			const codes = Array.from(coloured.matchAll(sequence), (found) => Number(found[1]));
			expect(codes.length).toBeGreaterThan(1);
			for (const code of codes) expect([0, 1, 31, 32, 35]).toContain(code);
			expect(coloured.replace(sequence, "")).toBe(pictureText(picture, false));
		}
	});

	test("stays within 80 columns, without trailing spaces or foreign escape sequences, whatever members write", () => {
		const written = fc.property(pictures, (picture) => {
			const uncoloured = pictureText(picture, false);
			// biome-ignore lint/suspicious/noControlCharactersInRegex: none of these may reach a terminal
			expect(uncoloured).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
			for (const line of [...uncoloured.split("\n"), ...pictureText(picture, true).split("\n")]) {
				expect(columns(line)).toBeLessThanOrEqual(80);
				expect(line).toBe(line.trimEnd());
			}
			expect(alternativeText(picture).length).toBeLessThanOrEqual(1000);
		});
		fc.assert(written, { numRuns: 200 });
	});
});
