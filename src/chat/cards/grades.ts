/** The four grades of an answer: to choose from, with the dates on which the question then comes back, and their results. */
import type { LocalDate } from "../../core/calendar/calendar.ts";
import { dateText, whenText } from "../../core/calendar/date-words.ts";
import type { Answer, Grade } from "../../core/model.ts";
import { daysBetween, GRADES, type Memory, type Reviewed, review } from "../../core/practice/memory.ts";
import { type PracticeDay, returnDate } from "../../core/practice/queue.ts";
import { cappedGrade } from "../../core/question/grading.ts";
import { checklistName, checklistOf, hasPoints, type Question } from "../../core/question/question.ts";
import { type Block, type Button, button, type Card, titled } from "../card.ts";

const GRADE_NAMES: Readonly<Record<Grade, string>> = { again: "Again", hard: "Hard", good: "Good", easy: "Easy" };

export const lineText = ({ label, must }: ReturnType<typeof checklistOf>[number]): string =>
	must ? `${label} (essential)` : label;

/** A rating of one answer. A card may be older than the member's latest answer. */
const rateOptions = (question: Question, answerId: number) => ({ question: question.id, answer: String(answerId) });

/** The lines of a question to tick. @param ticked those that are ticked already; null before the first ticks */
export function checklist(question: Question, answerId: number, ticked: readonly number[] | null): Block {
	return {
		type: "checklist",
		label: "Which of these did you have?",
		items: checklistOf(question).map(lineText),
		ticked,
		call: { command: "rate", options: rateOptions(question, answerId) },
		option: "points",
	};
}

/** What a grade's booking starts from: the state before the answer, and the answer's local date. */
export interface Basis {
	readonly state: Reviewed | null;
	readonly on: LocalDate;
}

/** The grades to choose from. */
export interface GradeChoice {
	readonly buttons: readonly Button[];
	/** Says that every grade leads to the same date; empty where the buttons have dates of their own. */
	readonly sameDate: string;
}

/**
 * The grades that an answer can get, each with the date on which the question then returns. Marks the one that it has.
 * @param basis null if no grade would be booked: then there is none to choose
 */
export function gradeChoice(
	question: Question,
	basis: Basis | null,
	{ id, grade: earned, hinted, correct }: Pick<Answer, "id" | "grade" | "hinted" | "correct">,
	day: PracticeDay,
): GradeChoice {
	if (basis === null) return { buttons: [], sameDate: "" };
	const caps = { hinted, wrongCheck: correct === false, missedEssential: false };
	const dated = GRADES.filter((grade) => cappedGrade(grade, caps) === grade).map((grade) => {
		const booked = { ...review(basis.state, grade, basis.on), revision: question.revision, untickedOn: null };
		return { grade, date: returnDate(question, booked, day) };
	});
	const isSame = dated.length > 1 && new Set(dated.map(({ date }) => date)).size === 1;
	const buttons = dated.map(({ grade, date }) => {
		const when = date === day.today ? "today" : dateText(date, day.today);
		const label = isSame ? GRADE_NAMES[grade] : `${GRADE_NAMES[grade]}: ${when}`;
		const isEarned = grade === earned;
		const call = { ...rateOptions(question, id), grade };
		return button(isEarned ? `✓ ${label}` : label, "rate", call, isEarned ? "primary" : "secondary");
	});
	return { buttons, sameDate: isSame ? sameDateText(day) : "" };
}

const sameDateText = ({ interviewOn, today }: PracticeDay): string =>
	interviewOn !== null && interviewOn >= today
		? "Whatever you choose, it returns by your interview."
		: "Whatever you choose, it returns on the same day.";

/** When a question comes back: the member's dates, and whether it is still an open daily question. */
export interface Comeback {
	readonly day: PracticeDay;
	readonly isOpen: boolean;
}

/** Daily questions are rarely open for longer than this many days. */
const OPEN_DAYS = 7;

/** "tomorrow, 9 March", and the condition if practice cannot offer it before. */
export function comebackText(question: Question, memory: Memory, { day, isOpen }: Comeback): string {
	const date = returnDate(question, memory, day);
	const waits = isOpen && daysBetween(day.today, date) <= OPEN_DAYS;
	return `${whenText(date, day.today)}${waits ? ", once today's question has closed" : ""}`;
}

