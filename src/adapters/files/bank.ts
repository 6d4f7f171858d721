import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import type { Question } from "../../core/question/question.ts";
import type { FileFault, ParsedFile } from "./question-file.ts";

export interface LoadedBank {
	readonly questions: ReadonlyMap<string, Question>;
	readonly faults: readonly FileFault[];
}

/** Synchronously, as below: awaiting a hundred small files takes longer than reading them. */
function questionFiles(folder: string): string[] {
	const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
	return entries
		.filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
		.map((entry) => join(entry.parentPath, entry.name))
		.sort();
}

type Sound = Pick<ParsedFile, "question" | "idLine">;
/** Earlier results for faultless files, by a hash of name and text. */
export type ParsedBefore = ReadonlyMap<string, Sound>;

const keyOf = (file: string, content: string) => createHash("sha256").update(`${file}\n${content}`).digest("base64");

/** Loads the parser only when a file needs it: the build has parsed the bank. */
async function parse(file: string, content: string): Promise<ParsedFile> {
	const { parseQuestion } = await import("./question-file.ts");
	return parseQuestion(file, content);
}

/** Parses all faultless files in a folder, so that loading the same texts later is quick. */
export async function parseAhead(folder: string): Promise<ParsedBefore> {
	const parsed = new Map<string, Sound>();
	for (const path of questionFiles(folder)) {
		const [file, content] = [relative(folder, path), readFileSync(path, "utf8")];
		const { question, faults, idLine } = await parse(file, content);
		if (question && faults.length === 0) parsed.set(keyOf(file, content), { question, idLine });
	}
	return parsed;
}

/**
 * Reads every question file in a folder. Faulty files are left out and reported, so that one bad file never hides the
 * faults of another.
 * @param folder the bank's folder, with one folder per category
 * @param before earlier results; unchanged files are not parsed again
 */
export async function loadQuestionFiles(folder: string, before: ParsedBefore = new Map()): Promise<LoadedBank> {
	const questions = new Map<string, Question>();
	const firstFile = new Map<string, string>();
	const faults: FileFault[] = [];
	for (const path of questionFiles(folder)) {
		const file = relative(folder, path);
		const content = readFileSync(path, "utf8");
		const known = before.get(keyOf(file, content));
		const parsed = known ? { ...known, faults: [] } : await parse(file, content);
		faults.push(...parsed.faults);
		if (!parsed.question) continue;
		const { id } = parsed.question;
		const other = firstFile.get(id);
		if (other)
			faults.push({
				file,
				line: parsed.idLine,
				field: "id",
				message: `"${id}" is already the id of ${other}: ids are unique`,
				example: "id: kv-cache",
			});
		else {
			firstFile.set(id, file);
			questions.set(id, parsed.question);
		}
	}
	return { questions, faults };
}

/** A fault as one readable line: file, line, field, what was expected, an example. */
export function faultLine(fault: FileFault): string {
	const place = fault.line === null ? fault.file : `${fault.file}:${fault.line}`;
	const field = fault.field === "" ? "" : ` ${fault.field}:`;
	const example = fault.example === null ? "" : `\n    for example: ${fault.example.replaceAll("\n", "\n    ")}`;
	return `${place}:${field} ${fault.message}${example}`;
}
