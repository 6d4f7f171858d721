import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { z } from "zod";

/** Licences under which nlpq may be distributed under its own. */
const ALLOWED = ["0BSD", "Apache-2.0", "BSD-3-Clause", "ISC", "MIT", "OFL-1.1", "Unlicense"];

const lockSchema = z.object({
	packages: z.record(
		z.string(),
		z.looseObject({ dev: z.boolean().optional(), optional: z.boolean().optional(), license: z.string().optional() }),
	),
});
const packageSchema = z.object({
	dependencies: z.record(z.string(), z.string()),
	devDependencies: z.record(z.string(), z.string()),
});
const licenceSchema = z.looseObject({ license: z.string() });

const json = (file: string): unknown => JSON.parse(readFileSync(file, "utf8"));
const { packages } = lockSchema.parse(json("package-lock.json"));
const { dependencies, devDependencies } = packageSchema.parse(json("package.json"));

/**
 * The licences of what is installed for use, by folder. A binary of another platform has that of its parent package.
 */
function shippedLicences(): Map<string, string> {
	const found = new Map<string, string>();
	for (const [place, entry] of Object.entries(packages)) {
		if (place === "" || entry.dev) continue;
		const file = `${place}/package.json`;
		if (entry.license) found.set(place, entry.license);
		else if (existsSync(file)) found.set(place, licenceSchema.parse(json(file)).license);
		else if (!entry.optional) found.set(place, "none");
	}
	return found;
}

test("everything that ships may be distributed", () => {
	const licences = shippedLicences();
	expect(licences.size).toBeGreaterThan(100);
	expect([...licences].filter(([, licence]) => !ALLOWED.includes(licence))).toEqual([]);
});

test("docs/decisions.md names each licence", () => {
	const decisions = readFileSync("docs/decisions.md", "utf8");
	for (const licence of new Set(shippedLicences().values())) expect(decisions).toContain(`| ${licence} |`);
});

test("every direct dependency has one version, and docs/decisions.md says what it is for", () => {
	const decisions = readFileSync("docs/decisions.md", "utf8");
	for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
		expect(version, name).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
		expect(decisions, name).toContain(`\`${name}\``);
	}
});
