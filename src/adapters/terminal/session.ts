import { createInterface } from "node:readline";
import type { Card } from "../../chat/card.ts";
import { errorCard } from "../../chat/cards/faults.ts";
import type { DailyEngine } from "../../chat/daily.ts";
import type { Dispatcher } from "../../chat/dispatch.ts";
import { describeInstant } from "../../core/calendar/calendar.ts";
import { UserError } from "../../core/errors.ts";
import type { Clock } from "../../core/ports/clock.ts";
import { ManualClock } from "../clock.ts";
import { readClockLine } from "./clock-line.ts";
import type { Terminal } from "./terminal.ts";

/** Most instants at which something happens in one move of the clock; a longer way is a mistake. */
const MOST_STEPS = 20_000;

export interface SessionParts {
	readonly terminal: Terminal;
	readonly dispatcher: Dispatcher;
	readonly daily: DailyEngine;
	readonly clock: Clock;
	readonly zone: string;
	readonly input: NodeJS.ReadableStream;
	readonly output: NodeJS.WritableStream;
	/** Line editing and a prompt, on a real terminal. */
	readonly interactive: boolean;
}

/** A conversation in the terminal: lines in, one after the other, until the input ends. */
export class Session {
	readonly #parts: SessionParts;

	constructor(parts: SessionParts) {
		this.#parts = parts;
	}

	/** Settles when the input has ended and everything is answered. */
	async run(): Promise<void> {
		const { input, output, interactive, dispatcher } = this.#parts;
		const names = dispatcher.commands.map((command) => `/nlpq ${command.name}`);
		const lines = createInterface({
			input,
			...(interactive
				? { output, terminal: true, completer: (line: string) => [names.filter((name) => name.startsWith(line)), line] }
				: { terminal: false }),
			prompt: "> ",
			crlfDelay: Number.POSITIVE_INFINITY,
		});
		lines.on("SIGINT", () => lines.close());
		if (interactive) lines.prompt();
		for await (const line of lines) {
			await this.handle(line);
			if (interactive) this.#prompt(lines);
		}
		if (interactive) output.write("\n");
	}

	#prompt(lines: ReturnType<typeof createInterface>): void {
		lines.setPrompt(this.#parts.terminal.promptOf() === null ? "> " : "… ");
		lines.prompt();
	}

	async handle(line: string): Promise<void> {
		const clock = /^\s*\/clock(?:\s+(\S+))?\s*$/.exec(line);
		if (clock) await this.#clock(clock[1]);
		else await this.#parts.terminal.handle(line, this.#parts.dispatcher);
		await this.#parts.daily.run();
	}

	async #clock(text: string | undefined): Promise<void> {
		const { clock, terminal, zone } = this.#parts;
		try {
			if (!(clock instanceof ManualClock))
				throw new UserError(
					"The clock is the machine's own here.",
					"Start with NLPQ_CLOCK=2027-03-08T06:59:00Z to have one that can be moved.",
				);
			if (text !== undefined) await this.#moveTo(readClockLine(text, clock.now()), clock);
			const now = clock.now();
			const card: Card = { tone: "plain", title: `It is ${describeInstant(now, zone)}.`, blocks: [] };
			terminal.notice(card, { clock: now.toISOString() });
		} catch (error) {
			if (!(error instanceof UserError)) throw error;
			terminal.notice(errorCard(error.message, error.remedy), { error: error.message });
		}
	}

	/** Moves the clock; whatever falls due on the way is done at its own instant, in order. */
	async #moveTo(target: Date, clock: ManualClock): Promise<void> {
		const { daily, terminal } = this.#parts;
		for (let step = 0; step < MOST_STEPS; step += 1) {
			const next = await daily.nextInstant(terminal.name, clock.now());
			if (next === null || next > target) break;
			clock.moveTo(next);
			await daily.run();
		}
		clock.moveTo(target);
	}
}
