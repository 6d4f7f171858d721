import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { fileURLToPath } from "node:url";

/** Places in compiled files: address, line and column. */
const PLACES = /(file:\/\/[^\s()]+\.js):(\d+):(\d+)/g;

/** Null for a file without a map. */
function readMap(address: string): SourceMap | null {
	try {
		return new SourceMap(JSON.parse(readFileSync(`${fileURLToPath(address)}.map`, "utf8")));
	} catch {
		return null;
	}
}

/**
 * Replaces places in the bundle, whose files have other names after each build, by places in the sources. Reads the maps
 * only now: with Node's own support, every start would read them.
 */
export function inSources(stack: string): string {
	const maps = new Map<string, SourceMap | null>();
	return stack.replace(PLACES, (place, address: string, line: string, column: string) => {
		const map = maps.has(address) ? maps.get(address) : readMap(address);
		maps.set(address, map ?? null);
		const found = map?.findEntry(Number(line) - 1, Number(column) - 1);
		if (!found || !("originalSource" in found)) return place;
		const source = found.originalSource.replace(/^(\.\.\/)+/, "");
		return `${source}:${found.originalLine + 1}:${found.originalColumn + 1}`;
	});
}
