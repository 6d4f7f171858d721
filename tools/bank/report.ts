import {
	CATEGORIES,
	DIFFICULTIES,
	KINDS,
	MINUTES,
	OPTION_LETTERS,
	type Question,
	TAGS,
} from "../../src/core/question/question.ts";
import type { Bar } from "./bars.ts";
import type { Guessing } from "./guess/guesser.ts";
import { accuracyText } from "./guess/report.ts";
import { rightPositions } from "./lint.ts";
import { needMap } from "./need-map.ts";
import { isUnwritten } from "./scaffold.ts";
import { countValues, dueForReview, lengthStatistics, REVIEW_NOTICE } from "./statistics.ts";
import { type Cell, table } from "./table.ts";

/** How many topics the bank was asked to cover. `source` names one by its number, from 1. */
const SOURCES = 54;

function section(title: string, body: string): string {
	return `${title}\n${body}`;
}

function coverage(questions: readonly Question[]): string {
	const row = (name: string, some: readonly Question[]): Cell[] => [
		name,
		...countValues(some, DIFFICULTIES, (question) => [question.difficulty]).map(({ count }) => count),
		some.length,
		some.filter(({ exhibit }) => exhibit !== undefined).length,
	];
	return table([
		["category", ...DIFFICULTIES, "all", "with an exhibit"],
		...CATEGORIES.map((category) =>
			row(
				category,
				questions.filter((question) => question.category === category),
			),
		),
		row("all", questions),
	]);
}

function kinds(questions: readonly Question[]): string {
	const row = (kind: Question["kind"]): Cell[] => {
		const some = questions.filter((question) => question.kind === kind);
		return [
			kind,
			...countValues(some, DIFFICULTIES, (question) => [question.difficulty]).map(({ count }) => count),
			some.length,
			CATEGORIES.flatMap((category) => {
				const count = some.filter((question) => question.category === category).length;
				return count === 0 ? [] : [`${category} ${count}`];
			}).join(", "),
		];
	};
	return table([["kind", ...DIFFICULTIES, "all", "by category"], ...KINDS.map(row)]);
}

function bars(found: readonly Bar[], held: ReadonlyMap<string, number>): string {
	const sign = ({ better }: Bar) => (better === "more" ? "at least" : "at most");
	return table([
		["figure", "now", "", "held", "goal"],
		...found.map((bar) => [bar.name, bar.now, sign(bar), held.get(bar.name) ?? "", bar.goal]),
	]);
}

/** Values with their counts, in as many columns as fit. */
function counts(found: readonly { value: Cell; count: number }[], perLine: number): string {
	const width = Math.max(...found.map(({ value }) => String(value).length));
	const cells = found.map(({ value, count }) => `${String(value).padEnd(width)} ${String(count).padStart(3)}`);
	const lines = [];
	for (let start = 0; start < cells.length; start += perLine)
		lines.push(`  ${cells.slice(start, start + perLine).join("    ")}`);
	return lines.join("\n");
}

function positions(questions: readonly Question[]): string {
	const spread = rightPositions(questions);
	const share = (count: number) =>
		questions.length === 0 ? "" : ` (${Math.round((100 * count) / questions.length)}%)`;
	return `  ${OPTION_LETTERS.map((letter) => `${letter} ${spread[letter]}${share(spread[letter])}`).join("    ")}`;
}

function lengths(questions: readonly Question[]): string {
	return table([
		["field", "texts", "min", "median", "max", "limit", "longest in"],
		...lengthStatistics(questions).map((line) => [
			line.field,
			line.count,
			line.shortest,
			line.median,
			line.longest,
			line.limit,
			line.longestIn,
		]),
	]);
}

function daysText(days: number): string {
	if (days === 0) return "today";
	if (days < 0) return days === -1 ? "1 day past" : `${-days} days past`;
	return days === 1 ? "in 1 day" : `in ${days} days`;
}

function reviews(questions: readonly Question[], now: Date): string {
	const due = dueForReview(questions, now);
	const ahead = questions.flatMap(({ review_by: date }) => (date === undefined ? [] : [date])).sort();
	const next = ahead[0] === undefined ? "" : `; the next date is ${ahead[0]}`;
	if (due.length === 0) return `  nothing within ${REVIEW_NOTICE} days${next}`;
	return due.map((review) => `  ${review.reviewBy}  ${review.id} (${daysText(review.days)})`).join("\n");
}

function map(questions: ReadonlyMap<string, Question>): string {
	const { unreached, harder, depths, longest } = needMap(questions);
	const list = (found: readonly string[]) => (found.length === 0 ? "none" : found.join(", "));
	return [
		`  intermediate and advanced ones that no chain joins to a basic one: ${list(
			unreached.map((question) => `${question.id} (${question.difficulty})`),
		)}`,
		`  needs that are harder than their question: ${list(harder.map(({ id, need }) => `${id} -> ${need}`))}`,
		`  questions by the links of their longest chain: ${list(depths.map((count, links) => `${links}: ${count}`))}`,
		`  the longest chain: ${longest.length > 1 ? longest.join(" -> ") : "none"}`,
	].join("\n");
}

function sources(questions: readonly Question[]): string {
	const covered = new Set(questions.map((question) => question.source));
	const missing = Array.from({ length: SOURCES }, (_, index) => index + 1).filter((number) => !covered.has(number));
	const rest = missing.length === 0 ? "" : `; missing: ${missing.join(", ")}`;
	return `  ${SOURCES - missing.length} of ${SOURCES} numbers are covered${rest}`;
}

/** What is known about a whole bank besides its questions. */
export interface BankFigures {
	readonly guessing: Guessing;
	readonly bars: readonly Bar[];
	/** The best figures of the project's bank; empty for another bank. */
	readonly held: ReadonlyMap<string, number>;
}

/**
 * Reports what the bank covers, as text for a terminal.
 * @param questions all valid questions, by id
 */
export function bankReport(questions: ReadonlyMap<string, Question>, figures: BankFigures, now: Date): string {
	const all = [...questions.values()];
	const tags = countValues(all, TAGS, (question) => question.tags).sort((a, b) => b.count - a.count);
	const unwritten = all.filter(isUnwritten).map((question) => question.id);
	return [
		section("Questions by category and difficulty", coverage(all)),
		section("By kind", kinds(all)),
		section(
			"By minutes",
			counts(
				countValues(all, MINUTES, (question) => [question.minutes]),
				5,
			),
		),
		section("By tag", counts(tags, 3)),
		section("Where the right option stands", positions(all)),
		section("What a guesser gets right", accuracyText(figures.guessing)),
		section("Lengths in characters", lengths(all)),
		section("The map of needs", map(questions)),
		section("Topics by source", sources(all)),
		section(`Due for review (past, or within ${REVIEW_NOTICE} days)`, reviews(all, now)),
		section("Still to be written", `  ${unwritten.length === 0 ? "none" : unwritten.join(", ")}`),
		section("The bars of the whole bank", bars(figures.bars, figures.held)),
	].join("\n\n");
}
