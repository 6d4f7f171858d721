import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type ParsedBefore, parseAhead } from "./bank.ts";

type Entry = ParsedBefore extends ReadonlyMap<infer Key, infer Value> ? [Key, Value] : never;

/** Beside the compiled program; the uncompiled one has none, and parses all files. */
const FILE = fileURLToPath(new URL("../../../questions.json", import.meta.url));

/** Keeps the bank as it is now beside the compiled program, which then starts without parsing it. */
export async function keepParsed(folder: string): Promise<void> {
	writeFileSync(FILE, JSON.stringify([...(await parseAhead(folder))]));
}

/** What the build has parsed. The same build has checked it; a file that has changed since is not found in it. */
export function parsedByBuild(): ParsedBefore {
	// Written by keepParsed of the same build, and by nothing else.
	return new Map(existsSync(FILE) ? (JSON.parse(readFileSync(FILE, "utf8")) as Iterable<Entry>) : []);
}
