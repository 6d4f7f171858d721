/** Writes dates and times as English clients do, in the reader's zone. */
import type { View } from "./options.ts";

type Format = Intl.DateTimeFormatOptions;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const CLOCK: Format = { hour: "2-digit", minute: "2-digit" };
const TWELVE_HOURS: Format = { hour: "numeric", minute: "2-digit" };

function written(at: Date, view: View, locale: string, format: Format): string {
	// Some builds of ICU put a narrow no-break space before AM and PM.
	return new Intl.DateTimeFormat(locale, { ...format, timeZone: view.zone }).format(at).replaceAll("\u202f", " ");
}

/** Styles of `<t:…:style>`, by Discord's letters. `R` is relative and handled separately. */
const DISCORD_STYLES: Readonly<Record<string, Format>> = {
	t: CLOCK,
	T: { ...CLOCK, second: "2-digit" },
	d: { day: "2-digit", month: "2-digit", year: "numeric" },
	D: { day: "numeric", month: "long", year: "numeric" },
	f: { day: "numeric", month: "long", year: "numeric", ...CLOCK },
	F: { weekday: "long", day: "numeric", month: "long", year: "numeric", ...CLOCK },
};

function relative(at: Date, now: Date): string {
	const distance = at.getTime() - now.getTime();
	const format = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
	const size = Math.abs(distance);
	if (size >= DAY) return format.format(Math.round(distance / DAY), "day");
	if (size >= HOUR) return format.format(Math.round(distance / HOUR), "hour");
	return format.format(Math.round(distance / MINUTE), "minute");
}

/** A time in one of Discord's styles; null for an unknown style. */
export function discordDate(at: Date, style: string, view: View): string | null {
	if (style === "R") return relative(at, view.at);
	const format = DISCORD_STYLES[style];
	return format ? written(at, view, "en-GB", format).replace(" at ", " ") : null;
}

const localDay = (at: Date, view: View): string => written(at, view, "en-CA", { dateStyle: "short" });

/** "Today", "Tomorrow" or "Yesterday"; null for any other day. */
function prettyDay(at: Date, view: View): string | null {
	const day = localDay(at, view);
	if (day === localDay(view.at, view)) return "Today";
	if (day === localDay(new Date(view.at.getTime() + DAY), view)) return "Tomorrow";
	return day === localDay(new Date(view.at.getTime() - DAY), view) ? "Yesterday" : null;
}

const SLACK_STYLES: Readonly<Record<string, Format>> = {
	date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
	date: { month: "long", day: "numeric", year: "numeric" },
	date_short: { month: "short", day: "numeric", year: "numeric" },
	date_long: { weekday: "long", month: "long", day: "numeric", year: "numeric" },
	time: TWELVE_HOURS,
	time_secs: { ...TWELVE_HOURS, second: "2-digit" },
};

/** A time in one of Slack's formats, such as `{date_short_pretty} {time}`; null if a token is unknown. */
export function slackDate(at: Date, format: string, view: View): string | null {
	let isKnown = true;
	const text = format.replace(/\{([a-z_]+)\}/g, (_token, name: string) => {
		const style = SLACK_STYLES[name.replace(/_pretty$/, "")];
		if (!style) isKnown = false;
		const pretty = name.endsWith("_pretty") ? prettyDay(at, view) : null;
		return pretty ?? (style ? written(at, view, "en-US", style) : "");
	});
	return isKnown ? text : null;
}

/** A message's time, as shown beside its author. */
export const clockTime = (at: Date, view: View, hours: 12 | 24): string =>
	written(at, view, hours === 12 ? "en-US" : "en-GB", hours === 12 ? TWELVE_HOURS : CLOCK);
