/** Describes pictures in words, and holds the labels that all drawings share. */
import { counted } from "../core/text/counted.ts";
import type { HeatMapDay, Picture, RecallMark } from "./card.ts";

export type HeatMap = Extract<Picture, { type: "heat-map" }>;
export type Profile = Extract<Picture, { type: "profile" }>;
export type RecallMap = Extract<Picture, { type: "recall-map" }>;
export type DayMark = HeatMapDay["mark"];
export type { RecallMark };

/** The marks of a heat map, in the order of the legend. */
export const DAY_MARKS = [
	"attempted",
	"missed",
	"frozen",
	"excused",
	"open",
	"none",
] as const satisfies readonly DayMark[];
export const DAY_MARK_WORDS: Readonly<Record<DayMark, string>> = {
	attempted: "attempted",
	missed: "missed",
	frozen: "frozen",
	excused: "excused",
	open: "open",
	none: "no question",
};
/** The marks of a recall map, best known first. */
export const RECALL_MARKS = ["firm", "fading", "slipping", "unmet"] as const satisfies readonly RecallMark[];
export const RECALL_MARK_WORDS: Readonly<Record<RecallMark, string>> = {
	firm: "firm: 90% or more",
	fading: "fading: 70% to 89%",
	slipping: "slipping: < 70%",
	unmet: "not met yet",
};
export const WEEKDAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;
export const TOO_FEW = "too few to say";
export const NO_ANSWERS = "No answers yet.";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;
const WEEK = 7;
/** Discord allows 1,024 characters for an attachment's description; the other platforms allow more. */
const MAX_ALTERNATIVE_LENGTH = 1000;
const MAX_TITLE_LENGTH = 150;
const MAX_NAME_LENGTH = 60;
/** How many delivered days the summary of recent days covers. */
const RECENT_DAYS = 10;
const RIGHT_TO_LEFT =
	/[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}\p{Script=Adlam}]/u;
const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

/** The graphemes of a text: an emoji with its modifiers is one. */
export function graphemes(text: string): string[] {
	return Array.from(segmenter.segment(text), (part) => part.segment);
}

/** Whether the text contains a letter of a right-to-left script. */
export function hasRightToLeft(text: string): boolean {
	return RIGHT_TO_LEFT.test(text);
}

/** A name or title on one line, without characters that control a terminal or reverse the text around it. */
export function oneLine(text: string): string {
	return text
		.replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "")
		.replace(/\s+/g, " ")
		.replace(/[\p{Cc}\p{Cs}]/gu, "\u{fffd}")
		.trim();
}

/** Cuts a text to `longest` UTF-16 code units, between graphemes, with an ellipsis. */
function cut(text: string, longest: number): string {
	if (text.length <= longest) return text;
	let start = "";
	for (const { segment } of segmenter.segment(text)) {
		if (start.length + segment.length > longest - 1) break;
		start += segment;
	}
	return `${start.trimEnd()}…`;
}

/** A share from 0 to 1 as a whole percentage. "0%" and "100%" are exact. */
export function percentOf(share: number): string {
	const rounded = Math.round(share * 100);
	if (share > 0 && share < 1) return `${Math.min(99, Math.max(1, rounded))}%`;
	return `${Math.min(100, Math.max(0, rounded))}%`;
}

const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

/** A short count: "48211", and "120K" from 100,000. */
export function countText(count: number): string {
	return count < 100_000 ? String(count) : compact.format(count);
}

/**
 * The weeks (columns of a heat map, from 0) that carry a month's name: those in which a month begins, and the first one
 * unless the next week has a name too.
 */
export function monthStarts(days: readonly HeatMapDay[]): readonly { readonly week: number; readonly name: string }[] {
	const starts = days.flatMap((day, index) => {
		if (index !== 0 && !day.date.endsWith("-01")) return [];
		const name = MONTHS[Number(day.date.slice(5, 7)) - 1];
		return name === undefined ? [] : [{ week: Math.floor(index / WEEK), name }];
	});
	const [first, second] = starts;
	return first && second && second.week - first.week < 2 ? starts.slice(1) : starts;
}

