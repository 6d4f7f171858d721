import { explained } from "./failure.ts";

/** The result of one check of the installation. */
export interface Diagnosis {
	readonly name: string;
	readonly state: "ok" | "warning" | "fault";
	/** What the check found; never a secret. */
	readonly detail: string;
	readonly remedy: string;
}

export const ok = (name: string, detail: string): Diagnosis => ({ name, state: "ok", detail, remedy: "" });

export const warning = (name: string, detail: string, remedy: string): Diagnosis => ({
	name,
	state: "warning",
	detail,
	remedy,
});

export const fault = (name: string, detail: string, remedy: string): Diagnosis => ({
	name,
	state: "fault",
	detail,
	remedy,
});

/** Runs a check; an error becomes a fault with its remedy. */
export async function guarded(
	name: string,
	check: () => Promise<Diagnosis | readonly Diagnosis[]>,
): Promise<readonly Diagnosis[]> {
	try {
		const found = await check();
		return "name" in found ? [found] : found;
	} catch (error) {
		const known = explained(error);
		if (known) return [fault(name, known.message, known.remedy)];
		const reason = error instanceof Error ? error.name : "unknown reason";
		return [fault(name, `no answer (${reason})`, "Check that it runs and can be reached from here.")];
	}
}
