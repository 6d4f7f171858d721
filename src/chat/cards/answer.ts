/** Cards after an answer: one phone screen, with the rest behind buttons that lead back to it. */
import type { Answer } from "../../core/model.ts";
import {
	hasCheck,
	hasPoints,
	OPTION_LETTERS,
	type OptionLetter,
	type Question,
	rightOption,
} from "../../core/question/question.ts";
import type { Recorded } from "../../core/service/answering.ts";
import { counted } from "../../core/text/counted.ts";
import { cut } from "../../core/text/cut.ts";
import { type Block, type Button, button, type Card, instant, type Text, titled } from "../card.ts";
import { checklist } from "./grades.ts";

/** Parts that open in place of the card. Each is the word to type for it. */
export const PARTS = ["strong", "traps", "follow-ups", "references", "words"] as const;
export type Part = (typeof PARTS)[number];

const PART_NAMES: Readonly<Record<Part, string>> = {
	strong: "Strong answer",
	traps: "Traps",
	"follow-ups": "Follow-ups",
	references: "References",
	words: "All your words",
};
/** How many characters and lines of a member's own words fit on a phone with the rest of the card. */
const SHOWN_WORDS = 160;
const SHOWN_LINES = 3;

/** The parts of a member's answer that cards need; null if the member only revealed the answer. */
export type Own = (Pick<Answer, "id" | "text" | "kind"> & Partial<Pick<Answer, "option">>) | null;

/** What else the card of a free-text answer shows. */
export interface TextShown {
	/** Whether the member can share it. */
	readonly share: boolean;
	/** The ticked lines; null before the first ticks. */
	readonly ticked: readonly number[] | null;
}

function shownWords(text: string): string {
	const lines = text.split("\n");
	return cut(lines.length > SHOWN_LINES ? `${lines.slice(0, SHOWN_LINES).join("\n")} …` : text, SHOWN_WORDS);
}

/** Says how an answer changed the streak. */
export function streakEffect(recorded: Recorded): Text {
	if (recorded.counted && recorded.streak) {
		const { current, freezes } = recorded.streak;
		const freezesText = freezes === 0 ? "" : ` You hold ${counted(freezes, "freeze")}.`;
		return `Counted for today. Your streak is ${current}.${freezesText}`;
	}
	const { reason, closedAt = null } = recorded;
	if (closedAt !== null)
		return [
			"This was a question of the day, and it closed on ",
			instant(closedAt, "UTC"),
			". Stored as practice: your streak stays as it is.",
		];
	switch (reason) {
		case "answered-before":
			return "Stored as practice: your first answer to today's question stands, and already counts.";
		case "revealed":
			return "Stored as practice: you had seen the answer first, so today's question no longer counts.";
		default:
			return "Stored as practice.";
	}
}

function milestoneBlocks(recorded: Recorded): Block[] {
	return recorded.milestones.map((value) => ({
		type: "text",
		text: `${value} in a row: that is a milestone. Well done!`,
	}));
}

export function partButton(question: Question, own: Own, part: Part): Button {
	const answer = own ? { answer: String(own.id) } : { seen: "yes" };
	return button(PART_NAMES[part], "compare", { question: question.id, part, ...answer });
}

/** Asks whether to post one of the member's answers into its question's thread. */
export const shareButton = ({ id }: Question, answerId: number): Button =>
	button("Share", "share", { question: id, ask: "yes", answer: String(answerId) });

interface Shown {
	readonly own: Own;
	/** Whether the member can share the answer in the question's thread. */
	readonly share?: boolean;
	/** The part that the card already shows. */
	readonly without?: Part;
}

/** The parts that a question has. A workspace's own may have only the answer. */
function sectionsOf({ traps, follow_ups, references }: Question): Part[] {
	return [
		"strong",
		...(traps.length > 0 ? (["traps"] as const) : []),
		...(follow_ups.length > 0 ? (["follow-ups"] as const) : []),
		...(references.length > 0 ? (["references"] as const) : []),
	];
}

/** The buttons below every answer. */
export function afterButtons(question: Question, { own, share = false, without }: Shown): Button[] {
	const parts = sectionsOf(question).filter((part) => part !== without);
	return [
		...parts.map((part) => partButton(question, own, part)),
		...(share && own ? [shareButton(question, own.id)] : []),
		button("Report", "report", { question: question.id }),
	];
}

/** Those buttons, followed by "Next question". */
const lastButtons = (question: Question, shown: Shown): Button[] => [
	...afterButtons(question, shown),
	button("Next question", "random"),
];

/** The card after a free-text answer. */
export function answeredCard(question: Question, recorded: Recorded, text: string, { share, ticked }: TextShown): Card {
	const own = { id: recorded.answerId, text, kind: "text" } as const;
	const shown = shownWords(text);
	const whole = shown === text ? [] : [partButton(question, own, "words")];
	return {
		tone: "good",
		title: titled("Compare", question.title),
		blocks: [
			{ type: "text", text: streakEffect(recorded) },
			...milestoneBlocks(recorded),
			{ type: "quote", text: shown },
			...(hasPoints(question) ? [checklist(question, own.id, ticked)] : []),
			{ type: "actions", buttons: [...whole, ...lastButtons(question, { own, share })] },
		],
	};
}

