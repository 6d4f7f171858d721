import { DAY as MIN_WINDOW } from "../../core/durations.ts";
import { hasCheck, OPTION_LETTERS, type Question } from "../../core/question/question.ts";
import { MAX_ANSWER_LENGTH } from "../../core/service/answering.ts";
import { counted } from "../../core/text/counted.ts";
import {
	type Block,
	type Button,
	button,
	type Call,
	type Card,
	type Form,
	type IntroBlock,
	instant,
	type Text,
	titled,
} from "../card.ts";

const minutesText = (minutes: number) => counted(minutes, "minute");

/** Category, difficulty and time to answer. */
export function questionFacts(question: Question): Block {
	return {
		type: "facts",
		facts: [
			{ name: "Category", value: question.category },
			{ name: "Difficulty", value: question.difficulty },
			{ name: "Time", value: minutesText(question.minutes) },
		],
	};
}

function questionButtons(question: Question): Button[] {
	const options = { question: question.id };
	return [
		button("Answer", "answer", options, "primary"),
		...(hasCheck(question) ? [button("Quick check", "check", options, "primary")] : []),
		...(question.hint === "" ? [] : [button("Hint", "hint", options)]),
		button("Reveal", "reveal", { ...options, ask: "yes" }),
	];
}

/** Text to read along with the prompt, such as code. Most questions have none. */
function exhibitBlocks({ exhibit }: Question): IntroBlock[] {
	return exhibit === undefined ? [] : [{ type: "preformatted", text: exhibit, narrowable: true }];
}

/** A question without its answer. @param more buttons after the usual ones */
export function questionCard(question: Question, more: readonly Button[] = []): Card {
	return {
		tone: "question",
		title: question.title,
		blocks: [
			questionFacts(question),
			{ type: "text", text: question.prompt },
			...exhibitBlocks(question),
			{ type: "actions", buttons: [...questionButtons(question), ...more] },
		],
	};
}

/** The window of a daily question, as far as it is known. */
export interface DailyWindow {
	readonly deliveredAt: Date;
	/** When it closes; null until the next question is delivered. */
	readonly closesAt?: Date | null;
	/** When the schedule posts its next question; null if that is not known. */
	readonly next: Date | null;
}

/** Until when a daily question is open: until the schedule's next one, and for at least a day. */
export function windowText({ deliveredAt, closesAt = null, next }: DailyWindow, now: Date): Text {
	if (closesAt !== null)
		return closesAt > now
			? ["Open until ", instant(closesAt, "UTC"), "."]
			: ["Closed on ", instant(closesAt, "UTC"), ". Answers are practice now."];
	const earliest = new Date(deliveredAt.getTime() + MIN_WINDOW);
	if (next !== null && next > earliest && next > now)
		return ["Open until the next question, ", instant(next, "UTC"), "."];
	return earliest > now
		? ["Open until at least ", instant(earliest, "UTC"), "."]
		: "Open until the next question comes.";
}

/**
 * The daily post.
 * @param open its window, and the instant of drawing; null if not yet known
 * @param roleId the one role that it mentions
 */
export function dailyCard(
	question: Question,
	number: number,
	answered: number,
	open: (DailyWindow & { readonly now: Date }) | null = null,
	roleId: string | null = null,
): Card {
	const count = answered === 0 ? "Nobody has answered yet: be the first." : `Answered so far: ${answered}.`;
	const card = questionCard(question, [button("My streak", "streak")]);
	return {
		...card,
		title: titled(`Question of the day #${number}`, question.title),
		blocks: [
			...card.blocks.slice(0, -1),
			...(open === null ? [] : [{ type: "text" as const, text: windowText(open, open.now) }]),
			{ type: "note", text: count },
			...card.blocks.slice(-1),
		],
		prominent: true,
		...(roleId === null ? {} : { notifies: roleId }),
	};
}

/** Says in the name of a form or check that an answer will not count for a streak. */
const named = (name: string, counts: boolean): string => (counts ? name : `${name}, as practice`);

/** The four options of the quick check. Every member sees the same order. @param counts for a streak */
export function checkCard(question: Question, counts = true): Card {
	return {
		tone: "question",
		title: titled(named("Quick check", counts), question.title),
		blocks: [
			{ type: "text", text: question.mcq.stem },
			{ type: "list", marker: "letter", items: question.mcq.options.map((option) => option.text) },
			{
				type: "actions",
				buttons: OPTION_LETTERS.map((option) => button(option, "check", { question: question.id, option }, "primary")),
			},
		],
	};
}

export function hintCard(question: Question): Card {
	return {
		tone: "plain",
		title: titled("Hint", question.title),
		blocks: [
			{ type: "text", text: question.hint },
			{ type: "note", text: "After a hint your own grade is at most good. Your streak is not affected." },
			{ type: "actions", buttons: questionButtons(question).filter((entry) => entry.label !== "Hint") },
		],
	};
}

/** Whether an answer would count for a streak, and if not, why: its question is not open, or no longer counts. */
export type AnswerStanding = "counts" | "not-open" | "attempted" | "revealed";

const STANDING_NOTES: Readonly<Partial<Record<AnswerStanding, string>>> = {
	attempted: "Practice: your first answer to today's question stands, and counts.",
	revealed: "Practice: you have seen the answer, so today's question no longer counts.",
};

export function answerForm(question: Question, standing: AnswerStanding = "counts"): Form {
	const note = STANDING_NOTES[standing];
	return {
		title: named("Your answer", standing === "counts"),
		intro: [
			...(note === undefined ? [] : [{ type: "text" as const, text: note }]),
			{ type: "text", text: question.prompt },
			...exhibitBlocks(question),
		],
		call: { command: "answer", options: { question: question.id } },
		fields: [
			{
				type: "text",
				name: "text",
				label: question.title,
				hint: `What you would say in ${minutesText(question.minutes)}. Only you see it.`,
				long: true,
				required: true,
				longest: MAX_ANSWER_LENGTH,
			},
		],
		submit: "Answer",
	};
}

/** Asks for confirmation before a reveal that would cost the member today's question. */
export const revealQuestionCard = (question: Question): Card =>
	askToReveal(
		question,
		"Today's question will then not count for your streak: when its window closes, it is a miss, which a freeze may cover. Any honest attempt counts, right or wrong.",
	);

/** Asks a member who has not answered a question yet, and wants to compare answers. */
export const revealFirstCard = (question: Question): Card =>
	askToReveal(question, "You have not answered this one yet. Answer it first: that is what makes it stay.");

function askToReveal(question: Question, text: string): Card {
	return {
		tone: "warning",
		title: "See the answer without an attempt?",
		blocks: [
			{ type: "text", text },
			{
				type: "actions",
				buttons: [
					button("Answer instead", "answer", { question: question.id }, "primary"),
					...(hasCheck(question) ? [button("Quick check instead", "check", { question: question.id }, "primary")] : []),
					button("Reveal anyway", "reveal", { question: question.id }, "danger"),
				],
			},
		],
	};
}

/** A question's facts, for scripts that read the data next to a card. */
export function questionData(question: Question): Record<string, unknown> {
	return { id: question.id, category: question.category, difficulty: question.difficulty };
}

/** The id of the question on a card with these calls; null if the card asks none. */
export const questionAsked = (calls: readonly Call[]): string | null =>
	calls.find(({ command }) => command === "answer")?.options.question ?? null;
