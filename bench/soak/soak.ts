import { setTimeout as wait } from "node:timers/promises";
import type { Dice } from "../../tests/support/dice.ts";
import type { MovedClock } from "../../tests/support/moved-clock.ts";
import type { Ledger } from "./ledger.ts";
import type { Replicas } from "./replicas.ts";

/** A message that a platform has, which the bot sent by itself. */
export interface Delivered {
	readonly id: string;
	/** What all messages of one delivery share, and no other has. */
	readonly mark: string;
}

/** A local platform, and the members who use the bot there. */
export interface Crowd {
	readonly name: "discord" | "slack";
	/** Settings of the program by which it reaches this platform. */
	readonly environment: Readonly<Record<string, string>>;
	readonly rooms: number;
	/** Whether a connection of the bot stands. */
	readonly listening: boolean;
	/** An admin sets a daily question, at a time such as 09:00 in UTC. */
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
	/** Milliseconds of real time. */
	readonly length: number;
	/** Commands a second in the second half; in the first, which fills caches, there are several times as many. */
	readonly rate: number;
}

const HOUR = 3_600_000;
/** Milliseconds of real time between moves of the clock, each by an hour. */
const MOVE_EVERY = 6_000;
/** Restarts, all in the first part of the time: the rest shows whether memory grows. */
const RESTARTS = 6;
const RESTARTING = 1 / 4;
/** Until half of the time members do so many times as much, which fills caches before memory is watched. */
const RUSH = 4;
const RUSHING = 1 / 2;
/** Each third restart is a kill without a word. */
const KILL_EVERY = 3;
/** Milliseconds between looks at the connections. */
const LOOK = 500;
/** Milliseconds that members wait for what is under way before the clock moves. */
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

	/** Settles when the time is over and all of it has ended. */
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
			// Where nobody listens, the platform itself tells its members.
			if (!this.#paused && crowd.listening) crowd.act();
		}
	}

	#look(): void {
		if (this.#parts.crowds.every((crowd) => crowd.listening)) return;
		this.counts["seconds without a connection of one platform"] += LOOK / 1000;
	}

	/** Members pause while the clock moves: what is under way for seconds must not look hours old to a platform. */
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
		// Discord tells nobody again what it said to a connection in the instant of its end; Slack does.
		else this.#parts.ledger.cut("discord", false);
		await this.#parts.replicas.restart(isKill ? "SIGKILL" : "SIGTERM");
		this.counts[isKill ? "kills" : "restarts"] += 1;
	}
}
