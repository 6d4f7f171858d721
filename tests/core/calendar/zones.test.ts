import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { shownAt } from "../../../src/core/calendar/zone-clock.ts";
import { ZONE_NAMES } from "../../../src/core/calendar/zone-names.ts";
import { isZone, resolveZone, suggestZones } from "../../../src/core/calendar/zones.ts";
import { editDistance } from "../../../src/core/text/edit-distance.ts";

function suggestionsFor(text: string): readonly string[] {
	const answer = resolveZone(text);
	if ("zone" in answer) throw new Error(`${text} is the zone ${answer.zone}`);
	return answer.suggestions;
}

describe("resolveZone", () => {
	test.each([
		["Europe/Berlin", "Europe/Berlin"],
		["europe/berlin", "Europe/Berlin"],
		[" AMERICA/NEW_YORK ", "America/New_York"],
		["america/new york", "America/New_York"],
		["america/port-au-prince", "America/Port-au-Prince"],
		["utc", "UTC"],
		["GMT", "GMT"],
		["etc/utc", "Etc/UTC"],
		["etc/gmt-3", "Etc/GMT-3"],
		["asia/kolkata", "Asia/Kolkata"],
		["asia/calcutta", "Asia/Calcutta"],
		["europe/KYIV", "Europe/Kyiv"],
		["us/pacific", "US/Pacific"],
	])("takes %s as it is meant", (text, zone) => {
		expect(resolveZone(text)).toEqual({ zone });
	});

	test.each([
		["Europe/Berln", "Europe/Berlin"],
		["Berlin, Germany", "Europe/Berlin"],
		["Munich", "Europe/Berlin"],
		["germany", "Europe/Berlin"],
		["new yrok", "America/New_York"],
		["sanfrancisco", "America/Los_Angeles"],
		["San Fransisco", "America/Los_Angeles"],
		["calcutta", "Asia/Kolkata"],
		["kiev", "Europe/Kyiv"],
		["tokio", "Asia/Tokyo"],
		["PST", "America/Los_Angeles"],
		// IANA zones that are seldom meant: the clocks of some never change.
		["EST", "America/New_York"],
		["est", "America/New_York"],
		[" EST5EDT ", "America/New_York"],
		["CST6CDT", "America/Chicago"],
		["MST", "America/Denver"],
		["MST7MDT", "America/Denver"],
		["PST8PDT", "America/Los_Angeles"],
		["HST", "Pacific/Honolulu"],
		["CET", "Europe/Berlin"],
		["MET", "Europe/Berlin"],
		["EET", "Europe/Athens"],
		["WET", "Europe/Lisbon"],
		["hawaii", "Pacific/Honolulu"],
	])("suggests for %s, and does not decide", (text, first) => {
		expect(suggestionsFor(text)[0]).toBe(first);
	});

	test.each([
		["berlin", "Europe/Berlin"],
		[" Paris ", "Europe/Paris"],
		["new york", "America/New_York"],
		["São Paulo", "America/Sao_Paulo"],
		["ho chi minh", "Asia/Ho_Chi_Minh"],
		["buenos aires", "America/Argentina/Buenos_Aires"],
	])("takes %s, the city of one zone", (text, zone) => {
		expect(resolveZone(text)).toEqual({ zone });
	});

	test.each([
		["san juan", ["America/Argentina/San_Juan", "America/Puerto_Rico"]],
		["cordoba", ["America/Argentina/Cordoba", "Europe/Madrid"]],
		["petersburg", ["America/Indiana/Petersburg", "Europe/Moscow"]],
		["victoria", ["America/Vancouver", "Australia/Melbourne"]],
	])("asks which zone is meant by %s", (text, zones) => {
		expect([...suggestionsFor(text)].sort()).toEqual(zones);
	});

	test.each(["xyzzyplugh", "???", "UTC+2", "gmt-5", "+01:00", "Factory", "x".repeat(100_000)])(
		"has no suggestion for %.20s",
		(text) => {
			expect(resolveZone(text)).toEqual({ suggestions: [], isAbbreviation: false });
		},
	);

	test("gives at most five suggestions for any text, all of them zones", () => {
		const anything = fc.oneof(
			fc.string(),
			fc.constantFrom("a", "san", "north", "Europe/", "islands").map((text) => text.toUpperCase()),
		);
		fc.assert(
			fc.property(anything, (text) => {
				const answer = resolveZone(text);
				const named = "zone" in answer ? [answer.zone] : answer.suggestions;
				expect(named.length).toBeLessThanOrEqual(5);
				for (const zone of named) expect(resolveZone(zone)).toEqual({ zone });
				expect(new Set(named).size).toBe(named.length);
			}),
		);
	});
});

