import { QUESTION_LIMITS, type Question } from "../../src/core/question/question.ts";

const DAY = 24 * 60 * 60 * 1000;
/** How many days before its date a question is announced for review. */
export const REVIEW_NOTICE = 60;

/** The lengths of one field's texts over the whole bank, in characters. */
export interface FieldLengths {
	readonly field: string;
	readonly limit: number;
	/** The number of texts. If there are none, the other numbers are 0. */
	readonly count: number;
	readonly shortest: number;
	readonly median: number;
	readonly longest: number;
	/** Id of the question with the longest text; empty if there is none. */
	readonly longestIn: string;
}

/** A question whose review date is past or near. */
export interface DueReview {
	readonly id: string;
	/** Local date, YYYY-MM-DD. */
	readonly reviewBy: string;
	/** Whole days from today; negative if the date is past. */
	readonly days: number;
}

interface Field {
	readonly field: string;
	readonly limit: number;
	texts(question: Question): readonly string[];
}

const limit = QUESTION_LIMITS;
const isRapid = (question: Question) => question.category === "rapid-fire";

const FIELDS: readonly Field[] = [
	{ field: "title", limit: limit.title, texts: (question) => [question.title] },
	{ field: "prompt", limit: limit.prompt, texts: (question) => [question.prompt] },
	{ field: "exhibit", limit: limit.exhibit, texts: ({ exhibit }) => (exhibit === undefined ? [] : [exhibit]) },
	{ field: "hint", limit: limit.hint, texts: (question) => [question.hint] },
	{ field: "answer", limit: limit.answer, texts: (question) => (isRapid(question) ? [] : [question.answer]) },
	{
		field: "answer (rapid-fire)",
		limit: limit.rapidAnswer,
		texts: (question) => (isRapid(question) ? [question.answer] : []),
	},
	{
		field: "key_points.label",
		limit: limit.keyPoint,
		texts: (question) => question.key_points.map((point) => point.label),
	},
	{
		field: "key_points, together",
		limit: limit.keyPointsTotal,
		texts: (question) => [question.key_points.map((point) => point.label).join("")],
	},
	{ field: "mcq.stem", limit: limit.stem, texts: (question) => [question.mcq.stem] },
	{
		field: "mcq.options.text",
		limit: limit.option,
		texts: (question) => question.mcq.options.map((option) => option.text),
	},
	{
		field: "mcq.options.why",
		limit: limit.optionWhy,
		texts: (question) => question.mcq.options.map((option) => option.why),
	},
	{ field: "mcq.explanation", limit: limit.explanation, texts: (question) => [question.mcq.explanation] },
	{ field: "traps.claim", limit: limit.trapClaim, texts: (question) => question.traps.map((trap) => trap.claim) },
	{
		field: "traps.correction",
		limit: limit.trapCorrection,
		texts: (question) => question.traps.map((trap) => trap.correction),
	},
	{
		field: "follow_ups.q",
		limit: limit.followUpQuestion,
		texts: (question) => question.follow_ups.map((next) => next.q),
	},
	{
		field: "follow_ups.a",
		limit: limit.followUpAnswer,
		texts: (question) => question.follow_ups.map((next) => next.a),
	},
	{
		field: "references.label",
		limit: limit.referenceLabel,
		texts: (question) => question.references.map((reference) => reference.label),
	},
	{
		field: "rubric.criterion",
		limit: limit.criterion,
		texts: (question) => question.rubric?.map((line) => line.criterion) ?? [],
	},
	{
		field: "rubric.strong, .weak",
		limit: limit.rubricText,
		texts: (question) => question.rubric?.flatMap((line) => [line.strong, line.weak]) ?? [],
	},
];

/** The median of ascending numbers, rounded. */
function median(ascending: readonly number[]): number {
	const low = ascending[Math.floor((ascending.length - 1) / 2)] ?? 0;
	const high = ascending[Math.floor(ascending.length / 2)] ?? 0;
	return Math.round((low + high) / 2);
}

/** Length statistics of every text field, in the order of the record. */
export function lengthStatistics(questions: readonly Question[]): FieldLengths[] {
	return FIELDS.map(({ field, limit, texts }) => {
		const found = questions
			.flatMap((question) => texts(question).map((text) => ({ id: question.id, length: text.length })))
			.sort((a, b) => a.length - b.length);
		const longest = found.at(-1);
		return {
			field,
			limit,
			count: found.length,
			shortest: found[0]?.length ?? 0,
			median: median(found.map((text) => text.length)),
			longest: longest?.length ?? 0,
			longestIn: longest?.id ?? "",
		};
	});
}

/**
 * Counts how often each value occurs, in the given order; values that never occur count 0.
 * @param of returns the values of one question
 */
export function countValues<Value extends string | number>(
	questions: readonly Question[],
	values: readonly Value[],
	of: (question: Question) => readonly Value[],
): { value: Value; count: number }[] {
	return values.map((value) => ({
		value,
		count: questions.filter((question) => of(question).includes(value)).length,
	}));
}

/** Questions whose `review_by` is past or within `REVIEW_NOTICE` days, earliest first; dates are in UTC. */
export function dueForReview(questions: readonly Question[], now: Date): DueReview[] {
	const today = Date.parse(now.toISOString().slice(0, 10));
	return questions
		.flatMap(({ id, review_by: reviewBy }) =>
			reviewBy === undefined ? [] : [{ id, reviewBy, days: Math.round((Date.parse(reviewBy) - today) / DAY) }],
		)
		.filter((review) => review.days <= REVIEW_NOTICE)
		.sort((a, b) => a.days - b.days || a.id.localeCompare(b.id));
}
