/** Draws pictures with characters, to the width of the terminal. */
import stringWidth from "string-width";
import type { Picture } from "../../../chat/card.ts";
import {
	countText,
	DAY_MARK_WORDS,
	DAY_MARKS,
	type DayMark,
	graphemes,
	type HeatMap,
	hasRightToLeft,
	monthStarts,
	NO_ANSWERS,
	oneLine,
	type Profile,
	percentOf,
	RECALL_MARK_WORDS,
	RECALL_MARKS,
	type RecallMap,
	type RecallMark,
	TOO_FEW,
	WEEKDAYS,
} from "../../../chat/picture-text.ts";
import { type Colour, type Paint, painter } from "./colours.ts";

/** The width if none is given. */
const USUAL_COLUMNS = 80;
const WEEKS = 12;
const NAME_COLUMNS = 24;
const BAR_COLUMNS = 28;
const TOO_FEW_BAR = `╱╱ ${TOO_FEW} ╱╱`;
const LEFT_TO_RIGHT_MARK = "\u200e";

/** Two columns each, of different shapes, so that they work without colour. */
const GLYPHS: Readonly<Record<DayMark, string>> = {
	attempted: "██",
	missed: "><",
	frozen: "**",
	excused: "//",
	open: "[]",
	none: " ·",
};
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"] as const;

const MARK_COLOURS: Readonly<Record<DayMark, Colour | null>> = {
	attempted: "green",
	missed: "red",
	frozen: "magenta",
	excused: null,
	open: "bold",
	none: null,
};

const paintMark = (mark: DayMark, text: string, paint: Paint): string => {
	const colour = MARK_COLOURS[mark];
	return colour ? paint(text, colour) : text;
};

/** Cuts a text to a number of columns, with an ellipsis; `columns` is the width of the result. */
function cut(text: string, longest: number): { readonly text: string; readonly columns: number } {
	const widths = graphemes(oneLine(text)).map((character) => ({ character, columns: stringWidth(character) }));
	const columns = widths.reduce((sum, part) => sum + part.columns, 0);
	if (columns <= longest) return { text: oneLine(text), columns };
	let start = "";
	let used = 0;
	for (const part of widths) {
		if (used + part.columns > longest - 1) break;
		start += part.character;
		used += part.columns;
	}
	const trimmed = start.trimEnd();
	return { text: `${trimmed}…`, columns: used - (start.length - trimmed.length) + 1 };
}

function padded(text: string, columns: number): string {
	const name = cut(text, columns);
	// After a right-to-left name, a terminal would draw the figures and bar on its other side.
	const mark = hasRightToLeft(name.text) ? LEFT_TO_RIGHT_MARK : "";
	return name.text + mark + " ".repeat(columns - name.columns);
}

/** The names above the weeks in which their months begin; a name that does not fit is left out. */
function monthLine(days: HeatMap["days"], columns: number): string {
	return monthStarts(days)
		.filter(({ week, name }) => 5 + week * 3 + name.length <= columns)
		.reduce((line, { week, name }) => line.padEnd(5 + week * 3) + name, "");
}

function heatMapLines(map: HeatMap, columns: number, paint: Paint): string[] {
	const weeks = Math.min(WEEKS, Math.floor((columns - 4) / 3));
	const days = map.days.slice(-weeks * WEEKDAYS.length);
	const rows = WEEKDAYS.map((name, weekday) => {
		const marks = days.filter((_, index) => index % WEEKDAYS.length === weekday).map((day) => day.mark);
		const cells = marks.map((mark) => paintMark(mark, GLYPHS[mark], paint)).join(" ");
		return `${name}  ${cells}`;
	});
	const legend = DAY_MARKS.map((mark) => `${paintMark(mark, GLYPHS[mark].trim(), paint)} ${DAY_MARK_WORDS[mark]}`);
	const inOneLine = legend.join("  ");
	return [monthLine(days, columns), ...rows, "", ...(stringWidth(inOneLine) <= columns ? [inOneLine] : legend)];
}

/** A bar, drawn in eighths of a column. */
function bar(share: number, columns: number): string {
	const eighths = Math.round(Math.min(1, Math.max(0, share)) * columns * EIGHTHS.length);
	const whole = Math.floor(eighths / EIGHTHS.length);
	return "█".repeat(whole) + (EIGHTHS[eighths % EIGHTHS.length] ?? "");
}

