import { createInterface } from "node:readline";
import { setImmediate } from "node:timers/promises";
import type { Card } from "../../chat/card.ts";
import { refusalCard } from "../../chat/cards/faults.ts";
import type { DailyEngine } from "../../chat/daily.ts";
import type { Dispatcher } from "../../chat/dispatch.ts";
import { describeInstant } from "../../core/calendar/calendar.ts";
import { UserError } from "../../core/errors.ts";
import type { Clock } from "../../core/ports/clock.ts";
import { ManualClock } from "../clock.ts";
import { readClockLine } from "./clock-line.ts";
import type { FormWord } from "./form-words.ts";
import type { Terminal } from "./terminal.ts";
import type { Seen } from "./words.ts";

/** How many events one move of the clock may run through; beyond them it jumps straight to its target. */
const MAX_STEPS = 20_000;

export interface SessionParts {
	readonly terminal: Terminal;
	readonly dispatcher: Dispatcher;
	readonly daily: DailyEngine;
	readonly clock: Clock;
	readonly zone: string;
}

/** Handles each line of input, wherever it comes from. */
export class Session {
	readonly #parts: SessionParts;

	constructor(parts: SessionParts) {
		this.#parts = parts;
	}

	/**
	 * Handles piped lines one after another; a line may also fill in a form. Resolves when the input has ended and
	 * everything is answered.
	 */
	async runLines(input: NodeJS.ReadableStream): Promise<void> {
		const { terminal, dispatcher } = this.#parts;
		const lines = createInterface({ input, terminal: false, crlfDelay: Number.POSITIVE_INFINITY });
		for await (const line of lines) {
			const goesOn = (await this.#clockLine(line)) || (await terminal.dialogue.handle(line, dispatcher));
			await this.deliver();
			if (!goesOn) break;
			// The embedded database never waits, so without this no signal and no closed output would be noticed.
			await setImmediate();
		}
		lines.close();
	}

	/**
	 * Runs a line typed when no form is open.
	 * @param seen what was on the screen when the member began to type
	 * @returns false if the line is a command to quit
	 */
	async runLine(line: string, seen: Seen): Promise<boolean> {
		const { terminal, dispatcher } = this.#parts;
		const goesOn = (await this.#clockLine(line)) || (await terminal.dialogue.runLine(line.trim(), dispatcher, seen));
		await this.deliver();
		return goesOn;
	}

	/** Submits `text` as the value of the form's current field. */
	async fillIn(text: string): Promise<void> {
		await this.#parts.terminal.dialogue.fillIn(text, this.#parts.dispatcher);
		await this.deliver();
	}

	/** What a text says that would be all of the form's current field; null if it is the field's contents. */
	wordOf(text: string): FormWord | null {
		return this.#parts.terminal.dialogue.wordOf(text, this.#parts.dispatcher);
	}

	/** Does what such a text says. @returns false if it is the field's contents */
	async takeWord(text: string): Promise<boolean> {
		const isHandled = await this.#parts.terminal.dialogue.takeWord(text, this.#parts.dispatcher);
		await this.deliver();
		return isHandled;
	}

	/** Asks what to do with several lines that arrived at once. */
	ask(text: string, seen: Seen): void {
		this.#parts.terminal.dialogue.ask(text, this.#parts.dispatcher, seen);
	}

	/** Sends what is due, daily questions last. */
	deliver(): Promise<void> {
		return this.#parts.terminal.questionsLast(() => this.#parts.daily.run());
	}

	async #clockLine(line: string): Promise<boolean> {
		const clock = /^\s*\/clock(?:\s+(\S+))?\s*$/.exec(line);
		if (clock) await this.#clock(clock[1]);
		return clock !== null;
	}

	async #clock(text: string | undefined): Promise<void> {
		const { clock, terminal, zone } = this.#parts;
		try {
			if (!(clock instanceof ManualClock))
				throw new UserError(
					"This session uses the system clock, which cannot be moved.",
					"Start with `--clock 2027-03-08T06:59:00Z` to use one that you can move, with a folder of its own (NLPQ_DATA_DIR): answers keep its dates.",
				);
			if (text !== undefined) await this.#moveTo(readClockLine(text, clock.now()), clock);
			const now = clock.now();
			const card: Card = { tone: "plain", title: `It is ${describeInstant(now, zone)}.`, blocks: [] };
			terminal.notice(card, { clock: now.toISOString() });
		} catch (error) {
			if (!(error instanceof UserError)) throw error;
			terminal.notice(refusalCard(error, []), { error: error.message });
		}
	}

	/** Moves the clock. What falls due on the way happens at its own time, in order. */
	async #moveTo(target: Date, clock: ManualClock): Promise<void> {
		const { daily, terminal } = this.#parts;
		for (let step = 0; step < MAX_STEPS; step += 1) {
			const next = await daily.nextInstant(terminal.name, clock.now());
			if (next === null || next > target) break;
			clock.moveTo(next);
			await this.deliver();
		}
		clock.moveTo(target);
	}
}
