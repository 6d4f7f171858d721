import fc from "fast-check";
import type { Picture } from "../../src/chat/card.ts";
import { DAY_MARKS, type Profile, RECALL_MARKS, type RecallMap, type RecallMark } from "../../src/chat/picture-text.ts";

export const FIRST_MONDAY = Date.parse("2026-03-02T00:00:00Z");
export const DAY = 24 * 60 * 60 * 1000;
export type Mark = (typeof DAY_MARKS)[number];

export function heatMap(marks: readonly Mark[], more: { title?: string } = {}): Picture {
	const days = marks.map((mark, index) => ({
		date: new Date(FIRST_MONDAY + index * DAY).toISOString().slice(0, 10),
		mark,
	}));
	return { type: "heat-map", title: "#practice", days, ...more };
}

export function profile(rows: Profile["rows"], title = "By category"): Profile {
	return { type: "profile", title, rows };
}

export const FIGURES: RecallMap["figures"] = [
	{ name: "Today", value: "about 147", note: "of 200 questions" },
	{ name: "On 30 September 2028", value: "about 168", note: "at 20 a day" },
];

export function recallMap(groups: Readonly<Record<string, readonly RecallMark[]>>, title = "Recall"): RecallMap {
	return {
		type: "recall-map",
		title,
		figures: FIGURES,
		groups: Object.entries(groups).map(([name, marks]) => ({ name, marks })),
	};
}

/** Every mark once, in the legend's order, then days without a question. */
export const EVERY_MARK = heatMap([...DAY_MARKS, ...Array.from({ length: 78 }, (): Mark => "none")]);

export const marks = fc.constantFrom(...DAY_MARKS);
export const text = fc.oneof(
	fc.string({ unit: "binary", maxLength: 120 }),
	fc.string({ unit: "grapheme", maxLength: 120 }),
	fc.constantFrom(
		"",
		"\ud800",
		"👩‍💻".repeat(80),
		"שלום עולם ".repeat(20),
		"مرحبا",
		"大规模语言模型".repeat(9),
		"a\nb\u001b[31m",
	),
);
export const pictures: fc.Arbitrary<Picture> = fc.oneof(
	fc
		.record({
			days: fc.oneof(fc.array(marks, { minLength: 84, maxLength: 84 }), fc.array(marks, { maxLength: 100 })),
			title: text,
		})
		.map(({ days, ...more }) => heatMap(days, more)),
	fc
		.record({
			title: text,
			rows: fc.array(
				fc.record({
					name: text,
					answered: fc.nat(),
					share: fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: null }),
				}),
				{ maxLength: 40 },
			),
		})
		.map(({ title, rows }) => profile(rows, title)),
	fc
		.record({ title: text, groups: fc.dictionary(text, fc.array(fc.constantFrom(...RECALL_MARKS), { maxLength: 50 }), { maxKeys: 12 }) }) // biome-ignore format: one line
		.map(({ title, groups }) => recallMap(groups, title)),
);
