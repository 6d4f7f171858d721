/** Pictures drawn with characters, for a terminal of 80 columns. */
import type { Picture } from "../../chat/card.ts";
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
	TOO_FEW,
	WEEKDAYS,
} from "../../chat/picture-text.ts";

const COLUMNS = 80;
const WEEKS = 12;
const NAME_COLUMNS = 24;
const BAR_COLUMNS = 28;
const LEFT_TO_RIGHT_MARK = "\u200e";

/** Two columns each, of different shapes, so that they need no colour. */
const GLYPHS: Readonly<Record<DayMark, string>> = {
	attempted: "██",
	missed: "><",
	frozen: "**",
	excused: "//",
	open: "[]",
	none: " ·",
};
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"] as const;
const WIDE =
	/\p{Emoji_Presentation}|\ufe0f|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]/u;

type Colour = "green" | "red" | "cyan" | "yellow" | "bold" | "blue" | "dim";
/** Parameters of the escape sequence that selects one of the 16 standard colours, or bold. */
const COLOUR_CODES: Readonly<Record<Colour, number>> = {
	green: 32,
	red: 31,
	cyan: 36,
	yellow: 33,
	bold: 1,
	blue: 34,
	dim: 90,
};
const MARK_COLOURS: Readonly<Record<DayMark, Colour>> = {
	attempted: "green",
	missed: "red",
	frozen: "cyan",
	excused: "yellow",
	open: "bold",
	none: "dim",
};

type Paint = (text: string, colour: Colour) => string;

function painter(colours: boolean): Paint {
	if (!colours) return (text) => text;
	return (text, colour) => (text === "" ? "" : `\u001b[${COLOUR_CODES[colour]}m${text}\u001b[0m`);
}

/** Columns that a character takes; a joined emoji takes two. */
function columnsOf(character: string): number {
	return WIDE.test(character) ? 2 : Array.from(character.replace(/[\p{M}\p{Cf}]/gu, "")).length;
}

/** Cuts a text to a number of columns, with an ellipsis; `columns` are those that it takes. */
function cut(text: string, longest: number): { readonly text: string; readonly columns: number } {
	const widths = graphemes(oneLine(text)).map((character) => ({ character, columns: columnsOf(character) }));
	const columns = widths.reduce((sum, part) => sum + part.columns, 0);
	if (columns <= longest) return { text: oneLine(text), columns };
	let kept = "";
	let used = 0;
	for (const part of widths) {
		if (used + part.columns > longest - 1) break;
		kept += part.character;
		used += part.columns;
	}
	const trimmed = kept.trimEnd();
	return { text: `${trimmed}…`, columns: used - (kept.length - trimmed.length) + 1 };
}

function padded(text: string, columns: number): string {
	const name = cut(text, columns);
	// Figures and bars after a name from right to left would otherwise be drawn on its other side.
	const mark = hasRightToLeft(name.text) ? LEFT_TO_RIGHT_MARK : "";
	return name.text + mark + " ".repeat(columns - name.columns);
}

function monthLine(days: HeatMap["days"]): string {
	return monthStarts(days).reduce((line, { week, name }) => line.padEnd(5 + week * 3) + name, "");
}

function heatMapLines(map: HeatMap, paint: Paint): string[] {
	const days = map.days.slice(-WEEKS * WEEKDAYS.length);
	const figures = [`Current streak  ${countText(map.current)}`, `Longest streak  ${countText(map.longest)}`];
	const rows = WEEKDAYS.map((name, weekday) => {
		const marks = days.filter((_, index) => index % WEEKDAYS.length === weekday).map((day) => day.mark);
		const cells = marks.map((mark) => paint(GLYPHS[mark], MARK_COLOURS[mark])).join(" ");
		const gap = " ".repeat(3 * (WEEKS - marks.length) + 5);
		const figure = figures[weekday - 1];
		return `${name}  ${cells}${figure === undefined ? "" : gap + paint(figure, "bold")}`;
	});
	const legend = DAY_MARKS.map((mark) => `${paint(GLYPHS[mark].trim(), MARK_COLOURS[mark])} ${DAY_MARK_WORDS[mark]}`);
	return [monthLine(days), ...rows, "", legend.join("  ")];
}

/** A bar in eighths of a column. */
function bar(share: number): string {
	const eighths = Math.round(Math.min(1, Math.max(0, share)) * BAR_COLUMNS * EIGHTHS.length);
	const whole = Math.floor(eighths / EIGHTHS.length);
	return "█".repeat(whole) + (EIGHTHS[eighths % EIGHTHS.length] ?? "");
}

function profileLine(row: Profile["rows"][number], paint: Paint): string {
	const answered = `${countText(row.answered)} answered`.padStart(15);
	const name = padded(row.name, NAME_COLUMNS);
	if (row.share === null) return `${name} ${paint(`╱╱ ${TOO_FEW} ╱╱`.padEnd(BAR_COLUMNS), "dim")}      ${answered}`;
	const filled = bar(row.share);
	const rest = "·".repeat(BAR_COLUMNS - filled.length);
	return `${name} ${paint(filled, "blue")}${paint(rest, "dim")} ${percentOf(row.share).padStart(5)}${answered}`;
}

function profileLines(profile: Profile, paint: Paint): string[] {
	return profile.rows.length === 0 ? [NO_ANSWERS] : profile.rows.map((row) => profileLine(row, paint));
}

/** A picture as lines of at most 80 columns without trailing spaces; without `colours`, without escape sequences. */
export function pictureText(picture: Picture, colours: boolean): string {
	const paint = painter(colours);
	const title = cut(picture.title, COLUMNS).text;
	const heading = title === "" ? [] : [paint(title, "bold"), ""];
	const lines = picture.type === "heat-map" ? heatMapLines(picture, paint) : profileLines(picture, paint);
	return [...heading, ...lines].map((line) => line.trimEnd()).join("\n");
}
