import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { uptime } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { makeFolder, UNFINISHED_TEXTS } from "../../folders.ts";
import { isSamePlace, type ProcessIdentity, processIdentitySchema, systemProbe } from "../../process-identity.ts";
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
const file = z.object({
	owner: processIdentitySchema,
	texts: z.array(entry.refine((one) => one.field < one.form.fields.length)),
});

interface Found {
	readonly path: string;
	readonly texts: readonly FormEntry[];
	/** Milliseconds since 1970. */
	readonly writtenAt: number;
}

const FRESH = ".new";

/** Whether a file's writer has ended, so that nobody else goes on with it. */
function isAbandoned(owner: ProcessIdentity, writtenAt: number): boolean {
	// The only file of this process is its own, so another process had its id before.
	if (!isSamePlace(owner, systemProbe) || owner.pid === process.pid) return true;
	const state = systemProbe.processState(owner);
	return state === "gone" || (state === "unknown" && writtenAt < Date.now() - uptime() * 1000);
}

/** What has been typed into forms and not sent: a file for each process, for its writer alone, which outlives it. */
export class UnfinishedTexts {
	readonly #folder: string;
	readonly #file: string;
	/** The own file's texts, as JSON; empty without a file. */
	#known = "";
	/** Files of ended processes, until their texts are in the own file. */
	#taken: string[] = [];

	/** @param folder the data folder, which several terminals may share */
	constructor(folder: string) {
		this.#folder = folder;
		this.#file = join(folder, `${UNFINISHED_TEXTS}${randomUUID()}`);
	}

	/** Takes over what ended processes have kept. @returns the forms with their contents, oldest first */
	read(): FormEntry[] {
		const found = this.#all()
			.flatMap((path) => this.#abandoned(path) ?? [])
			.sort((one, other) => one.writtenAt - other.writtenAt);
		const texts = found.flatMap((one) => (this.#take(one.path) ? one.texts : []));
		if (texts.length > 0) this.write(texts);
		return texts;
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
			for (const path of this.#taken.splice(0)) rmSync(path, { force: true });
			return first === 0;
		} catch {
			// A full or read-only disk is no reason to stop a conversation.
			return false;
		}
	}

	/** Removes the texts of all processes, read or not. */
	erase(): void {
		this.#known = "";
		this.#taken = [];
		for (const path of this.#all()) {
			try {
				rmSync(path, { force: true });
			} catch {
				// As above.
			}
		}
	}

	#all(): string[] {
		try {
			const names = readdirSync(this.#folder).filter((name) => name.startsWith(UNFINISHED_TEXTS));
			return names.map((name) => join(this.#folder, name));
		} catch {
			return [];
		}
	}

	/** The texts in a file that nobody else goes on with; null for any other file. */
	#abandoned(path: string): Found | null {
		if (path === this.#file || path.endsWith(FRESH)) return null;
		try {
			const { size, mtimeMs } = statSync(path);
			if (size > 4 * MAX_LENGTH) return null;
			const { owner, texts } = file.parse(JSON.parse(readFileSync(path, "utf8")));
			// Written by this program, which has checked the shape that the rest of it relies on.
			return isAbandoned(owner, mtimeMs) ? { path, texts: texts as unknown as FormEntry[], writtenAt: mtimeMs } : null;
		} catch {
			return null;
		}
	}

	/** Claims a file, which only one process can rename. @returns false if another was quicker */
	#take(path: string): boolean {
		const own = `${this.#file}.${this.#taken.length}`;
		try {
			renameSync(path, own);
			rmSync(`${path}${FRESH}`, { force: true });
			this.#taken.push(own);
			return true;
		} catch {
			// In a folder that cannot be written nobody can claim it: show it anyway.
			return statSync(path, { throwIfNoEntry: false }) !== undefined;
		}
	}

	#replace(texts: string): void {
		if (texts === "") rmSync(this.#file, { force: true });
		else {
			makeFolder(this.#folder, OWNER_FOLDER);
			// A process that is killed meanwhile leaves the old file or the new one, whole, and perhaps this one.
			const fresh = `${this.#file}${FRESH}`;
			writeFileSync(fresh, `{"owner":${JSON.stringify(systemProbe.self())},"texts":${texts}}`, { mode: OWNER_FILE });
			renameSync(fresh, this.#file);
		}
		this.#known = texts;
	}
}
