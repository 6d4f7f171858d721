import { errorFor, FinalError, UserError } from "../core/errors.ts";
import { groupBy } from "../core/group.ts";
import type { OwnQuestion } from "../core/ports/own.ts";
import {
	checkDraft,
	type DraftFault,
	type DraftParts,
	draftOf,
	type OwnContent,
	type OwnDraft,
	ownId,
	ownNumber,
} from "../core/question/own.ts";
import { faultsText } from "./cards/own.ts";
import type { Context } from "./command.ts";
import { fromForm, optional, questionOption, textOption } from "./option.ts";

/** Higher than every field's own limit, so that a length fault is reported together with all other faults. */
const MAX_PART_LENGTH = 4_000;

/** The five fields of a question as options, which a form asks for. */
export const draftOptions = () => ({
	title: optional(fromForm(textOption("Its title", MAX_PART_LENGTH, "title"))),
	prompt: fromForm(textOption("What an interviewer would ask", MAX_PART_LENGTH, "prompt")),
	answer: optional(fromForm(textOption("What a strong answer says", MAX_PART_LENGTH, "answer"))),
	points: optional(fromForm(textOption("Key points, one a line", MAX_PART_LENGTH, "points"))),
	options: optional(fromForm(textOption("Options, one a line, * before the right one", MAX_PART_LENGTH, "options"))),
});

export type TypedParts = { readonly [Part in keyof DraftParts]?: string | null };

/** The fields with missing ones as empty text. */
export const typedParts = (values: TypedParts): DraftParts => ({
	title: values.title ?? "",
	prompt: values.prompt ?? "",
	answer: values.answer ?? "",
	points: values.points ?? "",
	options: values.options ?? "",
});

/** The form's field for a part of the content, where their names differ. */
const FIELD_OF: Readonly<Record<string, keyof DraftParts>> = { key_points: "points" };

/** One error for each field of the form that has faults. */
function errorsOf(faults: readonly DraftFault[]): UserError[] {
	const byField = groupBy(faults, ({ part }) => FIELD_OF[part] ?? part);
	return [...byField].map(([field, found]) => {
		const text = faultsText(found);
		return new UserError(
			`${text.charAt(0).toUpperCase()}${text.slice(1)}. Nothing was saved.`,
			"Correct it and send it again.",
			field,
		);
	});
}

/** @throws UserError that names every faulty part */
export function checked(draft: OwnDraft): OwnContent {
	const found = checkDraft(draft);
	if ("content" in found) return found.content;
	throw errorFor(errorsOf(found.faults));
}

/** The faults of what a form's fields hold. */
export function faultsTyped(values: TypedParts): readonly UserError[] {
	const found = checkDraft(draftOf(typedParts(values)));
	return "content" in found ? [] : errorsOf(found.faults);
}

/** @throws UserError that names every faulty part */
export const contentTyped = (values: TypedParts): OwnContent => checked(draftOf(typedParts(values)));

/** One of the workspace's own questions, by `ours/12` or its number. */
export const ownOption = () => questionOption("Its number, as in questions list, such as 12");

/** @throws UserError when it is not such a number */
export function numberMeant(reference: string): number {
	const text = reference.trim().toLowerCase().replace(/^#/, "");
	const number = ownNumber(text) ?? ownNumber(ownId(Number(text)));
	if (number !== null) return number;
	throw new UserError(
		"That is not the number of one of your own questions. Nothing was changed.",
		"`/nlpq questions list` shows them, such as ours/12.",
	);
}

/** @throws UserError when the workspace has no such question */
export async function ownMeant({ services, workspace }: Context, reference: string): Promise<OwnQuestion> {
	const number = numberMeant(reference);
	const question = await services.store.own.get(workspace.id, number);
	if (question) return question;
	throw new FinalError(
		`There is no question ${ownId(number)} here.`,
		"`/nlpq questions list` shows what there is; `/nlpq questions waiting` what is suggested.",
	);
}
