import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { setFlagsFromString } from "node:v8";
import type { PGlite, PGliteOptions } from "@electric-sql/pglite";

/** Postgres clears its page cache at each start: the usual 128 MB take a quarter of it, and hold that much memory. */
const PAGE_CACHE = "shared_buffers=16MB";

/** Postgres, compiled from WebAssembly. */
type CompiledPostgres = NonNullable<PGliteOptions["pgliteWasmModule"]>;

/** What the embedded database runs on. */
interface Engine {
	readonly PGlite: typeof PGlite;
	readonly drizzle: typeof import("drizzle-orm/pglite").drizzle;
	readonly postgres: CompiledPostgres;
}

/** Node's own types do not declare it. */
declare const WebAssembly: { compile(bytes: Uint8Array): Promise<CompiledPostgres> };

async function compilePostgres(): Promise<CompiledPostgres> {
	// Without V8's WebAssembly optimiser: it takes a third of the start, and pays off only after most terminal sessions
	// have ended. Commands take about a tenth longer without it.
	for (const flag of ["--no-wasm-tier-up", "--no-wasm-dynamic-tiering"]) setFlagsFromString(flag);
	const file = createRequire(import.meta.url).resolve("@electric-sql/pglite/pglite.wasm");
	return WebAssembly.compile(await readFile(file));
}

let loaded: Promise<Engine> | null = null;

/** Loads the engine, once. Threads of V8 compile it, so whoever calls this early may do something else meanwhile. */
export function loadEngine(): Promise<Engine> {
	loaded ??= Promise.all([compilePostgres(), import("@electric-sql/pglite"), import("drizzle-orm/pglite")]).then(
		([postgres, { PGlite }, { drizzle }]) => ({ postgres, PGlite, drizzle }),
	);
	return loaded;
}

/** Starts an embedded database. */
export async function createEmbedded(options: PGliteOptions): Promise<PGlite> {
	const { PGlite, postgres } = await loadEngine();
	const startParams = [...PGlite.defaultStartParams, "-c", PAGE_CACHE];
	return PGlite.create({ startParams, pgliteWasmModule: postgres, ...options });
}
