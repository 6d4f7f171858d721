/** Time zone names: which ones exist, and which one a user may mean. */
import { editDistance } from "../text/edit-distance.ts";
import { ZONE_NAMES } from "./zone-names.ts";

/** A zone's IANA name, or suggestions for what was meant, likeliest first; there may be none. */
export type ZoneAnswer =
	| { readonly zone: string }
	| {
			readonly suggestions: readonly string[];
			/** People mean different zones by this name. */
			readonly isAbbreviation: boolean;
	  };

/**
 * Abbreviations that IANA also defines, but rarely as people mean them: its EST is Panama's, whose clocks never change.
 * Likeliest first.
 */
const ABBREVIATIONS: ReadonlyMap<string, readonly string[]> = new Map([
	["est", ["America/New_York", "America/Panama"]],
	["est5edt", ["America/New_York"]],
	["cst6cdt", ["America/Chicago"]],
	["mst", ["America/Denver", "America/Phoenix"]],
	["mst7mdt", ["America/Denver"]],
	["pst8pdt", ["America/Los_Angeles"]],
	["hst", ["Pacific/Honolulu"]],
	["wet", ["Europe/Lisbon"]],
	["cet", ["Europe/Berlin", "Europe/Paris", "Europe/Madrid", "Europe/Rome", "Europe/Warsaw"]],
	["met", ["Europe/Berlin", "Europe/Paris", "Europe/Madrid", "Europe/Rome", "Europe/Warsaw"]],
	["eet", ["Europe/Athens", "Europe/Kyiv", "Europe/Helsinki", "Europe/Bucharest", "Africa/Cairo"]],
]);

/** Every name of a zone, reduced to letters and digits for the search. */
interface SearchEntry {
	readonly zone: string;
	/** A zone with more keys is better known, and wins ties. */
	readonly keys: readonly string[];
}

const MAX_TEXT_LENGTH = 64;
const MAX_SUGGESTIONS = 5;
/** A match of this rank or worse is a guess: guesses are dropped when there is any better match. */
const GUESS = 3;

const squeeze = (text: string): string =>
	text
		.normalize("NFD")
		.toLowerCase()
		.replace(/[^a-z0-9]/g, "");
const lastPart = (name: string): string => name.slice(name.lastIndexOf("/") + 1);
const list = (text: string, separator: string): string[] => (text === "" ? [] : text.split(separator));

/** Zones with a fixed offset. Accepted but never suggested: their sign is the opposite of what people expect. */
const fixedZones: readonly string[] = Array.from({ length: 26 }, (_, index) => index - 14)
	.filter((hours) => hours !== 0)
	.map((hours) => `Etc/GMT${hours > 0 ? "+" : ""}${hours}`);

const linkNames: ReadonlySet<string> = new Set(ZONE_NAMES.flatMap(({ links }) => list(links, " ")));
const listedNames: ReadonlySet<string> = new Set(Intl.supportedValuesOf("timeZone"));
const mainNames: ReadonlySet<string> = new Set(
	[...ZONE_NAMES.map(({ zone }) => zone), ...listedNames].filter((name) => !linkNames.has(name)),
);

const properNames: ReadonlyMap<string, string> = new Map(
	[...mainNames, ...linkNames, ...fixedZones].map((name) => [name.toLowerCase(), name]),
);

const searchEntries: readonly SearchEntry[] = [...mainNames].sort().map((zone) => {
	const named = ZONE_NAMES.find((entry) => entry.zone === zone);
	const ianaNames = [zone, ...list(named?.links ?? "", " ")];
	const words = list(named?.words ?? "", ",");
	const keys = [...ianaNames.map(lastPart), ...ianaNames, ...words].map(squeeze);
	return { zone, keys: [...new Set(keys)] };
});

/** Whether this build of ICU knows a zone of our table. */
function known(name: string): boolean {
	if (listedNames.has(name)) return true;
	try {
		new Intl.DateTimeFormat("en-US", { timeZone: name });
		return true;
	} catch (error) {
		if (error instanceof RangeError) return false;
		throw error;
	}
}

function exactZone(text: string): string | null {
	const name = properNames.get(text.trim().toLowerCase().replace(/ +/g, "_"));
	return name !== undefined && known(name) ? name : null;
}

/**
 * Whether this is an IANA name, in any case, that the calendar's functions accept. ICU's own short names do not count:
 * its "IST" is India's, but people also mean Ireland's or Israel's.
 */
export function isZone(name: string): boolean {
	return properNames.has(name.toLowerCase()) && known(name);
}

const forgivenErrors = (length: number): number => (length <= 3 ? 0 : length <= 5 ? 1 : length <= 9 ? 2 : 3);

/** 0: equal. 1: the key starts with the query. 2: contains it. From `GUESS`: the query contains the key, then typos. */
function keyRank(key: string, query: string): number {
	if (key === query) return 0;
	if (key.startsWith(query)) return 1;
	if (query.length >= 4 && key.includes(query)) return 2;
	if (key.length >= 4 && query.includes(key)) return GUESS;
	const forgiven = forgivenErrors(query.length);
	if (Math.abs(key.length - query.length) > forgiven) return Infinity;
	const errors = editDistance(key, query);
	return errors <= forgiven ? GUESS + errors : Infinity;
}

function rankedZones(query: string): string[] {
	const ranked = searchEntries
		.map((entry) => ({ entry, rank: Math.min(...entry.keys.map((key) => keyRank(key, query))) }))
		.filter(({ rank }) => rank < Infinity);
	const best = Math.min(...ranked.map(({ rank }) => rank));
	return ranked
		.filter(({ rank }) => rank < GUESS || best >= GUESS)
		.sort((a, b) => a.rank - b.rank || b.entry.keys.length - a.entry.keys.length)
		.map(({ entry }) => entry.zone);
}

/**
 * Zones that match the text typed so far, likeliest first: an exact name, then matches by city, country or IANA name,
 * then typos. Empty text gets UTC and well-known zones. An offset such as "UTC+2" gets none: a zone is more than
 * today's offset.
 */
export function suggestZones(prefix: string, most: number): string[] {
	const text = prefix.trim().slice(0, MAX_TEXT_LENGTH);
	const abbreviated = ABBREVIATIONS.get(text.toLowerCase());
	if (abbreviated) return abbreviated.filter(known).slice(0, most);
	const exact = exactZone(text);
	const query = squeeze(text);
	const ranked = /[+-] *\d/.test(text) || (query === "" && text !== "") ? [] : rankedZones(query);
	const names = exact === null ? ranked : [exact, ...ranked.filter((zone) => zone !== exact)];
	return names.filter(known).slice(0, most);
}

/** Whether a text is the city in a zone's name: "berlin" or "New York". Other words for a zone are only suggested. */
const isItsCity = (zone: string, text: string): boolean => squeeze(lastPart(zone)) === squeeze(text);

/**
 * Accepts an IANA name in any case ("europe/berlin", "UTC"), or its city if no other zone fits ("berlin"), and returns
 * the name's proper spelling. Anything else, even an abbreviation or a city by another name, gets at most five
 * suggestions.
 */
export function resolveZone(text: string): ZoneAnswer {
	const isAbbreviation = ABBREVIATIONS.has(text.trim().toLowerCase());
	const exact = isAbbreviation ? null : exactZone(text);
	if (exact !== null) return { zone: exact };
	const suggestions = suggestZones(text, MAX_SUGGESTIONS);
	const [only] = suggestions;
	if (!isAbbreviation && only !== undefined && suggestions.length === 1 && isItsCity(only, text)) return { zone: only };
	return { suggestions, isAbbreviation };
}
