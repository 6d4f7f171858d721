import { z } from "zod";
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

/** Key points that one question has at most. */
const MOST_POINTS = 8;
const OPTIONS = 4;

/** Ids of a workspace's own questions: the bank's have no slash, so neither is ever taken for the other. */
export const ownId = (number: number): string => `${OWN_CATEGORY}/${number}`;

/** The number in such an id; null when it is an id of the bank or none. */
export function ownNumber(id: string): number | null {
	const [, digits] = /^ours\/([1-9]\d{0,8})$/.exec(id) ?? [];
	return digits === undefined ? null : Number(digits);
}

const { shape } = questionSchema;

/** What a workspace's own question says; what the bank demands beyond it may be missing. */
const contentSchema = z.strictObject({
	title: shape.title,
	prompt: shape.prompt,
	exhibit: shape.exhibit,
	hint: z.union([z.literal(""), shape.hint]).default(""),
	answer: shape.answer,
	key_points: z.array(shape.key_points.element).max(MOST_POINTS).default([]),
	options: z
		.array(
			z.strictObject({
				text: shape.mcq.shape.options.element.shape.text,
				correct: z.boolean().default(false),
				why: z.union([z.literal(""), shape.mcq.shape.options.element.shape.why]).default(""),
			}),
		)
		.default([]),
	/** What the quick check asks, where it is not the prompt. */
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
/** The same before it is checked. */
export type OwnDraft = z.input<typeof contentSchema>;

/** What is wrong with a draft, in words for its author. */
export interface DraftFault {
	/** The part that it is about. */
	readonly field: string;
	readonly message: string;
}

const FIELDS: Readonly<Record<string, string>> = { key_points: "key points", follow_ups: "follow-ups" };

function lengthAt(draft: OwnDraft, path: readonly PropertyKey[]): string {
	let value: unknown = draft;
	for (const key of path) value = typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
	return typeof value === "string" ? `, here ${value.trim().length}` : "";
}

function faultOf(draft: OwnDraft, issue: z.core.$ZodIssue): DraftFault {
	const [field = "", position] = issue.path.map(String);
	const name = FIELDS[field] ?? field;
	const place = position !== undefined && /^\d+$/.test(position) ? ` ${Number(position) + 1}` : "";
	const said = (message: string): DraftFault => ({ field: `${name}${place}`, message });
	if (issue.code === "too_big" && issue.origin === "string")
		return said(`at most ${issue.maximum} characters${lengthAt(draft, issue.path)}`);
	if (issue.code === "too_big") return said(`at most ${issue.maximum}`);
	if (issue.code === "too_small" || issue.code === "invalid_union") return said("it is empty");
	if (issue.code === "invalid_type") return said("it is missing");
	return said(issue.message);
}

/** What the bank's rules say of options and key points together. */
function wholeFaults(content: OwnContent): DraftFault[] {
	const { options, key_points: points } = content;
	const faults: DraftFault[] = [];
	if (options.length !== 0 && options.length !== OPTIONS)
		faults.push({ field: "options", message: `none or ${OPTIONS} of them, here ${options.length}` });
	const right = options.filter(({ correct }) => correct).length;
	if (options.length > 0 && right !== 1)
		faults.push({ field: "options", message: `exactly one right option, marked with *, here ${right}` });
	if (new Set(options.map(({ text }) => text.toLowerCase())).size < options.length)
		faults.push({ field: "options", message: "four different options" });
	const labels = points.reduce((sum, { label }) => sum + label.length, 0);
	if (labels > QUESTION_LIMITS.keyPointsTotal)
		faults.push({
			field: "key points",
			message: `at most ${QUESTION_LIMITS.keyPointsTotal} characters together, here ${labels}`,
		});
	return faults;
}

/** All texts with `\n` at the ends of lines: a file in between would change others. */
function withOneLineEnd(value: unknown): unknown {
	if (typeof value === "string") return value.replaceAll(/\r\n?/g, "\n");
	if (Array.isArray(value)) return value.map(withOneLineEnd);
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withOneLineEnd(each)]));
}

