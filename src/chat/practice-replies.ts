/** Replies of a practice run: its steps, the buttons below an answer, and its summary. */

import type { Memory } from "../core/practice/memory.ts";
import { countsOf, type PracticeDay, returnDate } from "../core/practice/queue.ts";
import { placeOf, placeText, summaryOf } from "../core/practice/run.ts";
import { hasPoints, type Question } from "../core/question/question.ts";
import type { Recorded } from "../core/service/answering.ts";
import type { MovedRun, RunView } from "../core/service/practising.ts";
import type { Revealed } from "../core/service/revealing.ts";
import { type Block, type Button, button, type Card, type Inline, type Reply } from "./card.ts";
import { basisOf, type Comeback, dueText, gradeChoice } from "./cards/grades.ts";
import { stepCard, summaryCard, withButtons, withLine } from "./cards/practice.ts";
import { questionData } from "./cards/question.ts";
import type { Context } from "./command.ts";

/**
 * A run's current question, or its summary if the run is over.
 * @param line the result of the previous button
 * @param more buttons that belong to it
 */
export function runReply(
	{ services }: Context,
	view: RunView,
	line: string | null = null,
	more: readonly Button[] = [],
): Reply {
	const { run, step, question, input } = view;
	const questionOf = (id: string) => services.bank.get(id) ?? input.questions.find((own) => own.id === id);
	const titled = (card: Card) => withButtons(line === null ? card : withLine(card, line), more);
	if (!step || !question) {
		const { done, recalled } = summaryOf(run);
		return {
			card: titled(summaryCard(view, questionOf)),
			data: { done, recalled, next: countsOf(input).next },
		};
	}
	return {
		card: titled(stepCard(view, question, (id) => questionOf(id)?.title)),
		data: { ...questionData(question), run: { ...placeOf(run), reason: step.reason } },
	};
}

const STAYED = {
	unanswered: "This question has no answer yet. Answer it, or skip it.",
	elsewhere: "Your run had moved on already. This is where it is.",
} as const;

/** The same for a run that was asked to move on: says why it did not. */
export const movedReply = (context: Context, view: MovedRun): Reply =>
	runReply(context, view, view.step && view.stayed && STAYED[view.stayed]);

/** A booking's facts, for scripts. */
export const bookingData = (
	question: Question,
	{ memory, books, day }: { readonly memory: Memory | null; readonly books: boolean; readonly day: PracticeDay },
) => ({
	grade: books ? (memory?.grade ?? null) : null,
	due: memory && returnDate(question, memory, day),
});

/** A question whose window is open is not offered before it closes. */
export const comebackOf = ({ day, reason }: Pick<Recorded, "day" | "reason">): Comeback => ({
	day,
	isOpen: reason !== "not-daily",
});

/** The blocks below an answer: the grades with their dates, and in a run the buttons to continue. */
function goingOn(question: Question, recorded: Recorded): Block[] {
	const { run, memory, books, hinted, correct, day } = recorded;
	// Without key points there is nothing to tick, so the member grades the answer directly.
	const isUngraded = correct === null && !hasPoints(question);
	if (run === null && !isUngraded) return [];
	const grade = books ? (memory?.grade ?? null) : null;
	const { buttons: grades, sameDate } = gradeChoice(
		question,
		basisOf(memory, { books, isUngraded: true }),
		{ id: recorded.answerId, grade, hinted, correct },
		day,
	);
	if (run === null)
		return grades.length === 0
			? []
			: [
					{ type: "note", text: `How well did you know it? ${sameDate}`.trimEnd() },
					{ type: "actions", buttons: grades },
				];
	const asks = grades.length > 1 ? `: how well did you know it? ${sameDate}`.trimEnd() : "";
	return [
		{ type: "note", text: `Practice, ${placeText(run).toLowerCase()}${asks}` },
		{
			type: "actions",
			buttons: [...grades, button("Next", "next", { question: question.id }, "primary"), button("Stop", "stop")],
		},
	];
}

/** A block without the "Next question" button, which would lead away from the run. */
function withoutRandom(block: Block): Block {
	if (block.type !== "actions") return block;
	return { ...block, buttons: block.buttons.filter(({ call }) => call.command !== "random") };
}

/** A part of an answer whose last button goes on with the run. */
export const withNext = (card: Card, question: Question): Card =>
	withButtons({ ...card, blocks: card.blocks.map(withoutRandom) }, [button("Next", "next", { question: question.id })]);

const BEHIND: readonly string[] = ["traps", "follow-ups", "references"];

/** In a run the grades need the room: the parts and Report stand behind "Strong answer". */
function withoutParts(block: Block): Block {
	if (block.type !== "actions") return block;
	const buttons = block.buttons.filter(
		({ call: { command, options } }) =>
			!["random", "report"].includes(command) && !(command === "compare" && BEHIND.includes(options.part ?? "")),
	);
	return { ...block, buttons };
}

/** A card's first text, with a line below it. */
function withLineBelow(first: Block | undefined, line: string | null): Block[] {
	if (line === null) return first ? [first] : [];
	if (first?.type !== "text") return [...(first ? [first] : []), { type: "text", text: line }];
	const above: readonly Inline[] = typeof first.text === "string" ? [first.text] : first.text;
	return [{ type: "text", text: [...above, `\n${line}`] }];
}

/** Adds to an answer's card the date on which the question comes back, and in a run the buttons to continue. */
export function withPractice(card: Card, question: Question, recorded: Recorded): Card {
	const [first, ...rest] = card.blocks;
	const { memory, books } = recorded;
	const due = memory && dueText(question, memory, { books, ...comebackOf(recorded) });
	const counted: Block[] =
		recorded.run !== null && recorded.counted
			? [{ type: "note", text: "This is today's question now, so your answer counts for it." }]
			: [];
	const blocks = [
		...withLineBelow(first, due),
		...counted,
		...(recorded.run === null ? rest : rest.map(withoutParts)),
		...goingOn(question, recorded),
	];
	return { ...card, blocks };
}

/** Adds to a revealed answer the date on which the question comes back, if booked, and buttons to continue a run. */
export function withReveal(card: Card, question: Question, { memory, run, cost, interviewOn }: Revealed): Card {
	const [first, ...rest] = card.blocks;
	const day = memory?.state && { today: memory.state.on, interviewOn };
	const due = memory && day ? dueText(question, memory, { books: true, day, isOpen: cost }) : null;
	const buttons = [button("Next", "next", { question: question.id }, "primary"), button("Stop", "stop")];
	return {
		...card,
		blocks: [
			...withLineBelow(first, due),
			...(run === null ? rest : [...rest.map(withoutRandom), { type: "actions" as const, buttons }]),
		],
	};
}
