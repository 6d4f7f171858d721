import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type ParsedBefore, parseAhead } from "./bank.ts";

type Entry = ParsedBefore extends ReadonlyMap<infer Key, infer Value> ? [Key, Value] : never;

/** Next to the compiled program. The uncompiled one has none and parses all files. */
const FILE = fileURLToPath(new URL("../../../questions.json", import.meta.url));

/** Stores the parsed bank next to the compiled program, which then starts without parsing. */
export async function keepParsed(folder: string): Promise<void> {
	writeFileSync(FILE, JSON.stringify([...(await parseAhead(folder))]));
}

/** What the build has parsed and checked. A file that has changed since is not in it. */
export function parsedByBuild(): ParsedBefore {
	// Only keepParsed of the same build writes it.
	return new Map(existsSync(FILE) ? (JSON.parse(readFileSync(FILE, "utf8")) as Iterable<Entry>) : []);
}
