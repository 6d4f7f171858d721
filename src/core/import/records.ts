import { LineCounter, parseAllDocuments } from "yaml";
import type { OwnDraft } from "../question/own.ts";
import { bankFault, type ReadFault, type ReadFile, type ReadQuestion, titleFrom } from "./draft.ts";

/** The limit of YAML alias expansion: a file of a few bytes must not grow to gigabytes. */
const MAX_ALIASES = 100;

const record = (value: unknown): Record<string, unknown> | null =>
	typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;

/** Key points and options may be plain strings; `*` marks the right option. */
function entries(value: unknown, name: "label" | "text"): unknown {
	if (!Array.isArray(value)) return value;
	return value.map((entry: unknown) => {
		if (typeof entry !== "string") return entry;
		const starred = entry.startsWith("*");
		return name === "label" ? { label: entry } : { text: entry.replace(/^\*\s*/, ""), correct: starred };
	});
}

/** Reads a record in the bank's format, or in that of our exports, as a draft. */
function draftOf(values: Record<string, unknown>): OwnDraft {
	const mcq = record(values.mcq) ?? {};
	const { options = mcq.options, stem = mcq.stem, explanation = mcq.explanation } = values;
	const asked = values.prompt ?? values.question ?? values.front;
	const prompt = typeof asked === "string" ? asked : "";
	const optional = ["exhibit", "hint", "traps", "follow_ups", "references", "category", "difficulty", "minutes"];
	const rest = Object.fromEntries(optional.flatMap((name) => (name in values ? [[name, values[name]]] : [])));
	const draft = {
		title: values.title ?? titleFrom(prompt),
		prompt: asked,
		answer: values.answer ?? values.back,
		...(values.key_points === undefined ? {} : { key_points: entries(values.key_points, "label") }),
		...(options === undefined ? {} : { options: entries(options, "text") }),
		...(stem === undefined ? {} : { stem }),
		...(explanation === undefined ? {} : { explanation }),
		...rest,
	};
	// `checkDraft` validates its types later.
	return draft as OwnDraft;
}

/**
 * Reads YAML: one record, a list of records, or several documents; null when it contains anything but records.
 * @param isTaken whether the bank has this id
 */
export function readRecords(text: string, isTaken: (id: string) => boolean): ReadFile | null {
	const lines = new LineCounter();
	const documents = parseAllDocuments(text, { lineCounter: lines });
	if (!Array.isArray(documents)) return null;
	const questions: ReadQuestion[] = [];
	const faults: ReadFault[] = [];
	for (const document of documents) {
		const [error] = document.errors;
		if (error) {
			faults.push({
				line: error.linePos?.[0].line ?? 1,
				message: `no valid YAML: ${(error.message.split("\n")[0] ?? "").replace(/:$/, "")}`,
			});
			continue;
		}
		let value: unknown;
		try {
			value = document.toJS({ maxAliasCount: MAX_ALIASES });
		} catch {
			return { questions: [], faults: [{ line: 1, message: "the YAML refers to itself too often" }] };
		}
		// A list may be the value of a key, such as "questions:".
		const named = record(value)?.questions;
		const path = Array.isArray(named) ? ["questions"] : [];
		const list = Array.isArray(named) ? named : value;
		const items = Array.isArray(list) ? list : [list];
		for (const [index, item] of items.entries()) {
			const node = document.getIn(Array.isArray(list) ? [...path, index] : path, true);
			const range = typeof node === "object" && node !== null ? Reflect.get(node, "range") : null;
			const line = Array.isArray(range) ? lines.linePos(Number(range[0])).line : 1;
			const values = record(item);
			if (!values) return null;
			const { id } = values;
			if (typeof id === "string" && isTaken(id)) faults.push({ line, message: bankFault(id) });
			else questions.push({ line, draft: draftOf(values) });
		}
	}
	return questions.length === 0 && faults.length === 0 ? null : { questions, faults };
}