/** Checks a draft by the bank's lengths: none or 1 to 8 key points, none or four different options with one right. */
export function checkDraft(draft: OwnDraft): { readonly content: OwnContent } | { readonly faults: DraftFault[] } {
	const parsed = contentSchema.safeParse(withOneLineEnd(draft));
	if (!parsed.success) return { faults: parsed.error.issues.map((issue) => faultOf(draft, issue)) };
	const faults = wholeFaults(parsed.data);
	return faults.length > 0 ? { faults } : { content: parsed.data };
}

/** As text with the keys in one order: the database keeps them in another. */
const canonical = (content: OwnContent): string =>
	JSON.stringify(content, (_key, value: unknown) =>
		typeof value === "object" && value !== null && !Array.isArray(value)
			? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
			: value,
	);

export const sameContent = (one: OwnContent, other: OwnContent): boolean => canonical(one) === canonical(other);

/** A short text that tells contents apart: an edit says with it what its form showed. FNV-1a, 32 bits. */
export function contentMark(content: OwnContent): string {
	let hash = 0x811c9dc5;
	for (const sign of canonical(content)) hash = Math.imul(hash ^ (sign.codePointAt(0) ?? 0), 0x01000193);
	return (hash >>> 0).toString(36);
}

/** The five parts of the form, as text. */
export interface DraftParts {
	readonly title: string;
	readonly prompt: string;
	readonly answer: string;
	/** One a line; "(essential)" at a line's end marks what must not be missed. */
	readonly points: string;
	/** One a line, the right one with `*` before it. */
	readonly options: string;
}

const linesOf = (text: string): string[] =>
	text
		.split(/\r\n|[\n\r\u2028\u2029]/)
		.map((line) => line.trim())
		.filter((line) => line !== "");

/** Lines without the bullets or letters that all of them begin with. */
export function withoutMarkers(lines: readonly string[]): string[] {
	for (const marker of [/^[-•–]\s+/, /^\(?[A-Da-d][.)]\s+/, /^\d{1,2}[.)]\s+/])
		if (lines.length > 1 && lines.every((line) => marker.test(line)))
			return lines.map((line) => line.replace(marker, ""));
	return [...lines];
}

const ESSENTIAL = /\s*\(essential\)$/i;

export const pointsOf = (text: string): OwnContent["key_points"] =>
	withoutMarkers(linesOf(text)).map((line) => ({ label: line.replace(ESSENTIAL, ""), must: ESSENTIAL.test(line) }));

export function optionsOf(text: string): OwnContent["options"] {
	const lines = linesOf(text);
	const right = lines.map((line) => line.startsWith("*"));
	const texts = withoutMarkers(lines.map((line) => line.replace(/^\*\s*/, "")));
	return texts.map((option, index) => ({ text: option, correct: right[index] ?? false, why: "" }));
}

/** What the form's parts say. */
export const draftOf = ({ title, prompt, answer, points, options }: DraftParts): OwnDraft => ({
	title,
	prompt,
	answer,
	key_points: pointsOf(points),
	options: optionsOf(options),
});

/** The form's parts of a content, for editing it. */
/** Key points as lines; an essential one says so. */
export const pointLines = (points: readonly ChecklistItem[]): string =>
	points.map(({ label, must }) => (must ? `${label} (essential)` : label)).join("\n");

export const partsOf = (content: OwnContent): DraftParts => ({
	title: content.title,
	prompt: content.prompt,
	answer: content.answer,
	points: pointLines(content.key_points),
	options: content.options.map(({ text, correct }) => (correct ? `* ${text}` : text)).join("\n"),
});

/** An edited content: what the form does not show stays as it was. */
export function editedDraft(before: OwnContent, parts: DraftParts): OwnDraft {
	const after = draftOf(parts);
	const why = new Map(before.options.map((option) => [option.text, option.why]));
	const options = optionsOf(parts.options).map((option) => ({ ...option, why: why.get(option.text) ?? "" }));
	return { ...before, ...after, options };
}

/** The question as it is asked. */
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
/** Whether two contents ask the same question, ignoring case and blanks. */
export function sameQuestionKey({ title, prompt }: Pick<OwnContent, "title" | "prompt">): string {
	return `${title}\n${prompt}`
		.normalize("NFKC")
		.toLowerCase()
		.replace(/[^\S\n]+/g, " ");
}