/** An option's text, in quotation marks because it may be false, and why it is right or wrong. */
function optionText(question: Question, letter: OptionLetter): string {
	const option = question.mcq.options[OPTION_LETTERS.indexOf(letter)];
	return `“${option?.text ?? ""}” ${option?.why ?? ""}`.trimEnd();
}

/** How many characters about the options fit on a phone with the rest of the card. */
const SHOWN_WHY = 380;

/** @returns the chosen and the right option, and the explanation, null if it has no room beside them */
function verdict(question: Question, option: OptionLetter): { lines: string[]; explanation: string | null } {
	const right = rightOption(question);
	const lines =
		option === right
			? [`You chose ${option}, the right one. ${optionText(question, option)}`]
			: [`You chose ${option}: ${optionText(question, option)}`, `${right} is right: ${optionText(question, right)}`];
	const { explanation } = question.mcq;
	return { lines, explanation: lines.join("").length + explanation.length <= SHOWN_WHY ? explanation : null };
}

const textBlocks = (texts: readonly string[]): Block[] =>
	texts.filter((text) => text !== "").map((text) => ({ type: "text", text }));

/** What the card after a quick check had no room for. */
function unshownExplanation(question: Question, own: Own): Block[] {
	const option = OPTION_LETTERS.find((letter) => letter === own?.option);
	if (option === undefined || verdict(question, option).explanation !== null) return [];
	return [{ type: "heading", text: "The quick check" }, ...textBlocks([question.mcq.explanation])];
}

/** The card after a quick check. It has nothing to tick, because the member wrote no text. */
export function checkedCard(question: Question, option: OptionLetter, recorded: Recorded): Card {
	const own = { id: recorded.answerId, text: null, kind: "check", option } as const;
	const { lines, explanation } = verdict(question, option);
	return {
		tone: recorded.correct ? "good" : "warning",
		title: titled(recorded.correct ? "Well chosen" : "Not this time", question.title),
		blocks: [
			{ type: "text", text: streakEffect(recorded) },
			...milestoneBlocks(recorded),
			...textBlocks([...lines, explanation ?? ""]),
			{ type: "actions", buttons: lastButtons(question, { own }) },
		],
	};
}

function partBlocks(question: Question, part: Part, own: Own): Block[] {
	switch (part) {
		case "strong":
			return [...strongBlocks(question), ...unshownExplanation(question, own)];
		case "traps":
			return [
				{
					type: "list",
					marker: "bullet",
					items: question.traps.map((trap) => `“${trap.claim}” ${trap.correction}`),
				},
			];
		case "follow-ups":
			return question.follow_ups.flatMap(({ q, a }): Block[] => [
				{ type: "text", text: [{ type: "strong", text: q }] },
				{ type: "text", text: a },
			]);
		case "references":
			return [
				{
					type: "list",
					marker: "bullet",
					items: question.references.map(({ url, label }) => (url ? `${label} ${url}` : label)),
				},
			];
		case "words":
			return [{ type: "quote", text: own?.text ?? "" }];
	}
}

function strongBlocks(question: Question): Block[] {
	const blocks: Block[] = [{ type: "text", text: question.answer }];
	if (!question.rubric) return blocks;
	const items = question.rubric.map((line) => `${line.criterion}. Strong: ${line.strong} Weak: ${line.weak}`);
	return [
		...blocks,
		{ type: "heading", text: "What interviewers listen for" },
		{ type: "list", marker: "bullet", items },
	];
}

/** One part in place of the card, with a button back to it. @param share whether the member can share the answer */
export function partCard(question: Question, part: Part, own: Own, share = false): Card {
	const back = own ? { answer: String(own.id) } : { seen: "yes" };
	return {
		tone: "plain",
		title: titled(PART_NAMES[part], question.title),
		blocks: [
			...partBlocks(question, part, own),
			{
				type: "actions",
				buttons: [
					button("Back", "compare", { question: question.id, ...back }, "primary"),
					...lastButtons(question, { own, share, without: part }),
				],
			},
		],
	};
}

/** The answer for a member who asked for it without an attempt. @param cost whether this cost today's question */
export function revealedCard(question: Question, { cost }: { readonly cost: boolean }): Card {
	const lead = cost
		? "You have seen the answer first, so today's question no longer counts for your streak."
		: "Next time, answer it before you look: that is what makes it stay.";
	return {
		tone: "plain",
		title: titled("Answer", question.title),
		blocks: [
			{ type: "text", text: lead },
			...strongBlocks(question),
			{
				type: "actions",
				buttons: lastButtons(question, { own: null, without: "strong" }),
			},
		],
	};
}

/** All parts of an answer at once, for a thread in which a team discusses it. */
export function modelAnswerBlocks(question: Question): Block[] {
	return sectionsOf(question).flatMap((part): Block[] => [
		{ type: "heading", text: PART_NAMES[part] },
		...partBlocks(question, part, null),
	]);
}

/** The public answer, posted after the window closes. */
export function publicAnswerCard(question: Question, number: number): Card {
	const check = hasCheck(question) ? `Quick check: ${rightOption(question)} was right. ` : "";
	return {
		tone: "plain",
		title: titled(`The answer to #${number}`, question.title),
		blocks: [...modelAnswerBlocks(question), { type: "note", text: `${check}What did you say? Discuss it here.` }],
	};
}
