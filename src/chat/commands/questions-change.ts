import { contentMark, editedDraft, ownId, partsOf } from "../../core/question/own.ts";
import { CATEGORIES, DIFFICULTIES, MINUTES, OWN_CATEGORY } from "../../core/question/question.ts";
import { addQuestion, EditedMeanwhile, editQuestion, retireQuestion } from "../../core/service/own-questions.ts";
import { button } from "../card.ts";
import { changedCard, ownCard, ownForm } from "../cards/own.ts";
import { type Context, defineCommand } from "../command.ts";
import { choiceOption, flagOption, fromForm, optional, textOption } from "../option.ts";
import {
	checked,
	contentTyped,
	draftOptions,
	faultsTyped,
	numberMeant,
	ownMeant,
	ownOption,
	typedParts,
} from "../own-draft.ts";
import { Refusal } from "../refused-command.ts";

/** Maximum length of a content mark. */
const MAX_MARK_LENGTH = 20;

/** Rebuilds a reply from the question's current state. */
const again = (what: string) => async (context: Context, number: number | null) => {
	const question = number === null ? null : await context.services.store.own.get(context.workspace.id, number);
	return question && { card: changedCard(question, what) };
};

export const questionsShow = defineCommand({
	name: "questions show",
	summary: "One of this workspace's own questions, with its answer",
	admin: true,
	options: { question: ownOption() },
	example: "questions show 12",
	async run(context, { question: reference }) {
		const question = await ownMeant(context, reference);
		const author = question.memberId === null ? null : await context.services.store.people.member(question.memberId);
		const { number, revision, state, content } = question;
		return {
			card: ownCard(question, author?.name ?? null),
			data: { question: ownId(number), revision, state, title: content.title },
		};
	},
});

export const questionsAdd = defineCommand({
	name: "questions add",
	summary: "Add a question of this workspace's own",
	admin: true,
	options: draftOptions(),
	example: "questions add",
	form: {
		missing: "prompt",
		faults: faultsTyped,
		open: async (_context, typed) =>
			ownForm("A question of your own", { command: "questions add", options: {} }, typedParts(typed), "Add"),
	},
	async run({ services, asker, now }, values) {
		const question = await addQuestion(services, asker, contentTyped(values), now);
		return { card: changedCard(question, "Added"), data: { question: ownId(question.number) } };
	},
	again: again("Added"),
});

export const questionsEdit = defineCommand({
	name: "questions edit",
	summary: "Change a question of this workspace's own, or a suggestion",
	admin: true,
	options: {
		question: ownOption(),
		difficulty: optional(choiceOption("How difficult", DIFFICULTIES)),
		minutes: optional(choiceOption("Minutes to answer", MINUTES.map(String))),
		category: optional(choiceOption("Category on its card", [OWN_CATEGORY, ...CATEGORIES])),
		...draftOptions(),
		seen: optional(fromForm(textOption("What the form showed", MAX_MARK_LENGTH, "mark"))),
	},
	example: "questions edit 12",
	form: {
		missing: "prompt",
		faults: faultsTyped,
		async open(context, { question: reference, difficulty, minutes, category, ...typed }) {
			const { number, content } = await ownMeant(context, reference ?? "");
			const set = Object.entries({ difficulty, minutes, category }).flatMap(([name, value]) =>
				value ? [[name, value]] : [],
			);
			const call = {
				command: "questions edit",
				options: { question: ownId(number), ...Object.fromEntries(set), seen: contentMark(content) },
			};
			// A reopened form keeps what the admin typed.
			const parts = typed.prompt ? typedParts(typed) : partsOf(content);
			return ownForm(`Edit ${ownId(number)}`, call, parts, "Save");
		},
	},
	async run({ services, asker, now }, { question: reference, difficulty, minutes, category, seen, ...parts }) {
		const set = {
			...(difficulty ? { difficulty } : {}),
			...(minutes ? { minutes: MINUTES.find((each) => String(each) === minutes) ?? 5 } : {}),
			...(category ? { category } : {}),
		};
		const question = await editQuestion(
			services,
			asker,
			numberMeant(reference),
			(content) => checked({ ...editedDraft(content, typedParts(parts)), ...set }),
			seen,
			now,
		).catch((error: unknown) => {
			if (!(error instanceof EditedMeanwhile)) throw error;
			const options = { question: reference };
			throw new Refusal(error, [
				button("Look at it", "questions show", options, "primary"),
				button("Edit what is there now", "questions edit", options),
			]);
		});
		const { number, revision } = question;
		return { card: changedCard(question, "Saved"), data: { question: ownId(number), revision } };
	},
	again: again("Saved"),
});

export const questionsRetire = defineCommand({
	name: "questions retire",
	summary: "Stop asking a question of this workspace's own, or bring it back",
	admin: true,
	replacesCard: true,
	options: {
		question: ownOption(),
		retired: optional(flagOption("no brings it back; yes if left out")),
	},
	example: "questions retire 12",
	async run({ services, asker, now }, { question: reference, retired }) {
		const isRetired = retired ?? true;
		const question = await retireQuestion(services, asker, numberMeant(reference), isRetired, now);
		const title = isRetired ? "Retired" : "Back again";
		return { card: changedCard(question, title), data: { question: ownId(question.number), state: question.state } };
	},
	async again({ services, workspace }, number) {
		const question = number === null ? null : await services.store.own.get(workspace.id, number);
		return question && { card: changedCard(question, question.state === "retired" ? "Retired" : "Back again") };
	},
});
