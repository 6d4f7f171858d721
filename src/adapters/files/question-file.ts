import { basename, sep } from "node:path";
import { LineCounter, parseDocument } from "yaml";
import type * as z from "zod";
import { type Question, questionSchema } from "../../core/question/question.ts";

/** A fault in a question file: where it is, what was expected, and an example that would pass. */
export interface FileFault {
	/** Path relative to the bank's folder. */
	readonly file: string;
	/** 1-based line; null if unknown. */
	readonly line: number | null;
	/** Dotted path of the field, such as `mcq.options.2.why`; empty for the file as a whole. */
	readonly field: string;
	readonly message: string;
	readonly example: string | null;
}

/** An example of each top-level field, shown with a fault in that field. */
const EXAMPLES: Readonly<Record<string, string>> = {
	id: "id: kv-cache",
	revision: "revision: 1",
	reviewed_on: "reviewed_on: 2026-11-23",
	review_by: "review_by: 2027-05-31",
	category: "category: transformers",
	difficulty: "difficulty: intermediate",
	kind: "kind: concept",
	tags: "tags: [inference, memory]",
	minutes: "minutes: 5",
	title: "title: What the KV cache stores",
	prompt: "prompt: What does a KV cache hold, and how large does it get?",
	exhibit: "exhibit: |\n  step  loss\n   100  2.31\n   200  nan",
	hint: "hint: Think of what attention needs from earlier tokens.",
	answer: "answer: |\n  One paragraph or more.",
	key_points: "key_points:\n  - {label: Stores keys and values per layer, must: true}",
	mcq: "mcq:\n  stem: …\n  options:\n    - {text: …, correct: true, why: …}\n  explanation: …",
	traps: "traps:\n  - {claim: …, correction: …}",
	follow_ups: "follow_ups:\n  - {q: …, a: …}",
	references: 'references:\n  - {label: "Pope et al. 2022", url: "https://arxiv.org/abs/2211.05102", kind: paper}',
	needs: "needs: [self-attention]",
	see: "see: [gqa-mqa-mla]",
	rubric: "rubric:\n  - {criterion: …, strong: …, weak: …}",
	source: "source: 9",
};

function exampleOf(field: string): string | null {
	const [top = ""] = field.split(".");
	return Object.hasOwn(EXAMPLES, top) ? (EXAMPLES[top] ?? null) : null;
}

type YamlDocument = ReturnType<typeof parseDocument>;

/** The line of the deepest node of the path that exists in the file. */
function lineOf(document: YamlDocument, lines: LineCounter, path: readonly PropertyKey[]): number | null {
	for (let depth = path.length; depth > 0; depth -= 1) {
		const node = document.getIn(path.slice(0, depth), true) as { range?: [number, number, number] } | undefined;
		if (node?.range) return lines.linePos(node.range[0]).line;
	}
	return 1;
}

/** The paths and messages of an issue; unknown fields are reported one by one. */
function placesOf(issue: z.core.$ZodIssue): { path: PropertyKey[]; message: string }[] {
	if (issue.code === "unrecognized_keys")
		return issue.keys.map((key) => ({ path: [...issue.path, key], message: `no such field: ${key}` }));
	return [{ path: issue.path, message: issue.message }];
}

/** A document's plain values. YAML that cannot be expanded, such as endless aliases, is refused: no bank needs it. */
function valuesOf(document: YamlDocument): { values: unknown } | { fault: string } {
	try {
		return { values: document.toJS() };
	} catch (error) {
		return { fault: error instanceof Error ? error.message : String(error) };
	}
}

/** What a file holds: a question, or faults. */
export interface ParsedFile {
	readonly question: Question | null;
	readonly faults: readonly FileFault[];
	/** The line of the question's id. */
	readonly idLine: number | null;
}

/** Parses one file's text into a question or its faults. */
export function parseQuestion(file: string, content: string): ParsedFile {
	const lines = new LineCounter();
	const document = parseDocument(content, { lineCounter: lines });
	const fault = (line: number | null, field: string, message: string): FileFault => ({
		file,
		line,
		field,
		message,
		example: exampleOf(field),
	});
	const refuse = (faults: FileFault[]): ParsedFile => ({ question: null, faults, idLine: null });
	if (document.errors.length > 0)
		return refuse(
			document.errors.map((error) =>
				fault(error.linePos?.[0].line ?? null, "", `not valid YAML: ${error.message.split("\n")[0]}`),
			),
		);
	if (document.contents === null) return refuse([fault(1, "", "the file is empty: expected one question record")]);
	const read = valuesOf(document);
	if ("fault" in read) return refuse([fault(1, "", `not valid YAML: ${read.fault}`)]);
	const parsed = questionSchema.safeParse(read.values);
	if (!parsed.success)
		return refuse(
			parsed.error.issues
				.flatMap(placesOf)
				.map(({ path, message }) => fault(lineOf(document, lines, path), path.join("."), message)),
		);
	const question = parsed.data;
	const [category] = file.split(sep);
	const faults: FileFault[] = [];
	if (basename(file).replace(/\.ya?ml$/, "") !== question.id)
		faults.push(
			fault(
				lineOf(document, lines, ["id"]),
				"id",
				`the file is named ${basename(file)}, its id is ${question.id}: they must be the same`,
			),
		);
	if (category !== question.category)
		faults.push(
			fault(
				lineOf(document, lines, ["category"]),
				"category",
				`the file is in ${category}, but its category is ${question.category}`,
			),
		);
	return { question, faults, idLine: lineOf(document, lines, ["id"]) };
}
