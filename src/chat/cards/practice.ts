import type { LocalDate } from "../../core/calendar/calendar.ts";
import { MINUTE } from "../../core/durations.ts";
import type { Grade } from "../../core/model.ts";
import { GRADES, type Memory, type Reviewed, review } from "../../core/practice/memory.ts";
import { countsOf, dueDate, isChanged, nextDue, type PracticeInput } from "../../core/practice/queue.ts";
import { placeOf, type RunStep, summaryOf } from "../../core/practice/run.ts";
import { cappedGrade } from "../../core/question/grading.ts";
import { checklistName, checklistOf, hasPoints, type Question } from "../../core/question/question.ts";
import type { RunView } from "../../core/service/practising.ts";
import { counted } from "../../core/text/counted.ts";
import { cut } from "../../core/text/cut.ts";
import { type Block, type Button, button, type Card, plain } from "../card.ts";
import { dateText, monthName, whenText } from "../dates.ts";
import { questionCard } from "./question.ts";

/** The most characters of a member's own words on such a card. The history shows all of them. */
const LONGEST_QUOTE = 600;
/** The most questions that a run's summary names. */
const MAX_NAMED = 20;

const GRADE_NAMES: Readonly<Record<Grade, string>> = { again: "Again", hard: "Hard", good: "Good", easy: "Easy" };
const MET: Readonly<Record<Grade, string>> = {
	again: "you missed this",
	hard: "you found this hard",
	good: "you knew this",
	easy: "you knew this",
};

/** "today", "on 3 March" in the current month, "in March", or "in March 2025" for an earlier year. */
function metText(on: LocalDate, today: LocalDate): string {
	if (on >= today) return "today";
	if (on.slice(0, 7) === today.slice(0, 7)) return `on ${dateText(on, today)}`;
	return on.slice(0, 4) === today.slice(0, 4) ? `in ${monthName(on)}` : `in ${monthName(on)} ${on.slice(0, 4)}`;
}

/** Why a question is in a run. @param titleOf title of another question; undefined if it no longer exists */
export function reasonText(
	step: RunStep,
	question: Question,
	memory: Memory | null,
	today: LocalDate,
	titleOf: (id: string) => string | undefined,
): string {
	if (step.reason === "again") return "once more, as you missed it in this run";
	if (step.reason === "prerequisite") {
		const title = step.neededFor === null ? undefined : titleOf(step.neededFor);
		return title === undefined ? "needed for what you missed" : `needed for "${title}", which you missed`;
	}
	if (memory === null) return "new to you";
	if (isChanged(question, memory)) return "changed since you last saw it";
	if (memory.untickedOn !== null)
		return `you answered this ${metText(memory.untickedOn, today)}: ${hasPoints(question) ? "tick what you had" : "how well did you know it?"}`;
	return memory.grade && memory.state ? `${MET[memory.grade]} ${metText(memory.state.on, today)}` : "new to you";
}

const runButtons = (question: Question): Button[] => [
	button("Skip", "skip", { question: question.id }),
	button("Stop", "stop"),
];

/** A run's current step: the question, or the checklist of an earlier answer that still needs its ticks. */
export function stepCard(view: RunView, question: Question, titleOf: (id: string) => string | undefined): Card {
	const { run, step, memory, input, unticked } = view;
	const { index, of } = placeOf(run);
	const reason = step ? reasonText(step, question, memory, input.today, titleOf) : "";
	const place: Block = { type: "note", text: `${index} of ${of} · ${reason}` };
	if (unticked === null) {
		const card = questionCard(question, runButtons(question));
		return { ...card, blocks: [place, ...card.blocks] };
	}
	const basis = { state: memory?.state ?? null, on: memory?.untickedOn ?? input.today };
	return {
		tone: "question",
		title: `${hasPoints(question) ? "What did you have?" : "How well did you know it?"} ${question.title}`,
		blocks: [
			place,
			{ type: "text", text: question.prompt },
			{ type: "quote", text: cut(unticked.text ?? "", LONGEST_QUOTE) },
			...(hasPoints(question) ? [checklist(question)] : []),
			{
				type: "actions",
				buttons: [
					...gradeButtons(question, basis, null, { hinted: unticked.hinted, wrongCheck: false }),
					...runButtons(question),
				],
			},
		],
	};
}

function checklist(question: Question): Block {
	return {
		type: "checklist",
		label: "Which of these did you have?",
		items: checklistOf(question).map(({ label, must }) => (must ? `${label} (essential)` : label)),
		call: { command: "rate", options: { question: question.id } },
		option: "points",
	};
}

/** What a grade's booking starts from: the state before the answer, and the answer's local date. */
export interface Basis {
	readonly state: Reviewed | null;
	readonly on: LocalDate;
}

/** The grades that an answer can get, each with the date on which the question then returns. Marks the earned one. */
export function gradeButtons(
	question: Question,
	{ state, on }: Basis,
	earned: Grade | null,
	caps: { readonly hinted: boolean; readonly wrongCheck: boolean },
): Button[] {
	const reachable = GRADES.filter((grade) => cappedGrade(grade, { ...caps, missedEssential: false }) === grade);
	return reachable.map((grade) => {
		const label = `${GRADE_NAMES[grade]}: ${dateText(review(state, grade, on).dueOn, on)}`;
		const isEarned = grade === earned;
		const call = { question: question.id, grade };
		return button(isEarned ? `✓ ${label}` : label, "rate", call, isEarned ? "primary" : "secondary");
	});
}

