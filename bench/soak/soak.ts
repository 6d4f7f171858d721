import { setTimeout as wait } from "node:timers/promises";
import type { Dice } from "../../tests/support/dice.ts";
import type { MovedClock } from "../../tests/support/moved-clock.ts";
import type { Ledger } from "./ledger.ts";
import type { Replicas } from "./replicas.ts";

/** A message that the bot sent by itself, as the platform has it. */
export interface Delivered {
	readonly id: string;
	/** Shared by all messages of one delivery, and by no others. */
	readonly mark: string;
}

/** A local platform, and the members who use the bot there. */
export interface Crowd {
	readonly name: "discord" | "slack";
	/** The program's settings for reaching this platform. */
	readonly environment: Readonly<Record<string, string>>;
	readonly rooms: number;
	/** Whether the bot is connected. */
	readonly listening: boolean;
	/** An admin schedules a daily question at a time such as 09:00 UTC. */
	schedule(room: number, time: string): Promise<void>;
	/** A member does something. */
	act(): void;
	shake(turn: number): void;
	delivered(): readonly Delivered[];
	/** What was illegal, failed, or apologised for. */
	problems(): string[];
	stop(): Promise<void>;
}

export interface SoakParts {
	readonly clock: MovedClock;
	readonly dice: Dice;
	readonly ledger: Ledger;
	readonly replicas: Replicas;
	readonly crowds: readonly Crowd[];
	/** The duration in real milliseconds. */
	readonly length: number;
	/** Commands per second in the second half. The first half, which fills caches, has several times as many. */
	readonly rate: number;
}

const HOUR = 3_600_000;
/** Real milliseconds between moves of the clock, each by an hour. */
const MOVE_EVERY = 6_000;
/** How many restarts there are, all in the first part: the rest shows whether memory grows. */
const RESTARTS = 6;
const RESTARTING = 1 / 4;
/** In the first half members do this many times as much, which fills caches before memory is watched. */
const RUSH = 4;
const RUSHING = 1 / 2;
/** Every third restart is a sudden kill. */
const KILL_EVERY = 3;
/** Milliseconds between looks at the connections. */
const LOOK = 500;
/** How long members wait for work in progress before the clock moves, in milliseconds. */
const QUIET = 20_000;

/** One soak: members, time, reconnects and restarts, all at once. */
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
			this.#traffic(),
			this.#every(MOVE_EVERY, () => this.#move()),
			this.#every(Math.min(30_000, Math.max(4_000, length / 40)), (turn) => this.#shake(turn)),
			this.#every((length * RESTARTING) / RESTARTS, (turn) => this.#restart(turn), RESTARTS),
			this.#every(Math.max(1_000, length / 150), () => this.#parts.replicas.measure()),
			this.#every(LOOK, () => this.#look()),
		]);
	}

	async #every(pause: number, work: (turn: number) => unknown, most = Number.POSITIVE_INFINITY): Promise<void> {
		for (let turn = 0; turn < most; turn += 1) {
			await wait(pause);
			if (performance.now() >= this.#until) return;
			await work(turn);
		}
	}

	async #traffic(): Promise<void> {
		const { dice, crowds, length, rate } = this.#parts;
		const rushUntil = performance.now() + length * RUSHING;
		while (performance.now() < this.#until) {
			const now = performance.now() < rushUntil ? rate * RUSH : rate;
			// Uneven, as members are.
			await wait((dice.next() * 2 * 1000) / now);
			const crowd = dice.pick(crowds);
			// If the bot is not connected, the platform itself tells its members.
			if (!this.#paused && crowd.listening) crowd.act();
		}
	}

	#look(): void {
		if (this.#parts.crowds.every((crowd) => crowd.listening)) return;
		this.counts["seconds without a connection of one platform"] += LOOK / 1000;
	}

	/** Members pause while the clock moves: a platform must not think that seconds of work took hours. */
	async #move(): Promise<void> {
		const { clock, ledger } = this.#parts;
		this.#paused = true;
		const latest = performance.now() + QUIET;
		while (!ledger.idle && performance.now() < latest) await wait(20);
		clock.moveTo(new Date(clock.now().getTime() + HOUR));
		this.#paused = false;
		this.counts.moves += 1;
	}

	#shake(turn: number): void {
		const crowd = this.#parts.crowds[turn % this.#parts.crowds.length];
		if (!crowd?.listening) return;
		crowd.shake(Math.floor(turn / this.#parts.crowds.length));
		this.counts.reconnects += 1;
	}

	async #restart(turn: number): Promise<void> {
		const isKill = turn % KILL_EVERY === KILL_EVERY - 1;
		if (isKill) for (const { name } of this.#parts.crowds) this.#parts.ledger.cut(name, true);
		// What Discord sent to a connection just as it ended, it never sends again; Slack does.
		else this.#parts.ledger.cut("discord", false);
		await this.#parts.replicas.restart(isKill ? "SIGKILL" : "SIGTERM");
		this.counts[isKill ? "kills" : "restarts"] += 1;
	}
}
