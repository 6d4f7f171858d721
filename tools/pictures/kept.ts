/** The scenes of the last run of `npm run pictures`, stored beside the pictures that show them. */
import { readFileSync, writeFileSync } from "node:fs";
import type { Scenes } from "./pages.ts";

export const FOLDER = "docs/pictures";
const FILE = `${FOLDER}/scenes.json`;

interface Kept {
	readonly scenes: Scenes;
	/** A digest of each picture's page, by the picture's name. */
	readonly digests: Readonly<Record<string, string>>;
}

const isInstant = (key: string, value: unknown): value is string => key === "at" && typeof value === "string";

export const keepScenes = (kept: Kept): void => writeFileSync(FILE, `${JSON.stringify(kept, null, "\t")}\n`);

export function keptScenes(): Kept {
	const text = readFileSync(FILE, "utf8");
	return JSON.parse(text, (key, value: unknown) => (isInstant(key, value) ? new Date(value) : value));
}