function filledBar(share: number, columns: number, paint: Paint): string {
	const filled = bar(share, columns);
	return `${paint(filled, "green")}${"·".repeat(columns - filled.length)}`;
}

/** The width of the figures beside a bar, in columns. */
const FIGURES = 21;

function profileLines({ rows }: Profile, columns: number, paint: Paint): string[] {
	if (rows.length === 0) return [NO_ANSWERS];
	const room = columns - NAME_COLUMNS - 1 - FIGURES;
	if (room >= 14) return rows.map((row) => wideLine(row, Math.min(BAR_COLUMNS, room), paint));
	return rows.flatMap((row) => narrowLines(row, columns, paint));
}

function wideLine(row: Profile["rows"][number], columns: number, paint: Paint): string {
	const answered = `${countText(row.answered)} answered`.padStart(15);
	const name = padded(row.name, NAME_COLUMNS);
	if (row.share === null) return `${name} ${TOO_FEW_BAR.padEnd(columns + 6)}${answered}`;
	return `${name} ${filledBar(row.share, columns, paint)} ${percentOf(row.share).padStart(5)}${answered}`;
}

/** The name and its figures on a line above the bar. */
function narrowLines(row: Profile["rows"][number], columns: number, paint: Paint): string[] {
	const figures = row.share === null ? TOO_FEW : `${percentOf(row.share)} of ${countText(row.answered)}`;
	const name = cut(row.name, columns - figures.length - 1);
	if (name.columns + 1 + figures.length > columns || columns < 30) return [cut(row.name, columns).text, `  ${figures}`];
	const line = `${padded(row.name, columns - figures.length - 1)} ${figures}`;
	return row.share === null ? [line] : [line, filledBar(row.share, Math.min(BAR_COLUMNS, columns), paint)];
}

/** One column each, of different shapes. */
const RECALL_GLYPHS: Readonly<Record<RecallMark, string>> = { firm: "█", fading: "▄", slipping: "×", unmet: "·" };
const RECALL_COLOURS: Readonly<Record<RecallMark, Colour | null>> = {
	firm: "green",
	fading: null,
	slipping: "red",
	unmet: null,
};

function recallGlyph(mark: RecallMark, paint: Paint): string {
	const colour = RECALL_COLOURS[mark];
	return colour ? paint(RECALL_GLYPHS[mark], colour) : RECALL_GLYPHS[mark];
}

/** A category's lines: its name, then its squares in rows. The card itself says the figures, right above. */
function recallLines({ groups }: RecallMap, columns: number, paint: Paint): string[] {
	const hasNameColumn = columns >= 2 * NAME_COLUMNS;
	const room = Math.max(1, hasNameColumn ? columns - NAME_COLUMNS - 1 : columns);
	const lines = groups.flatMap(({ name, marks }) => {
		const rows: string[] = [];
		for (let from = 0; from === 0 || from < marks.length; from += room)
			rows.push(marks.slice(from, from + room).map((mark) => recallGlyph(mark, paint)).join("")); // biome-ignore format: one line
		if (!hasNameColumn) return [cut(name, columns).text, ...rows];
		return rows.map((row, index) => `${index === 0 ? padded(name, NAME_COLUMNS) : " ".repeat(NAME_COLUMNS)} ${row}`);
	});
	const legend = RECALL_MARKS.map((mark) => `${recallGlyph(mark, paint)} ${RECALL_MARK_WORDS[mark]}`);
	return [...lines, "", ...legend];
}

function linesOf(picture: Picture, columns: number, paint: Paint): string[] {
	switch (picture.type) {
		case "heat-map":
			return heatMapLines(picture, columns, paint);
		case "profile":
			return profileLines(picture, columns, paint);
		case "recall-map":
			return recallLines(picture, columns, paint);
	}
}

/**
 * Draws a picture as lines of at most `columns`, without trailing spaces. Without colours it has no escape sequences.
 */
export function pictureText(picture: Picture, hasColours: boolean, columns = USUAL_COLUMNS): string {
	const paint = painter(hasColours);
	const title = cut(picture.title, columns).text;
	const heading = title === "" ? [] : [paint(title, "bold"), ""];
	return [...heading, ...linesOf(picture, columns, paint)].map((line) => line.trimEnd()).join("\n");
}
