import * as z from "zod";
import {
	CATEGORIES,
	type ChecklistItem,
	DIFFICULTIES,
	MINUTES,
	OWN_CATEGORY,
	QUESTION_LIMITS,
	type Question,
	questionSchema,
} from "./question.ts";

/** The most key points that one question may have. */
const MAX_POINTS = 8;
const OPTIONS = 4;

/** The id of a workspace's own question. The bank's ids have no slash, so the two never collide. */
export const ownId = (number: number): string => `${OWN_CATEGORY}/${number}`;

/** The number in such an id; null for a bank id or any other text. */
export function ownNumber(id: string): number | null {
	const [, digits] = /^ours\/([1-9]\d{0,8})$/.exec(id) ?? [];
	return digits === undefined ? null : Number(digits);
}

const { shape } = questionSchema;

/** The content of a workspace's own question. Many fields that the bank requires are optional here. */
const contentSchema = z.strictObject({
	title: shape.title,
	prompt: shape.prompt,
	exhibit: shape.exhibit,
	hint: z.union([z.literal(""), shape.hint]).default(""),
	answer: shape.answer,
	key_points: z.array(shape.key_points.element).max(MAX_POINTS).default([]),
	options: z
		.array(
			z.strictObject({
				text: shape.mcq.shape.options.element.shape.text,
				correct: z.boolean().default(false),
				why: z.union([z.literal(""), shape.mcq.shape.options.element.shape.why]).default(""),
			}),
		)
		.default([]),
	/** The quick check's question; empty: the prompt. */
	stem: z.union([z.literal(""), shape.mcq.shape.stem]).default(""),
	explanation: z.union([z.literal(""), shape.mcq.shape.explanation]).default(""),
	traps: z.array(shape.traps.element).max(3).default([]),
	follow_ups: z.array(shape.follow_ups.element).max(4).default([]),
	references: z.array(shape.references.element).max(3).default([]),
	category: z.enum([...CATEGORIES, OWN_CATEGORY]).default(OWN_CATEGORY),
	difficulty: z.enum(DIFFICULTIES).default("intermediate"),
	minutes: z.literal(MINUTES).default(5),
});

export type OwnContent = z.infer<typeof contentSchema>;
/** Content before validation. */
export type OwnDraft = z.input<typeof contentSchema>;

/** A fault in a draft, worded for its author. */
export interface DraftFault {
	/** The faulty part, such as `key points 3`. */
	readonly field: string;
	/** The property of the content that holds it. */
	readonly part: string;
	readonly message: string;
}

const FIELDS: Readonly<Record<string, string>> = { key_points: "key points", follow_ups: "follow-ups" };

function lengthAt(draft: OwnDraft, path: readonly PropertyKey[]): string {
	let value: unknown = draft;
	for (const key of path) value = typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
	return typeof value === "string" ? `, here ${value.trim().length}` : "";
}

function faultOf(draft: OwnDraft, issue: z.core.$ZodIssue): DraftFault {
	const [part = "", position] = issue.path.map(String);
	const name = FIELDS[part] ?? part;
	const place = position !== undefined && /^\d+$/.test(position) ? ` ${Number(position) + 1}` : "";
	const fault = (message: string): DraftFault => ({ field: `${name}${place}`, part, message });
	if (issue.code === "too_big" && issue.origin === "string")
		return fault(`at most ${issue.maximum} characters${lengthAt(draft, issue.path)}`);
	if (issue.code === "too_big") return fault(`at most ${issue.maximum}`);
	if (issue.code === "invalid_value")
		return fault(
			`one of ${issue.values
				.map(String)
				.join(", ")
				.replace(/, ([^,]*)$/, " or $1")}`,
		);
	if (issue.code === "too_small" || issue.code === "invalid_union") return fault("it is empty");
	if (issue.code === "invalid_type") return fault("it is missing");
	return fault(issue.message);
}

/** Faults that concern all options together, by the bank's rules. */
function optionFaults(options: readonly { text: string; correct: boolean }[]): DraftFault[] {
	const faults: DraftFault[] = [];
	const fault = (message: string) => faults.push({ field: "options", part: "options", message });
	if (options.length !== 0 && options.length !== OPTIONS) fault(`none or ${OPTIONS} of them, here ${options.length}`);
	const right = options.filter(({ correct }) => correct).length;
	if (options.length > 0 && right !== 1) fault(`exactly one right option, marked with *, here ${right}`);
	if (new Set(options.map(({ text }) => text.toLowerCase())).size < options.length) fault("four different options");
	return faults;
}

/** The fault that concerns all key points together, by the bank's rules. */
function pointFaults(points: readonly { label: string }[]): DraftFault[] {
	const labels = points.reduce((sum, { label }) => sum + label.length, 0);
	const message = `at most ${QUESTION_LIMITS.keyPointsTotal} characters together, here ${labels}`;
	return labels > QUESTION_LIMITS.keyPointsTotal ? [{ field: "key points", part: "key_points", message }] : [];
}

/** Options and key points without their own limits; none if they cannot be read at all. */
const listsSchema = z
	.object({
		options: z.array(z.object({ text: z.string().trim(), correct: z.boolean().default(false) })).catch([]),
		key_points: z.array(z.object({ label: z.string().trim() })).catch([]),
	})
	.catch({ options: [], key_points: [] });

