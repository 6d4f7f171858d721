/**
 * Compares the calendar with an oracle that uses another algorithm, in every IANA zone that this Node knows. The oracle
 * walks a zone's clocks minute by minute and notes when each local time is first shown.
 *
 *     npx tsx bench/calendar.ts
 */
import { pathToFileURL } from "node:url";
import { everyZone, nextInstantCost, sweep } from "../tests/support/calendar-sweep.ts";

function main(): void {
	const begun = performance.now();
	const result = sweep(everyZone(), { from: "2020-01-01", until: "2030-12-31", quietDays: 12 });
	console.log(`zones: ${result.zones}`);
	console.log(`changes of an offset: ${result.changes}`);
	console.log(`zone-days tried: ${result.zoneDays}`);
	console.log(`checks: ${result.checks}`);
	console.log(`mismatches: ${result.mismatches.length}`);
	for (const mismatch of result.mismatches.slice(0, 20)) console.log(`  ${mismatch}`);
	console.log(`seconds: ${((performance.now() - begun) / 1000).toFixed(0)}`);
	console.log(`nextInstant: ${nextInstantCost("Europe/Berlin").toFixed(1)} microseconds`);
	if (result.mismatches.length > 0) process.exitCode = 1;
}

if (pathToFileURL(process.argv[1] ?? "").href === import.meta.url) main();
