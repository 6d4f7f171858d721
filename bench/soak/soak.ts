import { setTimeout as wait } from "node:timers/promises";
import type { Dice } from "../../tests/support/dice.ts";
import type { MovedClock } from "../../tests/support/moved-clock.ts";
import type { CommandLedger } from "./ledger.ts";
import type { Replicas } from "./replicas.ts";

/** A message that the bot sent by itself, as the platform has it. */
export interface PostedMessage {
	readonly id: string;
	/** The same for all messages of one delivery, and different from all others. */
	readonly deliveryKey: string;
}

/** A local platform, and the members who use the bot there. */
export interface Crowd {
	readonly name: "discord" | "slack";
	/** The program's settings for reaching this platform. */
	readonly environment: Readonly<Record<string, string>>;
	readonly channelCount: number;
	/** Whether the bot is connected. */
	readonly isConnected: boolean;
	/** An admin schedules a daily question at a time such as 09:00 UTC. */
	schedule(channelIndex: number, time: string): Promise<void>;
	/** A member does something. */
	actOnce(): void;
	/** Disturbs a connection, in a way that depends on the turn. */
	disturbConnection(turn: number): void;
	postedMessages(): readonly PostedMessage[];
	/** Violations of the platform's rules, failures, and replies that apologise for an error. */
	problems(): string[];
	stop(): Promise<void>;
}

export interface SoakParts {
	readonly clock: MovedClock;
	readonly dice: Dice;
	readonly ledger: CommandLedger;
	readonly replicas: Replicas;
	readonly crowds: readonly Crowd[];
	/** The duration in real milliseconds. */
	readonly length: number;
	/** Commands per second in the second half. The first half, which fills caches, has several times as many. */
	readonly rate: number;
}

const HOUR = 3_600_000;
/** Real milliseconds between moves of the clock, each by an hour. */
const CLOCK_INTERVAL = 6_000;
/** How many restarts there are. All come in the first part of the run, as the rest shows whether memory grows. */
const RESTARTS = 6;
const RESTARTS_SHARE = 1 / 4;
/** In the first half members do this many times as much, which fills caches before memory is measured. */
const WARM_UP_FACTOR = 4;
const WARM_UP_SHARE = 1 / 2;
/** Every third restart is a sudden kill. */
const KILL_EVERY = 3;
/** Milliseconds between checks of the connections. */
const POLL_INTERVAL = 500;
/** How long members pause at most before the clock moves, in milliseconds. */
const MAX_PAUSE = 20_000;

/** One soak: members' commands, moves of the clock, reconnects and restarts, all at once. */
export class Soak {
	readonly #parts: SoakParts;
	readonly #until: number;
	#paused = false;
	/** What was done, by name. */
	readonly counts = {
		moves: 0,
		reconnects: 0,
		restarts: 0,
		kills: 0,
		"seconds without a connection of one platform": 0,
	};

	constructor(parts: SoakParts) {
		this.#parts = parts;
		this.#until = performance.now() + parts.length;
	}

	/** Settles when the time is over and everything has ended. */
	async run(): Promise<void> {
		const { length } = this.#parts;
		await Promise.all([
			this.#sendCommands(),
			this.#repeat(CLOCK_INTERVAL, () => this.#moveClock()),
			this.#repeat(Math.min(30_000, Math.max(4_000, length / 40)), (turn) => this.#disturb(turn)),
			this.#repeat((length * RESTARTS_SHARE) / RESTARTS, (turn) => this.#restart(turn), RESTARTS),
			this.#repeat(Math.max(1_000, length / 150), () => this.#parts.replicas.measure()),
			this.#repeat(POLL_INTERVAL, () => this.#countDisconnectedTime()),
		]);
	}

	async #repeat(pause: number, work: (turn: number) => unknown, limit = Number.POSITIVE_INFINITY): Promise<void> {
		for (let turn = 0; turn < limit; turn += 1) {
			await wait(pause);
			if (performance.now() >= this.#until) return;
			await work(turn);
		}
	}

	async #sendCommands(): Promise<void> {
		const { dice, crowds, length, rate } = this.#parts;
		const warmUpUntil = performance.now() + length * WARM_UP_SHARE;
		while (performance.now() < this.#until) {
			const currentRate = performance.now() < warmUpUntil ? rate * WARM_UP_FACTOR : rate;
			// Members come at irregular intervals.
			await wait((dice.next() * 2 * 1000) / currentRate);
			const crowd = dice.pick(crowds);
			// While the bot is not connected, the platform itself reports that to members.
			if (!this.#paused && crowd.isConnected) crowd.actOnce();
		}
	}

	#countDisconnectedTime(): void {
		if (this.#parts.crowds.every((crowd) => crowd.isConnected)) return;
		this.counts["seconds without a connection of one platform"] += POLL_INTERVAL / 1000;
	}

	/** Members pause while the clock moves, or a platform would think that seconds of work took hours. */
	async #moveClock(): Promise<void> {
		const { clock, ledger } = this.#parts;
		this.#paused = true;
		const latest = performance.now() + MAX_PAUSE;
		while (!ledger.isIdle && performance.now() < latest) await wait(20);
		clock.moveTo(new Date(clock.now().getTime() + HOUR));
		this.#paused = false;
		this.counts.moves += 1;
	}

	#disturb(turn: number): void {
		const crowd = this.#parts.crowds[turn % this.#parts.crowds.length];
		if (!crowd?.isConnected) return;
		crowd.disturbConnection(Math.floor(turn / this.#parts.crowds.length));
		this.counts.reconnects += 1;
	}

	async #restart(turn: number): Promise<void> {
		const isKill = turn % KILL_EVERY === KILL_EVERY - 1;
		if (isKill) for (const { name } of this.#parts.crowds) this.#parts.ledger.recordCut(name, "kill");
		// Discord never repeats what it sent to a connection that was just ending; Slack does.
		else this.#parts.ledger.recordCut("discord", "shutdown");
		await this.#parts.replicas.restart(isKill ? "SIGKILL" : "SIGTERM");
		this.counts[isKill ? "kills" : "restarts"] += 1;
	}
}