/** The faults that concern several options or key points together. */
function wholeFaults(draft: OwnDraft): DraftFault[] {
	const { options, key_points: points } = listsSchema.parse(draft);
	return [...optionFaults(options), ...pointFaults(points)];
}

/** Replaces every line end with `\n`: an export to a file and back would change other line ends. */
function withOneLineEnd(value: unknown): unknown {
	if (typeof value === "string") return value.replaceAll(/\r\n?/g, "\n");
	if (Array.isArray(value)) return value.map(withOneLineEnd);
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withOneLineEnd(each)]));
}

/** Validates a draft: the bank's lengths, at most 8 key points, and either no options or four with exactly one right. */
export function checkDraft(draft: OwnDraft): { readonly content: OwnContent } | { readonly faults: DraftFault[] } {
	const parsed = contentSchema.safeParse(withOneLineEnd(draft));
	const faults = [...(parsed.error?.issues ?? []).map((issue) => faultOf(draft, issue)), ...wholeFaults(draft)];
	return parsed.success && faults.length === 0 ? { content: parsed.data } : { faults };
}

/** JSON with sorted keys: the database does not keep their order. */
const canonical = (content: OwnContent): string =>
	JSON.stringify(content, (_key, value: unknown) =>
		typeof value === "object" && value !== null && !Array.isArray(value)
			? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
			: value,
	);

export const sameContent = (one: OwnContent, other: OwnContent): boolean => canonical(one) === canonical(other);

/** A short hash of a content. An edit sends it back to show which version its form displayed. FNV-1a, 32 bits. */
export function contentMark(content: OwnContent): string {
	let hash = 0x811c9dc5;
	for (const sign of canonical(content)) hash = Math.imul(hash ^ (sign.codePointAt(0) ?? 0), 0x01000193);
	return (hash >>> 0).toString(36);
}

/** The five fields of the form, as text. */
export interface DraftParts {
	readonly title: string;
	readonly prompt: string;
	readonly answer: string;
	/** One per line; "(essential)" at the end of a line marks a point that must not be missed. */
	readonly points: string;
	/** One per line; `*` marks the right one. */
	readonly options: string;
}

const linesOf = (text: string): string[] =>
	text
		.split(/\r\n|[\n\r\u2028\u2029]/)
		.map((line) => line.trim())
		.filter((line) => line !== "");

/** Removes bullets, letters or numbers if all lines start with the same kind. */
export function withoutMarkers(lines: readonly string[]): string[] {
	for (const marker of [/^[-•–]\s+/, /^\(?[A-Da-d][.)]\s+/, /^\d{1,2}[.)]\s+/])
		if (lines.length > 1 && lines.every((line) => marker.test(line)))
			return lines.map((line) => line.replace(marker, ""));
	return [...lines];
}

const ESSENTIAL_MARK = /\s*\(essential\)$/i;

export const pointsOf = (text: string): OwnContent["key_points"] =>
	withoutMarkers(linesOf(text)).map((line) => ({
		label: line.replace(ESSENTIAL_MARK, ""),
		must: ESSENTIAL_MARK.test(line),
	}));

export function optionsOf(text: string): OwnContent["options"] {
	const lines = linesOf(text);
	const right = lines.map((line) => line.startsWith("*"));
	const texts = withoutMarkers(lines.map((line) => line.replace(/^\*\s*/, "")));
	return texts.map((option, index) => ({ text: option, correct: right[index] ?? false, why: "" }));
}

/** Reads the form's fields as a draft. */
export const draftOf = ({ title, prompt, answer, points, options }: DraftParts): OwnDraft => ({
	title,
	prompt,
	answer,
	key_points: pointsOf(points),
	options: optionsOf(options),
});

/** Key points as lines; essential ones end with "(essential)". */
export const pointLines = (points: readonly ChecklistItem[]): string =>
	points.map(({ label, must }) => (must ? `${label} (essential)` : label)).join("\n");

/** The form's fields for editing a content. */
export const partsOf = (content: OwnContent): DraftParts => ({
	title: content.title,
	prompt: content.prompt,
	answer: content.answer,
	points: pointLines(content.key_points),
	options: content.options.map(({ text, correct }) => (correct ? `* ${text}` : text)).join("\n"),
});

/** Applies the form's fields to a content. Keeps everything that the form does not show. */
export function editedDraft(before: OwnContent, parts: DraftParts): OwnDraft {
	const after = draftOf(parts);
	const why = new Map(before.options.map((option) => [option.text, option.why]));
	const options = optionsOf(parts.options).map((option) => ({ ...option, why: why.get(option.text) ?? "" }));
	return { ...before, ...after, options };
}

/** A workspace's content in the shape of a bank question. */
export function ownQuestion(number: number, revision: number, content: OwnContent, at: Date): Question {
	const { options, stem, explanation, exhibit, ...rest } = content;
	return {
		...rest,
		...(exhibit === undefined ? {} : { exhibit }),
		id: ownId(number),
		revision,
		reviewed_on: at.toISOString().slice(0, 10),
		kind: "concept",
		tags: [],
		needs: [],
		see: [],
		mcq: { stem: stem === "" ? content.prompt : stem, options, explanation },
	};
}

/** Contents with equal keys ask the same question, ignoring case and runs of spaces. */
export function sameQuestionKey({ title, prompt }: Pick<OwnContent, "title" | "prompt">): string {
	return `${title}\n${prompt}`
		.normalize("NFKC")
		.toLowerCase()
		.replace(/[^\S\n]+/g, " ");
}
