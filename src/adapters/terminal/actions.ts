import type { Button, Call, Card, Form } from "../../chat/card.ts";
import { questionAsked } from "../../chat/cards/question.ts";
import type { TextStyle } from "../../chat/text.ts";

/** What a number picks: a button, the form of a list to tick, or a folded card. */
export type Action = {
	readonly label: string;
	/** The answer to a card's question that it gives: it does it, or leaves it. */
	readonly says?: "yes" | "no";
} & ({ readonly call: Call } | { readonly form: Form; readonly items: number } | { readonly card: Card });

const asks = ({ title, tone }: Card): boolean => title.endsWith("?") && tone !== "question";

/** What a button says to its card's question. "No" must do nothing, so "Pause instead" is none. */
function saysOf({ label, style, call }: Button, card: Card, all: readonly Button[]): { says?: "yes" | "no" } {
	if (call.options.confirm !== undefined) return { says: "yes" };
	if (!asks(card)) return {};
	if (/^(?:back|cancel|keep|no)\b/i.test(label)) return { says: "no" };
	const agreeing = all.some((other) => other.style === "danger") ? "danger" : "primary";
	return style === agreeing ? { says: "yes" } : {};
}

/** The actions of a card, in the order of their numbers. */
export function actionsOf(card: Card): Action[] {
	return card.blocks.flatMap((block): Action[] => {
		if (block.type === "actions")
			return block.buttons.map((entry) => ({
				label: entry.label,
				call: entry.call,
				...saysOf(entry, card, block.buttons),
			}));
		if (block.type !== "checklist") return [];
		const form: Form = {
			title: block.label,
			intro: [{ type: "text", text: block.items.map((item, index) => `${index + 1}. ${item}`).join("\n") }],
			call: block.call,
			fields: [
				{
					type: "text",
					name: block.option,
					label: "Their numbers, such as 1,3; 0 for none",
					long: false,
					required: true,
					longest: 40,
					...(block.ticked == null ? {} : { initial: block.ticked.join(",") || "0" }),
				},
			],
			submit: "Done",
		};
		return [{ label: "Tick what you had", form, items: block.items.length }];
	});
}

const callIn = (action: Action): Call | null =>
	"call" in action ? action.call : "form" in action ? action.form.call : null;

const STANDING = ["rate", "compare"];

/** Ticks, grades and parts of an answer that still hold below a newer card on their question, such as one of the parts. */
export function standingAfter(before: readonly Action[], now: readonly Action[]): Action[] {
	const about = now.map((action) => callIn(action)?.options.question).find((question) => question !== undefined);
	if (about === undefined || now.some((action) => callIn(action)?.command === "rate")) return [];
	const labels = new Set(["Back", ...now.map(({ label }) => label)]);
	return before.filter((action) => {
		const call = callIn(action);
		return call && STANDING.includes(call.command) && call.options.question === about && !labels.has(action.label);
	});
}

/** How many numbers tick an item of a card's checklist; its actions are numbered after them. */
export const tickNumbers = (actions: readonly Action[]): number =>
	Math.max(0, ...actions.map((action) => ("form" in action ? action.items : 0)));

/** The number that picks an action, from 1. */
export const numberOf = (action: Action, actions: readonly Action[]): number =>
	tickNumbers(actions) + actions.indexOf(action) + 1;

/** The numbered list below a card, without what a list in the card numbers already; empty without actions. */
export function actionsText(actions: readonly Action[], style: TextStyle): string {
	return actions
		.map((action) => ({ label: action.label, number: String(numberOf(action, actions)) }))
		.filter(({ label, number }) => label !== number)
		.map(({ label, number }) => `${style.strong(`[${number}]`)} ${label}`)
		.join("  ");
}

/** The id of the question that a card asks; null if it asks none. */
export const questionOf = (actions: readonly Action[]): string | null =>
	questionAsked(actions.flatMap((action) => ("call" in action ? [action.call] : [])));
