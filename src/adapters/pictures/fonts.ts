/** Loads the font Inter from the program's files, so that no server needs fonts. */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { GlobalFonts } from "@napi-rs/canvas";

export type FontWeight = 500 | 700;

const SUBSETS = ["latin", "latin-ext", "vietnamese", "greek", "cyrillic"] as const;
const WEIGHTS: readonly FontWeight[] = [500, 700];
// One family per subset: of two files with the same family and weight, the canvas looks up letters in only one.
const FAMILIES = SUBSETS.map((subset) => `"nlpq ${subset}"`).join(", ");
const require = createRequire(import.meta.url);

let loading: Promise<void> | undefined;

async function load(): Promise<void> {
	for (const subset of SUBSETS)
		for (const weight of WEIGHTS) {
			const path = require.resolve(`@fontsource/inter/files/inter-${subset}-${weight}-normal.woff2`);
			const font = GlobalFonts.register(await readFile(path), `nlpq ${subset}`);
			if (font === null) throw new Error(`The font ${path} cannot be read.`);
		}
}

/** Registers the fonts once. Throws if a file is missing or damaged. */
export function loadFonts(): Promise<void> {
	loading ??= load().catch((error: unknown) => {
		loading = undefined;
		throw error;
	});
	return loading;
}

/** A value for the context's `font`. Letters that Inter lacks come from the machine's fonts, if any. */
export function fontOf(weight: FontWeight, size: number): string {
	return `${weight} ${size}px ${FAMILIES}, sans-serif`;
}
