import { existsSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder: the nearest one above this file with a package.json, compiled or not. */
export function projectRoot(): string {
	let folder = dirname(fileURLToPath(import.meta.url));
	while (!existsSync(join(folder, "package.json"))) {
		const above = dirname(folder);
		if (above === folder) throw new Error("no folder above the program has a package.json");
		folder = above;
	}
	return folder;
}

/** Whether npm installed the program as a package; false for a checkout or an image. */
export const isInstalledPackage = (): boolean => projectRoot().split(sep).includes("node_modules");
