import { isDeepStrictEqual } from "node:util";
import { type Call, type Card, type Form, type FormField, type Text, titled } from "../../chat/card.ts";
import { errorCard } from "../../chat/cards/faults.ts";
import { numbersOf } from "./picks.ts";
import type { ShownForm } from "./screen.ts";

/** A form that a member is filling in, field by field. */
export interface FormEntry {
	readonly form: Form;
	readonly values: Readonly<Record<string, string>>;
	/** Index of the current field. */
	readonly field: number;
	/** What the current field holds so far; a long text may have many lines. */
	readonly lines: readonly string[];
	/** How many items there are, in a list to tick. */
	readonly items?: number;
}

export const isLong = (field: FormField | undefined): boolean => field?.type === "text" && field.long;

export const fieldOf = ({ form, field }: FormEntry): FormField | undefined => form.fields[field];

function linesOf(field: FormField | undefined, text: string | undefined): string[] {
	const initial = text ?? field?.initial;
	return initial === undefined || initial === "" ? [] : initial.split("\n");
}

/** Whether both forms do the same, such as answering the same question. */
export const isSameForm = (one: Form, other: Form): boolean => isDeepStrictEqual(one.call, other.call);

export const holdsText = ({ values, lines }: FormEntry): boolean => lines.length > 0 || Object.keys(values).length > 0;

/** @param isTyped whether a person types: a piped form is left by a command */
export function emptyCard(isTyped: boolean): Card {
	const leaving = isTyped ? ". Ctrl-C leaves the form." : ", or a command that begins with / to leave the form.";
	return errorCard("Nothing was written.", `Write an answer${leaving}`);
}

/**
 * Shows a form's current field.
 * @param hint says how to end it; it stands last, right above what is typed
 * @param introduces whether the text above the fields is shown too
 */
export function formCard(entry: FormEntry, hint: Text, { introduces }: { readonly introduces: boolean }): ShownForm {
	const quote = entry.lines.length > 0 ? [{ type: "quote" as const, text: entry.lines.join("\n") }] : [];
	return {
		card: { tone: "plain", title: entry.form.title, blocks: introduces ? (entry.form.intro ?? []) : [] },
		own: [{ type: "text", text: fieldText(fieldOf(entry)) }, ...quote, { type: "note", text: hint }],
		// A list to tick is needed whole.
		folds: entry.items === undefined,
	};
}

/** Says that a form was left. @param kept the form whose contents are kept; null if it was empty */
export const leftCard = (kept: FormEntry | null): Card => ({
	tone: "plain",
	title: kept ? "Left." : "Left. Nothing was saved.",
	blocks: kept ? [{ type: "text", text: keptText(kept) }] : [],
});

/** All of a form, and how to go on with it. @param hint says how to end it */
export function formHelpCard(entry: FormEntry, hint: Text): ShownForm {
	const leaving = "A command by itself, such as `quit` or `skip`, leaves it and keeps what you wrote.";
	const { card, own } = formCard(entry, hint, { introduces: true });
	const blocks = [...card.blocks, { type: "text" as const, text: leaving }];
	return { card: { ...card, title: titled("You are writing", card.title), blocks }, own, folds: false };
}

/** The ticks that a text names, where the form asks for them: "1 and 3" is `1,3`. */
export function numbersIn(entry: FormEntry, text: string): string | null {
	const list = entry.form.fields.length === 1 ? entry.items : undefined;
	return list === undefined ? null : numbersOf(text, list);
}

/** Says how the kept contents of a form come back. */
export const keptText = ({ form }: FormEntry): string =>
	`Your text is kept: \`${form.call.command === "answer" ? "answer again" : "again"}\` takes it up.`;

/** The words of a form that are not sent, for a copy. */
export const wordsOf = ({ values, lines }: FormEntry): string => [...Object.values(values), ...lines].join("\n");

/** Opens a form. @param text what its first field already holds */
export function beginForm(form: Form, text?: string, items?: number): FormEntry {
	return {
		form,
		values: {},
		field: 0,
		lines: linesOf(form.fields[0], text),
		...(items === undefined ? {} : { items }),
	};
}

/** Puts a value into the current field and moves to the next one. */
export function withValue(entry: FormEntry, value: string): FormEntry {
	const field = fieldOf(entry);
	const next = entry.field + 1;
	return {
		...entry,
		values: field ? { ...entry.values, [field.name]: value } : entry.values,
		field: next,
		lines: linesOf(entry.form.fields[next], undefined),
	};
}

/** The call of a filled form, without its empty fields. */
export function callOf({ form, values }: FormEntry): Call {
	const filled = Object.entries(values).filter(([, value]) => value !== "");
	return { command: form.call.command, options: { ...form.call.options, ...Object.fromEntries(filled) } };
}

/** The value of a typed line: in a field with choices, it may be a number from the list. */
export function typedValue(field: FormField | undefined, text: string): string {
	if (field?.type !== "choice") return text;
	const typed = text.trim().toLowerCase();
	const byWord = field.choices.find(({ label, value }) => [label, value].some((word) => word.toLowerCase() === typed));
	return (byWord ?? field.choices[Number(typed) - 1])?.value ?? text;
}

/** The words that ask for a field. */
export function fieldText(field: FormField | undefined): string {
	if (!field) return "";
	if (field.type === "choice") {
		const choices = field.choices.map(({ label }, index) => `${index + 1}. ${label}`).join("\n");
		return `${field.label}\n\n${choices}`;
	}
	return field.required ? field.label : `${field.label} (press Enter to skip)`;
}
