import { expect, test } from "vitest";
import { addDays } from "../../../src/core/calendar/calendar.ts";
import type { Grade } from "../../../src/core/model.ts";
import { type Memory, review } from "../../../src/core/practice/memory.ts";
import { planRun } from "../../../src/core/practice/queue.ts";
import { makeBank } from "../../support/question.ts";

const TODAY = "2027-03-08";
const questions = [...makeBank(8).values()];

/** A memory of the question at `index`, graded once, `days` ago. */
function met(index: number, grade: Grade, days: number): Memory {
	const question = questions[index];
	if (!question) throw new Error(`there is no question ${index}`);
	const { state, dueOn } = review(null, grade, addDays(TODAY, -days));
	const key = { workspaceId: 1, memberId: 1, questionId: question.id, revision: question.revision };
	return { ...key, state, before: null, grade, answerId: null, untickedOn: null, dueOn };
}

const idOf = (index: number) => questions[index]?.id;
const planned = (memories: Memory[], focus: string | null, count: number) =>
	planRun({ questions, memories, today: TODAY, interviewOn: null, weakTags: [] }, focus, count).map(
		({ questionId }) => questionId,
	);

test("of what is due, the question that was not seen for longer comes first", () => {
	const memories = [met(0, "good", 5), met(1, "good", 30), met(2, "good", 12)];
	expect(planned(memories, "due", 1)).toEqual([idOf(1)]);
	expect(planned(memories, "due", 3)).toHaveLength(3);
});

test("an answer whose key points wait to be ticked comes before all else", () => {
	const waits = { ...met(3, "good", 2), untickedOn: addDays(TODAY, -1), dueOn: TODAY };
	expect(planned([met(0, "again", 40), met(1, "good", 30), waits], null, 1)).toEqual([idOf(3)]);
});

test("with a category as with none, what is due comes before what is new", () => {
	const known = met(4, "good", 30);
	const category = questions[4]?.category ?? null;
	expect(planned([known], category, 1)).toEqual([known.questionId]);
	expect(planned([known], null, 1)).toEqual([known.questionId]);
});
