import { existsSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** The project's folder: the nearest above this file with a package.json, compiled or not. */
export function projectRoot(): string {
	let folder = dirname(fileURLToPath(import.meta.url));
	while (!existsSync(join(folder, "package.json"))) {
		const above = dirname(folder);
		if (above === folder) throw new Error("package.json stands in no folder above the program");
		folder = above;
	}
	return folder;
}

/** Whether this is a package that npm has installed, and no checkout or image. */
export const isInstalledPackage = (): boolean => projectRoot().split(sep).includes("node_modules");