/** Groups equal neighbours and counts them. */
function runsOf(marks: readonly DayMark[]): { mark: DayMark; count: number }[] {
	const runs: { mark: DayMark; count: number }[] = [];
	for (const mark of marks) {
		const last = runs.at(-1);
		if (last?.mark === mark) last.count += 1;
		else runs.push({ mark, count: 1 });
	}
	return runs;
}

function recentText(delivered: readonly DayMark[]): string {
	const recent = delivered.slice(-RECENT_DAYS);
	const runs = runsOf(recent.toReversed()).map(({ mark, count }) => `${count} ${DAY_MARK_WORDS[mark]}`);
	return `The last ${recent.length}, newest first: ${runs.join(", ")}.`;
}

function heatMapText(map: HeatMap): string {
	const delivered = map.days.map((day) => day.mark).filter((mark) => mark !== "none");
	const weeks = Math.ceil(map.days.length / WEEK);
	if (delivered.length === 0) return `No daily questions in the last ${weeks} weeks.`;
	const counts = DAY_MARKS.filter((mark) => mark !== "none" && mark !== "open").map(
		(mark) => `${delivered.filter((other) => other === mark).length} ${DAY_MARK_WORDS[mark]}`,
	);
	const open = delivered.filter((mark) => mark === "open").length;
	const days = counted(delivered.length, "day");
	const stillOpen = open > 0 ? `, ${open} still open` : "";
	const sum = `Of ${days} with a question in the last ${weeks} weeks: ${counts.join(", ")}${stillOpen}.`;
	return delivered.length === 1 ? sum : `${sum} ${recentText(delivered)}`;
}

function rowText(row: Profile["rows"][number]): string {
	const share = row.share === null ? TOO_FEW : `${percentOf(row.share)} right`;
	return `${cut(oneLine(row.name), MAX_NAME_LENGTH)}: ${share}, ${countText(row.answered)} answered`;
}

function profileText(profile: Profile, room: number): string {
	if (profile.rows.length === 0) return NO_ANSWERS;
	const rows = profile.rows.map(rowText);
	const whole = `${rows.join("; ")}.`;
	if (whole.length <= room) return whole;
	let text = "";
	for (const [index, row] of rows.entries()) {
		const ending = `and ${rows.length - index} more.`;
		if (text.length + row.length + ending.length + 4 > room) return `${text}${ending}`;
		text += `${row}; `;
	}
	return text;
}

/** A mark's words without its bounds. */
const shortWords = (mark: RecallMark): string => RECALL_MARK_WORDS[mark].replace(/:.*/, "");

function countedMarks(marks: readonly RecallMark[]): string {
	return RECALL_MARKS.map((mark) => ({ mark, count: marks.filter((other) => other === mark).length }))
		.filter(({ count }) => count > 0)
		.map(({ mark, count }) => `${count} ${shortWords(mark)}`)
		.join(", ");
}

function recallMapText({ figures, groups }: RecallMap, room: number): string {
	const numbers = figures.map(({ name, value, note }) => `${name}: ${value} ${note}`).join("; ");
	const start = numbers === "" ? "" : `${numbers}. `;
	const bounds = RECALL_MARKS.filter((mark) => mark !== "unmet").map((mark) =>
		RECALL_MARK_WORDS[mark].replace(":", " is"),
	);
	const lines = groups.map(({ name, marks }) => `${cut(oneLine(name), MAX_NAME_LENGTH)}: ${countedMarks(marks)}`);
	const whole = `${start}${lines.join("; ")}. Predicted recall: ${bounds.join(", ")}.`;
	return whole.length <= room ? whole : `${start}All questions: ${countedMarks(groups.flatMap(({ marks }) => marks))}.`;
}

/** A picture's alternative text, in at most 1,000 UTF-16 code units. */
export function alternativeText(picture: Picture): string {
	const title = cut(oneLine(picture.title), MAX_TITLE_LENGTH).replace(/[.:]$/, "");
	const start = title === "" ? "" : `${title}. `;
	switch (picture.type) {
		case "heat-map":
			return `${start}${heatMapText(picture)}`;
		case "profile":
			return `${start}${profileText(picture, MAX_ALTERNATIVE_LENGTH - start.length)}`;
		case "recall-map":
			return `${start}${recallMapText(picture, MAX_ALTERNATIVE_LENGTH - start.length)}`;
	}
}
