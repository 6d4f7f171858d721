import { setFlagsFromString } from "node:v8";
import { PGlite, type PGliteOptions } from "@electric-sql/pglite";

/**
 * Starts the embedded database. V8 otherwise spends a third of a program's start on optimising WebAssembly that most
 * terminal sessions end before they profit from; without it a command takes about a tenth longer.
 */
export function createEmbedded(options: PGliteOptions): Promise<PGlite> {
	for (const flag of ["--no-wasm-tier-up", "--no-wasm-dynamic-tiering"]) setFlagsFromString(flag);
	return PGlite.create(options);
}
