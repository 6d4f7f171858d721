import { readFileSync, renameSync, writeFileSync } from "node:fs";
import type { Clock } from "../../src/core/ports/clock.ts";

/** A clock that several processes share through a file. One of them moves it; it runs between the moves. */
export class MovedClock implements Clock {
	readonly #file: string;

	constructor(file: string) {
		this.#file = file;
	}

	now(): Date {
		return new Date(Date.now() + Number(readFileSync(this.#file, "utf8")));
	}

	moveTo(instant: Date): void {
		writeFileSync(`${this.#file}.new`, String(instant.getTime() - Date.now()));
		// Renamed into place, so that nobody reads half of it.
		renameSync(`${this.#file}.new`, this.#file);
	}
}
