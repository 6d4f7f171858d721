/**
 * What a zone's clocks show, from `Intl`. A *reading* is what they show, written as the milliseconds of the UTC instant
 * at which a UTC clock shows the same.
 */
import { HOUR, MINUTE, SECOND } from "../durations.ts";

/** No zone was ever further from UTC than this, and since 1968 no zone has changed twice within twice this span. */
const WIDEST_OFFSET = 16 * HOUR;

/** Building a formatter costs fifty times as much as using it: keep one per zone. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(zone: string): Intl.DateTimeFormat {
	const known = formatters.get(zone);
	if (known) return known;
	const formatter = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
	formatters.set(zone, formatter);
	return formatter;
}

/** How far the zone's clocks are ahead of UTC at an instant, in milliseconds. */
function offsetAt(instant: number, zone: string): number {
	const text = formatterOf(zone).format(instant);
	const found = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(text);
	if (!found) throw new RangeError(`No offset in "${text}"`);
	const [, sign, hours = "0", minutes = "0", seconds = "0"] = found;
	const size = Number(hours) * HOUR + Number(minutes) * MINUTE + Number(seconds) * SECOND;
	return sign === "-" ? -size : size;
}

/** The reading of the zone's clocks at an instant. Throws RangeError for an unknown zone or an invalid instant. */
export function shownAt(instant: number, zone: string): number {
	return instant + offsetAt(instant, zone);
}

/** The instant between `low` and `high` at which the offset changes; there is at most one change. */
function changeBetween(low: number, high: number, zone: string): number {
	const offset = offsetAt(high, zone);
	let [before, after] = [low, high];
	while (after - before > SECOND) {
		const middle = before + Math.floor((after - before) / (2 * SECOND)) * SECOND;
		if (offsetAt(middle, zone) === offset) after = middle;
		else before = middle;
	}
	return after;
}

/** The first instant at which the zone's clocks show `reading`, or a later reading if they skip it. */
export function firstShowing(reading: number, zone: string): number {
	const low = reading - WIDEST_OFFSET;
	const high = reading + WIDEST_OFFSET;
	const before = offsetAt(low, zone);
	const after = offsetAt(high, zone);
	if (before === after) return reading - before;
	const change = changeBetween(low, high, zone);
	return reading - before < change ? reading - before : Math.max(change, reading - after);
}
