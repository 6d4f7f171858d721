import { readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import * as z from "zod";
import { makeFolder } from "../../folders.ts";
import type { FormEntry } from "../forms.ts";

/** The most that is kept, in characters; older texts go first. */
const MAX_LENGTH = 256 * 1024;
const [OWNER_FILE, OWNER_FOLDER] = [0o600, 0o700];

const field = z.looseObject({ type: z.enum(["text", "choice"]), name: z.string(), label: z.string() });
const call = z.object({ command: z.string(), options: z.record(z.string(), z.string()) });
const form = z.looseObject({ title: z.string(), call, fields: z.array(field).min(1) });
const entry = z.looseObject({
	form,
	values: z.record(z.string(), z.string()),
	field: z.int().min(0),
	lines: z.array(z.string()),
});
const entries = z.array(entry.refine((one) => one.field < one.form.fields.length));

/** What has been typed into forms and not sent, in a file for its writer alone, so that it outlives the process. */
export class UnfinishedTexts {
	readonly #file: string;
	/** The file's contents, as far as this process knows; empty without a file. */
	#known = "";

	constructor(file: string) {
		this.#file = file;
	}

	/** The kept forms with their contents, oldest first. */
	read(): FormEntry[] {
		try {
			if (statSync(this.#file).size > 4 * MAX_LENGTH) return [];
			this.#known = readFileSync(this.#file, "utf8");
			// Written by this program, which has checked the shape that the rest of it relies on.
			return entries.parse(JSON.parse(this.#known)) as unknown as FormEntry[];
		} catch {
			return [];
		}
	}

	/** Keeps these texts instead of those before. @returns whether all of them are kept */
	write(texts: readonly FormEntry[]): boolean {
		let first = texts.length;
		for (let length = 0; first > 0; first -= 1) {
			length += JSON.stringify(texts[first - 1]).length + 1;
			if (length > MAX_LENGTH) break;
		}
		const kept = texts.length === first ? "" : JSON.stringify(texts.slice(first));
		try {
			if (kept !== this.#known) this.#replace(kept);
			return first === 0;
		} catch {
			// A full or read-only disk is no reason to stop a conversation.
			return false;
		}
	}

	/** Removes all of it, whether this process has read it or not. */
	erase(): void {
		try {
			this.#replace("");
		} catch {
			// As above.
		}
	}

	#replace(contents: string): void {
		// A process that is killed meanwhile leaves the old file or the new one, whole, and perhaps this one.
		const fresh = `${this.#file}.new`;
		if (contents === "") for (const file of [this.#file, fresh]) rmSync(file, { force: true });
		else {
			makeFolder(dirname(this.#file), OWNER_FOLDER);
			writeFileSync(fresh, contents, { mode: OWNER_FILE });
			renameSync(fresh, this.#file);
		}
		this.#known = contents;
	}
}
