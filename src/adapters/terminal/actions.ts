import type { Call, Card, Form } from "../../chat/card.ts";
import { questionAsked } from "../../chat/cards/question.ts";
import type { TextStyle } from "../../chat/text.ts";

/** What a number picks: a button, the form of a list to tick, or a folded card. */
export type Action = { readonly label: string } & (
	| { readonly call: Call }
	| { readonly form: Form }
	| { readonly card: Card }
);

/** The actions of a card, in the order of their numbers, from 1. */
export function actionsOf(card: Card): Action[] {
	return card.blocks.flatMap((block): Action[] => {
		if (block.type === "actions") return block.buttons.map((entry) => ({ label: entry.label, call: entry.call }));
		if (block.type !== "checklist") return [];
		const form: Form = {
			title: block.label,
			call: block.call,
			fields: [
				{
					type: "text",
					name: block.option,
					label: `${block.label} Their numbers, such as 1,3; 0 for none`,
					long: false,
					required: true,
					longest: 40,
				},
			],
			submit: "Done",
		};
		return [{ label: "Tick what you had", form }];
	});
}

/** The numbered list below a card, without what a list in the card numbers already; empty without actions. */
export function actionsText(actions: readonly Action[], style: TextStyle): string {
	return actions
		.map(({ label }, index) => ({ label, number: String(index + 1) }))
		.filter(({ label, number }) => label !== number)
		.map(({ label, number }) => `${style.strong(`[${number}]`)} ${label}`)
		.join("  ");
}

/** The id of the question that a card asks; null if it asks none. */
export const questionOf = (actions: readonly Action[]): string | null =>
	questionAsked(actions.flatMap((action) => ("call" in action ? [action.call] : [])));