describe("isZone", () => {
	test("accepts IANA names in any case, and nothing else that ICU accepts", () => {
		for (const name of ["Europe/Berlin", "europe/berlin", "UTC", "Etc/GMT+5", "EST5EDT"])
			expect(isZone(name)).toBe(true);
		for (const name of ["", "PST", "IST", "SystemV/AST4ADT", "+01:00", "Europe", "Mars/Olympus", " UTC"])
			expect(isZone(name)).toBe(false);
	});

	test("accepts every zone that Node lists", () => {
		expect(Intl.supportedValuesOf("timeZone").filter((name) => !isZone(name))).toEqual([]);
	});
});

describe("suggestZones", () => {
	test("begins with what has been typed in full", () => {
		expect(suggestZones("US/Pacific", 5)).toEqual(["US/Pacific", "America/Los_Angeles"]);
		expect(suggestZones("etc/gmt-3", 5)).toEqual(["Etc/GMT-3"]);
	});

	test("offers well-known zones before anything is typed, as many as wanted", () => {
		expect(suggestZones("", 25)).toHaveLength(25);
		expect(suggestZones("", 25)).toEqual(expect.arrayContaining(["UTC", "Europe/Berlin", "America/New_York"]));
		expect(suggestZones("", 0)).toEqual([]);
	});

	test("completes a prefix of a region, of a city, of a second word", () => {
		expect(suggestZones("europe/", 5).every((zone) => zone.startsWith("Europe/"))).toBe(true);
		expect(suggestZones("amst", 5)[0]).toBe("Europe/Amsterdam");
		expect(suggestZones("york", 5)[0]).toBe("America/New_York");
	});

	test("finds every listed zone by its own city", () => {
		const lost = Intl.supportedValuesOf("timeZone").filter((name) => {
			const city = name.slice(name.lastIndexOf("/") + 1).replaceAll("_", " ");
			const canonical = ZONE_NAMES.find(({ links }) => links.split(" ").includes(name))?.zone ?? name;
			return !suggestZones(city, 5).includes(canonical);
		});
		expect(lost).toEqual([]);
	});
});

describe("the table of names", () => {
	test("never calls a zone with other times a link", () => {
		const wrong = ZONE_NAMES.flatMap(({ zone, links }) =>
			links.split(" ").filter((link) => {
				if (link === "") return false;
				const hours = Array.from({ length: 24 }, (_, month) => Date.UTC(2026, month, 15));
				return hours.some((instant) => shownAt(instant, link) !== shownAt(instant, zone));
			}),
		);
		expect(wrong).toEqual([]);
	});

	test("contains every zone and every link once", () => {
		const all = ZONE_NAMES.flatMap(({ zone, links }) => [zone, ...links.split(" ").filter((link) => link !== "")]);
		expect(all.filter((name, index) => all.indexOf(name) !== index)).toEqual([]);
		expect(all.filter((name) => !isZone(name))).toEqual([]);
	});
});

describe("editDistance", () => {
	test.each([
		["", "", 0],
		["", "abc", 3],
		["berlin", "berln", 1],
		["berlin", "berlim", 1],
		["york", "yrok", 1],
		["kitten", "sitting", 3],
	])("between %j and %j is %d", (left, right, errors) => {
		expect(editDistance(left, right)).toBe(errors);
		expect(editDistance(right, left)).toBe(errors);
	});
});
