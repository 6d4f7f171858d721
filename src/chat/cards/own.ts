import type { OwnQuestion } from "../../core/ports/own.ts";
import { type DraftFault, type DraftParts, type OwnContent, ownId, partsOf } from "../../core/question/own.ts";
import { QUESTION_LIMITS } from "../../core/question/question.ts";
import { counted } from "../../core/text/counted.ts";
import {
	type Block,
	type Button,
	button,
	type Call,
	type Card,
	type Form,
	type FormField,
	plain,
	strong,
} from "../card.ts";

const limit = QUESTION_LIMITS;
/** A form accepts this many characters above the limit, so that a text that is too long comes back whole. */
const ROOM = 400;

/** The form for the five fields of a question. */
export function ownForm(title: string, call: Call, parts: Partial<DraftParts>, submit: string): Form {
	const field = (
		name: keyof DraftParts,
		label: string,
		hint: string,
		longest: number,
		rest: { long: boolean; required: boolean },
	): FormField => {
		const initial = parts[name];
		return { type: "text", name, label, hint, longest, ...rest, ...(initial ? { initial } : {}) };
	};
	const must = { long: true, required: true };
	const may = { long: true, required: false };
	return {
		title,
		call,
		fields: [
			field("title", "Title", "The admins here and the operator read what you write.", limit.title + ROOM, {
				long: false,
				required: true,
			}),
			field("prompt", "Prompt", "What an interviewer would ask.", limit.prompt + ROOM, must),
			field("answer", "Answer", "What a strong answer says.", limit.answer + ROOM, must),
			field("points", "Key points, one a line", "None, or 1 to 8.", limit.keyPointsTotal + ROOM, may),
			field(
				"options",
				"Options, one a line",
				"None, or four with * before the right one.",
				4 * limit.option + ROOM,
				may,
			),
		],
		submit,
	};
}

/** A draft's faults in one line. */
export const faultsText = (faults: readonly DraftFault[]): string =>
	faults.map(({ field, message }) => `${field}: ${message}`).join("; ");

/** A question with its answer, for admins. */
export function contentBlocks(content: OwnContent): Block[] {
	const { points } = partsOf(content);
	const { category, difficulty, minutes, options, exhibit } = content;
	return [
		{ type: "text", text: [strong(content.title)] },
		{ type: "note", text: `${category} · ${difficulty} · ${counted(minutes, "minute")}` },
		{ type: "quote", text: content.prompt },
		...(exhibit === undefined ? [] : [{ type: "preformatted" as const, text: exhibit, narrowable: true as const }]),
		{ type: "quote", text: content.answer },
		...(points === ""
			? []
			: [{ type: "list" as const, marker: "bullet" as const, items: points.split("\n").map((line) => [plain(line)]) }]),
		...(options.length === 0
			? []
			: [
					{
						type: "list" as const,
						marker: "letter" as const,
						items: options.map(({ text, correct }) => [plain(text), ...(correct ? [" (right)"] : [])]),
					},
				]),
	];
}

const options = ({ number }: Pick<OwnQuestion, "number">) => ({ question: ownId(number) });

export function decisions(question: Pick<OwnQuestion, "number">): Button[] {
	return [
		button("Accept", "questions accept", options(question), "primary"),
		button("Edit", "questions edit", options(question)),
		button("Decline", "questions decline", options(question)),
	];
}

/** The card after a member's suggestion. */
export function suggestedCard({ number, content }: OwnQuestion): Card {
	return {
		tone: "good",
		title: "Thank you for the suggestion",
		blocks: [
			{ type: "text", text: [plain(content.title)] },
			{ type: "text", text: `It is ${ownId(number)}, and waits for an admin. I'll tell you what becomes of it.` },
			{ type: "actions", buttons: [button("Suggest another", "suggest"), button("A question", "random")] },
		],
	};
}

/** A waiting suggestion, with buttons to decide on it. @param where its position, such as "1 of 3" */
export function waitingCard(question: OwnQuestion, where: string, turns: readonly Button[]): Card {
	return {
		tone: "plain",
		title: `Suggestion ${ownId(question.number)}${where}`,
		blocks: [
			...contentBlocks(question.content),
			{ type: "actions", buttons: decisions(question) },
			...(turns.length > 0 ? [{ type: "actions" as const, buttons: turns }] : []),
		],
	};
}

export const noneWaiting: Card = {
	tone: "plain",
	title: "No suggestion waits",
	blocks: [
		{
			type: "text",
			text: "Members suggest questions with `/nlpq suggest`; you add your own with `/nlpq questions add`.",
		},
		{ type: "actions", buttons: [button("All questions", "questions list"), button("Add one", "questions add")] },
	],
};

const STATES: Readonly<Record<OwnQuestion["state"], string>> = {
	waiting: "It waits for a decision.",
	active: "It is one of the questions asked here.",
	declined: "It was declined.",
	retired: "It is retired: it is no longer asked.",
};

/** One own question, as admins see it. @param author name of the member who suggested it, or null */
export function ownCard(question: OwnQuestion, author: string | null): Card {
	const { number, revision, state, reason, content } = question;
	const buttons: Button[] =
		state === "waiting"
			? decisions(question)
			: state === "declined"
				? []
				: [
						button("Edit", "questions edit", options(question), "primary"),
						state === "active"
							? button("Retire", "questions retire", options(question))
							: button("Bring back", "questions retire", { ...options(question), retired: "no" }),
					];
	return {
		tone: "plain",
		title: `${ownId(number)}, revision ${revision}`,
		blocks: [
			...contentBlocks(content),
			{
				type: "note",
				text: [
					STATES[state],
					...(author === null ? [] : [" Suggested by ", plain(author), "."]),
					...(reason === null ? [] : [" Because: ", plain(reason)]),
				],
			},
			{ type: "actions", buttons: [...buttons, button("All questions", "questions list")] },
		],
	};
}

/** The card after an admin's change. */
export function changedCard(question: OwnQuestion, what: string): Card {
	return {
		tone: "good",
		title: `${what}: ${ownId(question.number)}`,
		blocks: [
			{ type: "text", text: [plain(question.content.title)] },
			{ type: "text", text: STATES[question.state] },
			{
				type: "actions",
				buttons: [
					button("Look at it", "questions show", options(question)),
					button("Suggestions", "questions waiting"),
					button("All questions", "questions list"),
				],
			},
		],
	};
}

/** The outcome of a suggestion, for its author. */
export function suggestionOutcomeCard({ number, state, reason, content }: OwnQuestion): Card {
	const isDeclined = state === "declined";
	return {
		tone: isDeclined ? "plain" : "good",
		title: isDeclined ? "Your suggestion was declined" : "Your suggestion was accepted",
		blocks: [
			{ type: "text", text: [plain(content.title)] },
			{
				type: "text",
				text: isDeclined
					? ["An admin says: ", plain(reason ?? ""), " `/nlpq suggest` takes the next one."]
					: "It is one of the questions asked here from now on. Thank you.",
			},
			...(isDeclined
				? []
				: [{ type: "actions" as const, buttons: [button("Show it", "show", { question: ownId(number) })] }]),
		],
	};
}
