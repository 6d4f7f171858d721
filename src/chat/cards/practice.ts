import type { LocalDate } from "../../core/calendar/calendar.ts";
import { dateText, monthName, whenText } from "../../core/calendar/date-words.ts";
import { DAY, HOUR, MINUTE } from "../../core/durations.ts";
import type { Grade } from "../../core/model.ts";
import { daysBetween, type Memory } from "../../core/practice/memory.ts";
import { countsOf, isChanged, type PracticeCounts, type PracticeInput } from "../../core/practice/queue.ts";
import { placeText, type RunStep, type RunSummary, summaryOf } from "../../core/practice/run.ts";
import { hasPoints, type Question } from "../../core/question/question.ts";
import type { RunView } from "../../core/service/practising.ts";
import { counted } from "../../core/text/counted.ts";
import { cut } from "../../core/text/cut.ts";
import { type Block, type Button, button, type Card, plain, titled } from "../card.ts";
import { checklist, comebackText, gradeChoice } from "./grades.ts";
import { questionCard } from "./question.ts";

/** The most characters of a member's own words on such a card. The history shows all of them. */
const MAX_QUOTE_LENGTH = 600;
/** The most questions that a run's summary names. */
const MAX_NAMED = 20;
/** The most answers whose ticks a summary offers. The others are asked for when they are due. */
const MAX_TICK_BUTTONS = 3;

const MET: Readonly<Record<Grade, string>> = {
	again: "you missed this",
	hard: "you found this hard",
	good: "you knew this",
	easy: "you knew this",
};

/** A day this many days ago or less is named by its date, an earlier one only by its month. */
const RECENT_DAYS = 28;

/** "today", "yesterday", "on 3 March", "in March", or "in March 2025" for an earlier year. */
function metText(on: LocalDate, today: LocalDate): string {
	const days = daysBetween(on, today);
	if (days <= 0) return "today";
	if (days === 1) return "yesterday";
	if (days < RECENT_DAYS) return `on ${dateText(on, today)}`;
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
	const reason = step ? reasonText(step, question, memory, input.today, titleOf) : "";
	const place: Block = { type: "note", text: `${placeText(run)} · ${reason}` };
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
			{ type: "quote", text: cut(unticked.text ?? "", MAX_QUOTE_LENGTH) },
			...(hasPoints(question) ? [checklist(question, unticked.id, unticked.points)] : []),
			{
				type: "actions",
				buttons: [...gradeChoice(question, basis, unticked, input).buttons, ...runButtons(question)],
			},
		],
	};
}

/** "7 minutes", "3 hours", "2 days". */
function spanText(milliseconds: number): string {
	if (milliseconds < 2 * HOUR) return counted(Math.max(1, Math.round(milliseconds / MINUTE)), "minute");
	if (milliseconds < 2 * DAY) return counted(Math.round(milliseconds / HOUR), "hour");
	return counted(Math.round(milliseconds / DAY), "day");
}

const tickButton = (question: Question): Button =>
	button(`${hasPoints(question) ? "Tick" : "Grade"}: ${question.title}`, "rate", { question: question.id });

/** When something is due again, for all questions together. */
function nextText({ due, next }: PracticeCounts, today: LocalDate): string | null {
	if (due > 0) return `${counted(due, "question is", "questions are")} due today.`;
	return next === null ? null : `The next question is due ${whenText(next, today)}.`;
}

/** How many questions the member recalled, and how many it is unknown of until the answer has a grade. */
function resultText({ done, recalled, hard, skipped, ungraded }: RunSummary, span: string, toTick: boolean): string {
	const verb = toTick ? "tick" : "grade";
	return [
		done > 0
			? `You recalled ${recalled} of ${done} in ${span}${hard === 0 ? "" : `, ${hard} of them with difficulty`}.`
			: "",
		done === 0 && ungraded.length === 0 ? "Nothing was answered." : "",
		done === 0 && ungraded.length > 0 ? `Done in ${span}.` : "",
		ungraded.length > 0 ? `${counted(ungraded.length, "answer is", "answers are")} still to ${verb}.` : "",
		skipped > 0 ? `${counted(skipped, "question")} skipped.` : "",
	]
		.filter((part) => part !== "")
		.join(" ");
}

/** The card at the end of a run. */
export function summaryCard({ run, input }: RunView, questionOf: (id: string) => Question | undefined): Card {
	const summary = summaryOf(run);
	const ungraded = summary.ungraded.flatMap((id) => questionOf(id) ?? []);
	const memories = new Map(input.memories.map((memory) => [memory.questionId, memory]));
	const askable = new Set(input.questions.map(({ id }) => id));
	const span = spanText((run.endedAt ?? run.startedAt).getTime() - run.startedAt.getTime());
	const items = summary.questions.slice(0, MAX_NAMED).flatMap((id) => {
		const [question, memory] = [questionOf(id), memories.get(id)];
		if (!question || !memory) return [];
		return titled(question.title, comebackText(question, memory, { day: input, isOpen: !askable.has(id) }));
	});
	const coming = nextText(countsOf(input), input.today);
	const blocks: Block[] = [{ type: "text", text: resultText(summary, span, ungraded.some(hasPoints)) }];
	if (items.length > 0)
		blocks.push({ type: "heading", text: "They come back" }, { type: "list", marker: "bullet", items });
	if (coming !== null) blocks.push({ type: "note", text: coming });
	blocks.push({
		type: "actions",
		buttons: [
			...ungraded.slice(0, MAX_TICK_BUTTONS).map(tickButton),
			button("Five more", "practice", { count: "5" }, "primary"),
			button("My statistics", "stats"),
		],
	});
	return { tone: "good", title: "Practice: done for now", blocks };
}

/** A focus that names a state of the member's questions; all others name questions by subject. */
const NOTHING: Readonly<Record<string, string>> = {
	due: "Nothing is due",
	missed: "No missed questions",
	weak: "No weak topics",
	new: "No new questions left",
};

/** The card when a focus has nothing to practise. Lists what there is instead. */
export function nothingCard(input: PracticeInput, focus: string | null): Card {
	const counts = countsOf(input);
	const { due, missed, new: fresh } = counts;
	const there = [
		missed > 0 ? `You missed ${counted(missed, "question")} the last time.` : "",
		fresh > 0 ? `${counted(fresh, "question is", "questions are")} new to you.` : "",
	].filter((part) => part !== "");
	const has = there.length === 0 && due === 0 ? ["You know every question, and none is due."] : there;
	const text = [nextText(counts, input.today) ?? "", ...has].filter((part) => part !== "").join(" ");
	return {
		tone: "plain",
		title: NOTHING[focus ?? "due"] ?? `Nothing to practise in ${focus}`,
		blocks: [
			{ type: "text", text },
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

/** Adds a line at the top of a card, such as the result of the previous button. */
export const withLine = (card: Card, text: string): Card => ({
	...card,
	blocks: [{ type: "text", text: [plain(text)] }, ...card.blocks],
});

/** Adds buttons after the last ones of a card. */
export function withButtons(card: Card, more: readonly Button[]): Card {
	const last = card.blocks.findLastIndex(({ type }) => type === "actions");
	const blocks = card.blocks.map((block, index) =>
		block.type === "actions" && index === last ? { ...block, buttons: [...block.buttons, ...more] } : block,
	);
	return more.length === 0 ? card : { ...card, blocks };
}
