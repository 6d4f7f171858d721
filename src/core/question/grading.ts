import type { Grade } from "../model.ts";
import { checklistOf, type Question } from "./question.ts";

const GRADES: readonly Grade[] = ["again", "hard", "good", "easy"];

function lower(grade: Grade, cap: Grade): Grade {
	return GRADES.indexOf(grade) < GRADES.indexOf(cap) ? grade : cap;
}

/**
 * The grade of an answer from the key points, or the criteria of a rubric, that the member ticked.
 * Under 40 % again, to 69 % hard, to 89 % good, from 90 % easy; a missed essential point caps at hard, a hint at good.
 * @param ticked numbers of the checklist's lines, from 1
 */
export function gradeFromPoints(question: Question, ticked: readonly number[], hinted: boolean): Grade {
	const checklist = checklistOf(question);
	const points = new Set(ticked.filter((number) => number >= 1 && number <= checklist.length));
	const share = points.size / checklist.length;
	let grade: Grade = share < 0.4 ? "again" : share < 0.7 ? "hard" : share < 0.9 ? "good" : "easy";
	const missedEssential = checklist.some((point, index) => point.must && !points.has(index + 1));
	if (missedEssential) grade = lower(grade, "hard");
	return hinted ? lower(grade, "good") : grade;
}

/** A wrong quick check after a high self-grade lowers that grade by one step. */
export function gradeAfterWrongCheck(grade: Grade): Grade {
	if (grade === "easy") return "good";
	return grade === "good" ? "hard" : grade;
}

/** The grade of a quick check alone. */
export function gradeOfCheck(correct: boolean, hinted: boolean): Grade {
	if (!correct) return "again";
	return hinted ? "hard" : "good";
}
