import type { Grade } from "../model.ts";
import { checklistOf, type Question } from "./question.ts";

const GRADES: readonly Grade[] = ["again", "hard", "good", "easy"];

function lower(grade: Grade, cap: Grade): Grade {
	return GRADES.indexOf(grade) < GRADES.indexOf(cap) ? grade : cap;
}

/**
 * Grades an answer by the key points or rubric criteria that the member ticked. Below 40%: again; below 70%: hard; below
 * 90%: good; otherwise easy. A missed essential point caps the grade at hard.
 * @param ticked numbers of the ticked lines, from 1
 */
export function gradeFromPoints(question: Question, ticked: readonly number[]): Grade {
	const checklist = checklistOf(question);
	const points = new Set(ticked.filter((number) => number >= 1 && number <= checklist.length));
	const share = points.size / checklist.length;
	const grade: Grade = share < 0.4 ? "again" : share < 0.7 ? "hard" : share < 0.9 ? "good" : "easy";
	return cappedGrade(grade, { hinted: false, missedEssential: missesEssential(question, ticked), wrongCheck: false });
}

/** The grade of a free-text answer once the quick check right after it was wrong: easy and good drop by one step. */
export function gradeAfterWrongCheck(grade: Grade): Grade {
	if (grade === "easy") return "good";
	return grade === "good" ? "hard" : grade;
}

/** Grades a quick check on its own. A right answer earns good, and a hint does not lower it. */
export const gradeOfCheck = (correct: boolean): Grade => (correct ? "good" : "again");

/** What limits a grade, whether it comes from ticks or from the member. */
export interface Caps {
	readonly hinted: boolean;
	readonly missedEssential: boolean;
	/** Whether the graded answer is itself a quick check, and wrong. */
	readonly wrongCheck: boolean;
}

/** Caps a grade: a wrong check at again, a missed essential at hard, a hint at good. */
export function cappedGrade(grade: Grade, { hinted, missedEssential, wrongCheck }: Caps): Grade {
	if (wrongCheck) return "again";
	const capped = missedEssential ? lower(grade, "hard") : grade;
	return hinted ? lower(capped, "good") : capped;
}

/** Whether ticks leave out an essential line of the checklist. */
export function missesEssential(question: Question, ticked: readonly number[]): boolean {
	const points = new Set(ticked);
	return checklistOf(question).some((point, index) => point.must && !points.has(index + 1));
}
