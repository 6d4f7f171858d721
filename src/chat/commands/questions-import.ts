import { UserError } from "../../core/errors.ts";
import { textOf } from "../../core/import/file-text.ts";
import { readQuestions } from "../../core/import/read.ts";
import { confirmImport, keepImport } from "../../core/service/imports.ts";
import type { Form, Reply } from "../card.ts";
import { importedCard, readCard } from "../cards/imports.ts";
import { type Context, defineCommand } from "../command.ts";
import { fileOption, fromForm, numberOption, optional, textOption } from "../option.ts";
import type { Platform } from "../platform.ts";

/** The most characters of pasted text. Longer imports need a file. */
const MAX_TEXT_LENGTH = 20_000;
/** The most characters that a form field holds on every platform. */
const MAX_PASTE_LENGTH = 3_000;

const intro = (text: string): Pick<Form, "intro"> => ({ intro: [{ type: "text", text }] });

/** An introduction that says how to import more than the form's text field holds. */
function fileIntro({ readFile, nativeCommands, formsTakeFiles }: Platform, takesFile: boolean): Pick<Form, "intro"> {
	if (takesFile || readFile === undefined) return {};
	const most = `This form takes up to ${MAX_PASTE_LENGTH} characters.`;
	if (nativeCommands)
		return intro(`${most} For more, close it, type the command again and attach a file to its option \`file\`.`);
	if (formsTakeFiles)
		return intro(`${most} It would take a file too, but the app lacks the permission files:read: install it again.`);
	return intro(`${most} For more, name a file: \`questions import questions.csv\`.`);
}

async function importForm({ platform, workspace }: Context): Promise<Form> {
	const takesFile = (await platform.formsTakeFiles?.(workspace.externalId)) ?? false;
	return {
		title: "Import questions",
		...fileIntro(platform, takesFile),
		// A placeholder for missing text: without any option, the call would only open the form again.
		call: { command: "questions import", options: takesFile ? { text: "-" } : {} },
		fields: [
			...(takesFile ? [{ type: "file" as const, name: "file", label: "A file", required: false }] : []),
			{
				type: "text",
				name: "text",
				label: takesFile ? "Or the text" : "Questions and answers",
				hint: "CSV with a header, YAML, Anki's Notes in Plain Text, or Markdown.",
				long: true,
				required: !takesFile,
				longest: MAX_PASTE_LENGTH,
			},
		],
		submit: "Preview it first",
	};
}

async function fileMeant({ platform, workspace }: Context, reference: string): Promise<string> {
	if (!platform.readFile)
		throw new UserError(
			"Files are not taken here. Nothing was changed.",
			"`/nlpq questions import` alone opens a form for pasted text; `npm start` in a terminal takes a file.",
		);
	return textOf(await platform.readFile(workspace.externalId, reference));
}

/** Reads the questions and stores them until the admin confirms. Changes no question yet. */
async function look(context: Context, text: string): Promise<Reply> {
	const { services, asker, now } = context;
	const read = readQuestions(text, (id) => services.bank.get(id) !== undefined);
	const saved = await keepImport(services, asker, read.good, now);
	const facts = { fresh: saved.fresh, known: saved.known, repeated: read.repeated, faults: read.faults };
	return {
		card: readCard(saved.id, facts),
		data: {
			import: saved.id,
			good: saved.fresh,
			known: saved.known,
			faults: read.faults.map(({ line, message }) => ({ line, message })),
		},
	};
}

export const questionsImport = defineCommand({
	name: "questions import",
	summary: "Add many questions from a file or pasted text, after a preview",
	admin: true,
	replacesCard: "confirm",
	options: {
		file: optional(fileOption("CSV, YAML, Anki's plain text or Markdown")),
		text: optional(fromForm(textOption("The same as text", MAX_TEXT_LENGTH, "text"))),
		confirm: optional(fromForm(numberOption("Number of what was read", 1, 999_999_999))),
	},
	example: "questions import questions.csv",
	form: { missing: ["file", "text", "confirm"], open: importForm },
	async run(context, { file, text, confirm }) {
		if (confirm !== null) {
			const { added, known } = await confirmImport(context.services, context.asker, confirm, context.now);
			return { card: importedCard(added.length, known), data: { added: added.length, known } };
		}
		return look(context, file === null ? (text ?? "") : await fileMeant(context, file));
	},
});
