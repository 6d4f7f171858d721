import { describe, expect, test } from "vitest";
import type { Question } from "../../../src/core/question/question.ts";
import { needMap } from "../../../tools/bank/need-map.ts";
import { dueForReview, lengthStatistics } from "../../../tools/bank/statistics.ts";
import { question } from "../../questions/bank.ts";

describe("statistics", () => {
	test("reviews are due from 60 days before their date, the earliest first", async () => {
		const bleu = await question("bleu-score");
		const dated = (id: string, date: string | undefined): Question => {
			const { review_by: _, ...rest } = bleu;
			return date === undefined ? { ...rest, id } : { ...rest, id, review_by: date };
		};
		const bank = [
			dated("in-60-days", "2027-03-02"),
			dated("in-61-days", "2027-03-03"),
			dated("never", undefined),
			dated("yesterday", "2026-12-31"),
			dated("today", "2027-01-01"),
		];
		const due = dueForReview(bank, new Date("2027-01-01T23:59:59Z"));
		expect(due.map(({ id, days }) => [id, days])).toEqual([
			["yesterday", -1],
			["today", 0],
			["in-60-days", 60],
		]);
	});

	test("shortest, median, longest and whose it is", async () => {
		const bleu = await question("bleu-score");
		const titled = (id: string, length: number): Question => ({ ...bleu, id, title: "x".repeat(length) });
		const lengths = (...titles: Question[]) => lengthStatistics(titles).find((line) => line.field === "title");
		expect(lengths(titled("a", 30), titled("b", 70), titled("c", 10))).toMatchObject({
			count: 3,
			shortest: 10,
			median: 30,
			longest: 70,
			longestIn: "b",
		});
		expect(lengths(titled("a", 30), titled("b", 70))).toMatchObject({ median: 50 });
		expect(lengths()).toMatchObject({ count: 0, longest: 0, longestIn: "" });
	});

	test("the map: what no chain reaches, needs that are harder, the depth of chains, cycles", async () => {
		const bleu = await question("bleu-score");
		const node = (id: string, difficulty: Question["difficulty"], ...needs: string[]): [string, Question] => [
			id,
			{ ...bleu, id, difficulty, needs },
		];
		const map = needMap(
			new Map([
				node("last", "advanced", "middle", "hard"),
				node("middle", "intermediate", "first"),
				node("first", "basic"),
				node("hard", "advanced"),
				node("upside-down", "intermediate", "hard"),
				node("ring-a", "advanced", "ring-b"),
				node("ring-b", "advanced", "ring-a"),
			]),
		);
		expect(map.unreached.map((entry) => entry.id)).toEqual(["hard", "upside-down", "ring-a", "ring-b"]);
		expect(map.harder).toEqual([{ id: "upside-down", need: "hard" }]);
		expect(map.longest).toEqual(["first", "middle", "last"]);
		expect(map.depths.slice(0, 1)).toEqual([3]);
		expect(map.depths.reduce((sum, count) => sum + count, 0)).toBe(7);
	});
});