/** Says when a question comes back. @param books whether this answer was booked */
export function dueText(
	question: Question,
	memory: Memory,
	{ books, ...comeback }: Comeback & { readonly books: boolean },
): string {
	const when = comebackText(question, memory, comeback);
	if (memory.untickedOn !== null) {
		const hasTicks = hasPoints(question);
		return `${hasTicks ? "Tick what you had" : "Say how well you knew it"}, and I'll bring it back when it's due. ${hasTicks ? "Unticked" : "Otherwise"}, it comes back ${when}.`;
	}
	return books ? `It comes back ${when}.` : `It comes back ${when}. Only the day's first answer can move that date.`;
}

/**
 * What a grade of an answer is booked on; null if another answer was booked.
 * @param books whether the memory has booked this answer
 * @param isUngraded whether the answer has no grade yet, and so may be the one that the memory waits for
 */
export function basisOf(
	memory: Memory | null,
	{ books, isUngraded }: { readonly books: boolean; readonly isUngraded: boolean },
): Basis | null {
	if (memory === null) return null;
	if (isUngraded && memory.untickedOn !== null) return { state: memory.state, on: memory.untickedOn };
	return books && memory.state ? { state: memory.before, on: memory.state.on } : null;
}

/** @param count how many grades the answer can get; 0: none that its memory would book */
function choiceText({ grade, correct, hinted }: Answer, count: number, sameDate: string): string {
	if (count === 0)
		return "Another answer already decides when it comes back, so a grade here would not move that date.";
	if (correct === false) return "After a wrong check the grade is again, whatever you choose.";
	const now = grade === null ? "" : `Now: ${GRADE_NAMES[grade].toLowerCase()}. `;
	const cap = hinted ? " After a hint, good is the best of them." : "";
	return `${now}${sameDate || "Each grade says when the question comes back."}${cap}`;
}

/** The grades of an answer to choose from, with the one that it has. */
export function choiceCard(question: Question, answer: Answer, memory: Memory, day: PracticeDay): Card {
	const basis = basisOf(memory, { books: memory.answerId === answer.id, isUngraded: answer.grade === null });
	const { buttons: grades, sameDate } = gradeChoice(question, basis, answer, day);
	const text = choiceText(answer, grades.length, sameDate);
	return {
		tone: "question",
		title: `How well did you know it? ${question.title}`,
		blocks: [
			{ type: "text", text },
			...(basis && answer.kind === "text" && hasPoints(question)
				? [checklist(question, answer.id, answer.points)]
				: []),
			{
				type: "actions",
				buttons: [...grades, button("Practise", "practice", {}, grades.length === 0 ? "primary" : "secondary")],
			},
		],
	};
}

const GRADED: Readonly<Record<Grade, string>> = {
	again: "Again: not there yet.",
	hard: "Hard: you have part of it.",
	good: "Good: you know this.",
	easy: "Easy: you have this one.",
};

/** The result of a rating. */
export interface RatingOutcome {
	readonly grade: Grade;
	/** Number of ticked lines; null if the member pressed a grade. */
	readonly ticked: number | null;
	/** The lines that were not ticked, if the member ticked. */
	readonly missed?: readonly string[];
	readonly books: boolean;
	readonly capped: boolean;
	readonly memory: Memory | null;
	readonly isRepeat: boolean;
	readonly comeback: Comeback;
}

export function gradedText(question: Question, outcome: RatingOutcome): string {
	const { grade, capped, books, memory, isRepeat, comeback } = outcome;
	const cap = capped ? " With a hint, a missed essential or a wrong check, no higher grade is possible." : "";
	const when = memory ? ` It comes back ${comebackText(question, memory, comeback)}.` : "";
	const unchanged = isRepeat
		? ` This was a repeat: your first answer in this run counts.${when}`
		: ` Another answer already decides when it comes back, so this changes nothing.${when}`;
	return `${GRADED[grade]}${cap}${books ? when : unchanged}`;
}

function missedBlocks(missed: readonly string[]): Block[] {
	if (missed.length === 0) return [];
	return [
		{ type: "heading", text: "Not ticked" },
		{ type: "list", marker: "bullet", items: missed },
	];
}

/** The card after a rating outside a run, or after ticks inside one. */
export function gradedCard(question: Question, outcome: RatingOutcome, more: readonly Button[]): Card {
	const of = checklistOf(question).length;
	return {
		tone: "good",
		title: titled(
			outcome.ticked === null ? "Noted" : `Noted: ${outcome.ticked} of ${of} ${checklistName(question)}`,
			question.title,
		),
		blocks: [
			{ type: "text", text: gradedText(question, outcome) },
			...missedBlocks(outcome.missed ?? []),
			{ type: "actions", buttons: more },
		],
	};
}
