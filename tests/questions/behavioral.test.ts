import { describe, expect, test } from "vitest";
import { answeredCard } from "../../src/chat/cards/answer.ts";
import { gradedCard } from "../../src/chat/cards/grades.ts";
import type { Recorded } from "../../src/core/service/answering.ts";
import { unbookedRating } from "../support/ratings.ts";
import { question } from "./bank.ts";
import { grouped } from "./options.ts";

describe("behavioral", () => {
	test("chose-not-llm: what three million tickets a month cost", async () => {
		const [tickets, read, written, readPrice, writtenPrice] = [3e6, 800, 50, 0.5, 2];
		const cost = (tickets * (read * readPrice + written * writtenPrice)) / 1e6;
		const { answer } = await question("chose-not-llm");
		expect(answer).toContain("3 million tickets a month at 800 tokens in and 50 out, at $0.50 and $2 per million");
		expect(answer).toContain(`is $${grouped(cost)} a month`);
	});

	test("a rubric's criteria are ticked, and counted in the reply", async () => {
		const record = await question("missed-deadline");
		const recorded: Recorded = {
			answerId: 0,
			correct: null,
			counted: false,
			reason: "not-daily",
			streak: null,
			milestones: [],
			memory: null,
			books: false,
			hinted: false,
			day: { today: "2027-03-08", interviewOn: null },
			run: null,
		};
		const block = answeredCard(record, recorded, "Mine.", { share: false, ticked: null }).blocks.find(
			({ type }) => type === "checklist",
		);
		expect(block).toMatchObject({ items: record.rubric?.map(({ criterion }) => criterion) });
		expect(gradedCard(record, { ...unbookedRating, grade: "good", ticked: 4 }, []).title).toContain(
			"Noted: 4 of 5 criteria",
		);
	});

	test("the stories have no essential key point", async () => {
		for (const id of [
			"ai-tools-own-work",
			"chose-not-llm",
			"mentoring-story",
			"missed-deadline",
			"project-deep-dive",
		]) {
			const { key_points, rubric } = await question(id);
			expect(`${id} ${key_points.some(({ must }) => must)}`).toBe(`${id} false`);
			expect(rubric?.length, id).toBeGreaterThanOrEqual(4);
		}
	});
});
