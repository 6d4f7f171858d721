import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ParsedBefore, parseAhead } from "./bank.ts";
import { projectRoot } from "./root.ts";

type Entry = ParsedBefore extends ReadonlyMap<infer Key, infer Value> ? [Key, Value] : never;

/** Whether this runs from the build. The sources have no parsed bank, and parse all files. */
const isCompiled = (): boolean => !import.meta.url.endsWith(".ts");

/**
 * Stores the parsed bank for the compiled program, which then starts without parsing.
 * @param folder the bank's
 */
export async function keepParsed(folder: string, file: string): Promise<void> {
	writeFileSync(file, JSON.stringify([...(await parseAhead(folder))]));
}

/** The questions that the build parsed and checked. A file changed since then is not among them. */
export function parsedByBuild(): ParsedBefore {
	const file = join(projectRoot(), "dist", "questions.json");
	// Only keepParsed() of the same build writes the file, so its content can be trusted.
	return new Map(isCompiled() && existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Iterable<Entry>) : []);
}
