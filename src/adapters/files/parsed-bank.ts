import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type ParsedBefore, parseAhead } from "./bank.ts";

type Entry = ParsedBefore extends ReadonlyMap<infer Key, infer Value> ? [Key, Value] : never;

/** Beside the compiled program. Without a build there is none, and all files are parsed. */
const FILE = fileURLToPath(new URL("../../../questions.json", import.meta.url));

/** Stores the parsed bank beside the compiled program, which then starts without parsing. */
export async function keepParsed(folder: string): Promise<void> {
	writeFileSync(FILE, JSON.stringify([...(await parseAhead(folder))]));
}

/** The questions that the build parsed and checked. A file changed since then is not among them. */
export function parsedByBuild(): ParsedBefore {
	// Only keepParsed() of the same build writes the file, so its content can be trusted.
	return new Map(existsSync(FILE) ? (JSON.parse(readFileSync(FILE, "utf8")) as Iterable<Entry>) : []);
}