/** Says when a question comes back. @param books whether this answer was booked */
export function dueText(memory: Memory | null, books: boolean, today: LocalDate, hasTicks = true): string | null {
	if (memory === null) return null;
	const when = whenText(memory.dueOn, today);
	if (memory.untickedOn !== null)
		return `${hasTicks ? "Tick what you had" : "Say how well you knew it"}, and I'll bring it back when it's due. ${hasTicks ? "Unticked" : "Otherwise"}, it comes back ${when}.`;
	return books ? `It comes back ${when}.` : `It comes back ${when}. Only the day's first answer can move that date.`;
}

/** The card at the end of a run. */
export function summaryCard({ run, input }: RunView, questionOf: (id: string) => Question | undefined): Card {
	const { done, recalled, skipped, questions } = summaryOf(run);
	const memories = new Map(input.memories.map((memory) => [memory.questionId, memory]));
	const minutes = Math.max(
		1,
		Math.round(((run.endedAt ?? run.startedAt).getTime() - run.startedAt.getTime()) / MINUTE),
	);
	const items = questions.slice(0, MAX_NAMED).flatMap((id) => {
		const [question, memory] = [questionOf(id), memories.get(id)];
		if (!question || !memory) return [];
		return `${question.title}: ${dateText(dueDate(question, memory, input.today, input.interviewOn), input.today)}`;
	});
	const passed = skipped === 0 ? "" : ` ${counted(skipped, "question")} skipped.`;
	const coming = nextDue(input);
	const blocks: Block[] = [
		{
			type: "text",
			text:
				done === 0
					? `Nothing was answered.${passed}`
					: `You recalled ${recalled} of ${done} in ${counted(minutes, "minute")}.${passed}`,
		},
	];
	if (items.length > 0)
		blocks.push({ type: "heading", text: "They come back" }, { type: "list", marker: "bullet", items });
	if (coming !== null)
		blocks.push({ type: "note", text: `The next question is due ${whenText(coming, input.today)}.` });
	blocks.push({
		type: "actions",
		buttons: [button("Five more", "practice", { count: "5" }, "primary"), button("My statistics", "stats")],
	});
	return { tone: "good", title: "Practice: done for now", blocks };
}

/** The card when a focus has nothing to practise. Lists what there is instead. */
export function nothingCard(input: PracticeInput, focus: string | null): Card {
	const { due, missed, new: fresh, next } = countsOf(input);
	const there = [
		due > 0 ? `${due} due` : "",
		missed > 0 ? `${missed} missed` : "",
		fresh > 0 ? `${fresh} new` : "",
	].filter((part) => part !== "");
	const has = there.length === 0 ? "You know every question, and none is due." : `There are: ${there.join(", ")}.`;
	const when = next === null || next <= input.today ? "" : ` The next one is due ${whenText(next, input.today)}.`;
	return {
		tone: "plain",
		title: focus === null ? "Nothing is due" : `Nothing to practise: ${focus}`,
		blocks: [
			{ type: "text", text: `${has}${when}` },
			{
				type: "actions",
				buttons: [
					...(due > 0 ? [button("Practise what is due", "practice", { focus: "due" }, "primary")] : []),
					...(missed > 0 ? [button("Practise what I missed", "practice", { focus: "missed" })] : []),
					...(fresh > 0 ? [button("New questions", "practice", { focus: "new" })] : []),
					button("My statistics", "stats"),
				],
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
	readonly books: boolean;
	readonly capped: boolean;
	readonly memory: Memory | null;
	readonly isRepeat: boolean;
	/** The answer's local date. */
	readonly on: LocalDate;
}

export function gradedText({ grade, capped, books, memory, isRepeat, on }: RatingOutcome): string {
	const cap = capped ? " A hint, a missed essential or a wrong check caps it there." : "";
	const when = memory ? ` It comes back ${whenText(memory.dueOn, on)}.` : "";
	const kept = isRepeat
		? ` This was the repeat, so your first answer stands.${when}`
		: ` Your memory of it was booked from another answer, so it stays as it was.${when}`;
	return `${GRADED[grade]}${cap}${books ? when : kept}`;
}

/** The card after a rating outside a run, or after ticks inside one. */
export function gradedCard(question: Question, outcome: RatingOutcome, more: readonly Button[]): Card {
	const of = checklistOf(question).length;
	return {
		tone: "good",
		title:
			outcome.ticked === null
				? `Noted: ${question.title}`
				: `Noted: ${outcome.ticked} of ${of} ${checklistName(question)}`,
		blocks: [
			{ type: "text", text: gradedText(outcome) },
			{ type: "actions", buttons: more },
		],
	};
}

/** Adds a line at the top of a card, such as the result of the previous button. */
export const withLine = (card: Card, text: string): Card => ({
	...card,
	blocks: [{ type: "text", text: [plain(text)] }, ...card.blocks],
});
