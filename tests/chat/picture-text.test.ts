import { describe, expect, test } from "vitest";
import type { HeatMapDay, Picture } from "../../src/chat/card.ts";
import {
	alternativeText,
	countText,
	monthStarts,
	oneLine,
	type Profile,
	percentOf,
} from "../../src/chat/picture-text.ts";

const DAY = 24 * 60 * 60 * 1000;
const LETTERS: Readonly<Record<string, HeatMapDay["mark"]>> = {
	a: "attempted",
	m: "missed",
	f: "frozen",
	e: "excused",
	o: "open",
};

/** 84 days from a Monday; the last ones as the letters say, the others without a question. */
function daysOf(letters: string, firstMonday = "2026-03-02"): HeatMapDay[] {
	return Array.from(letters.padStart(84, "."), (letter, index) => ({
		date: new Date(Date.parse(firstMonday) + index * DAY).toISOString().slice(0, 10),
		mark: LETTERS[letter] ?? "none",
	}));
}

function heatMap(letters: string, title = "#practice"): Picture {
	return { type: "heat-map", title, days: daysOf(letters) };
}

function profile(rows: Profile["rows"]): Picture {
	return { type: "profile", title: "By category", rows };
}

describe("the words for a heat map", () => {
	test("say the streak, the count of each mark and the recent run", () => {
		expect(alternativeText(heatMap("aaammfee.aaaaaf.aaao..."))).toBe(
			"#practice. Of 18 days with a question in the last 12 weeks: 11 attempted, " +
				"2 missed, 2 frozen, 2 excused, 1 still open. The last 10, newest first: 1 open, 3 attempted, 1 frozen, 5 attempted.",
		);
	});

	test("name no open day if there is none", () => {
		expect(alternativeText(heatMap("am"))).toContain("Of 2 days");
		expect(alternativeText(heatMap("am"))).toMatch(/1 attempted, 1 missed, 0 frozen, 0 excused\. The last 2, newest/);
	});

	test("work for one day and for none", () => {
		expect(alternativeText(heatMap("a"))).toMatch(/Of 1 day with a question .* 0 excused\.$/);
		expect(alternativeText(heatMap("..."))).toBe("#practice. No daily questions in the last 12 weeks.");
	});

	test("begin without a title if there is none, and cut a long one between characters", () => {
		expect(alternativeText(heatMap("a", " \n"))).toMatch(/^Of 1 day/);
		expect(alternativeText(heatMap("a", `${"x".repeat(148)}👩‍💻 and more`))).toMatch(/^x{148}…\. Of 1 day/);
	});
});

describe("the words for a profile", () => {
	test("say every row", () => {
		const rows = [
			{ name: "Fundamentals", answered: 21, share: 19 / 21 },
			{ name: "Behavioral", answered: 2, share: null },
		];
		expect(alternativeText(profile(rows))).toBe(
			"By category. Fundamentals: 90% right, 21 answered; Behavioral: too few to say, 2 answered.",
		);
	});

	test("say that there are no rows", () => {
		expect(alternativeText(profile([]))).toBe("By category. No answers yet.");
	});

	test("stay within 1,000 characters and count the rows that are left out", () => {
		const rows = Array.from({ length: 50 }, (_, index) => ({ name: `Topic ${index}`, answered: 10, share: 0.5 }));
		const words = alternativeText(profile(rows));
		const mentions = words.match(/50% right/g)?.length ?? 0;
		expect(words.length).toBeLessThanOrEqual(1000);
		expect(words.length).toBeGreaterThan(950);
		expect(words).toMatch(new RegExp(`; and ${50 - mentions} more\\.$`));
	});
});

describe("the words for a map of recall", () => {
	const group = (name: string, firm: number, unmet: number) => ({
		name,
		marks: [
			...Array.from({ length: firm }, () => "firm" as const),
			...Array.from({ length: unmet }, () => "unmet" as const),
		],
	});

	test("say each category, and what the marks mean", () => {
		const groups = [group("fundamentals", 3, 2), group("debugging", 0, 4)];
		expect(alternativeText({ type: "recall-map", title: "Recall", figures: [], groups })).toBe(
			"Recall. fundamentals: 3 firm, 2 not met yet; debugging: 4 not met yet. Predicted recall: firm is 90% or more, fading is 70% to 89%, slipping is < 70%.",
		);
	});

	test("begin with how much is recalled today, and on the day of the interview", () => {
		const figures = [
			{ name: "Today", value: "about 47", note: "of 200 questions" },
			{ name: "On 12 June", value: "about 100", note: "at 5 a day" },
		];
		expect(
			alternativeText({ type: "recall-map", title: "Recall", figures, groups: [group("debugging", 1, 0)] }),
		).toMatch(/^Recall\. Today: about 47 of 200 questions; On 12 June: about 100 at 5 a day\. debugging: 1 firm\./);
	});

	test("sum up what is too long", () => {
		const groups = Array.from({ length: 40 }, (_, index) => group(`a category with a long name ${index}`, 1, 2));
		expect(alternativeText({ type: "recall-map", title: "Recall", figures: [], groups })).toBe(
			"Recall. All questions: 40 firm, 80 not met yet.",
		);
	});
});

describe("figures", () => {
	test("round shares, but never to all or nothing", () => {
		const shares = [0, 0.001, 0.304, 0.5, 0.999, 1];
		expect(shares.map(percentOf)).toEqual(["0%", "1%", "30%", "50%", "99%", "100%"]);
	});

	test("shorten large counts", () => {
		expect([0, 99_999, 100_000, 1_234_567].map(countText)).toEqual(["0", "99999", "100K", "1.2M"]);
	});
});

describe("months", () => {
	test("are placed above the week in which they begin", () => {
		expect(monthStarts(daysOf("", "2026-03-09"))).toEqual([
			{ week: 0, name: "Mar" },
			{ week: 3, name: "Apr" },
			{ week: 7, name: "May" },
		]);
	});

	test("leave out a first one that the next would cover", () => {
		expect(monthStarts(daysOf("", "2025-12-22")).map((start) => start.name)).toEqual(["Jan", "Feb", "Mar"]);
		expect(monthStarts([])).toEqual([]);
	});
});

describe("one line", () => {
	test("has no line breaks, control characters, lone surrogates or direction marks", () => {
		expect(oneLine(" a\n\tb \u001b[31m\ud800\u202ec ")).toBe("a b \ufffd[31m\ufffdc");
	});
});
