export type PlatformName = "discord" | "slack";

/** How long a reply may take, in milliseconds. */
const REPLY_TIMEOUT = 30_000;
/** For this many milliseconds after a cut, the platform may still send commands to a dead connection. */
const UNNOTICED_TIME = 1_500;
/** After this many milliseconds, a command that was cut off gets no reply any more. */
const GIVE_UP_TIME = 6_000;

interface OpenCommand {
	readonly platform: PlatformName;
	readonly what: string;
	/** On the monotonic clock, in milliseconds. */
	readonly at: number;
	readonly acknowledged: () => boolean;
	/** Whether a connection was cut, or a process killed, while the command was under way. */
	cutOff: boolean;
	/** Whether the process that was working on it may have been killed. */
	orphaned: boolean;
}

/** Counts all commands, and how each ended. */
export class CommandLedger {
	given = 0;
	answered = 0;
	/** Unanswered because a process was killed or a connection cut. */
	cutOff = 0;
	/** Commands without a reply although nothing was killed or cut. */
	readonly unanswered: string[] = [];
	readonly #open = new Set<OpenCommand>();
	/** When a connection was last cut or a process ended, on the monotonic clock. */
	#lastDisturbance = Number.NEGATIVE_INFINITY;
	readonly #unnoticedUntil = { discord: 0, slack: 0 };

	/** Waits for the reply to a command. @returns null if none came */
	async track<Answer>(
		platform: PlatformName,
		what: string,
		acknowledged: () => boolean,
		answer: Promise<Answer>,
	): Promise<Answer | null> {
		const at = performance.now();
		const entry = { platform, what, at, acknowledged, cutOff: at < this.#unnoticedUntil[platform], orphaned: false };
		this.given += 1;
		this.#open.add(entry);
		const received = await answer.catch(() => null);
		this.#open.delete(entry);
		if (received !== null) this.answered += 1;
		else if (entry.cutOff) this.cutOff += 1;
		else this.unanswered.push(`${platform}: ${what}, ${this.#circumstances(entry)}`);
		return received;
	}

	static readonly replyTimeout = REPLY_TIMEOUT;

	#circumstances({ acknowledged, at }: OpenCommand): string {
		const after = ((at - this.#lastDisturbance) / 1000).toFixed(1);
		return `${acknowledged() ? "acknowledged" : "not acknowledged"}, ${after} s after the last disturbance`;
	}

	/** Commands that nobody has acknowledged may be lost now; after a kill, also those that were being answered. */
	recordCut(platform: PlatformName, cause: "connection" | "shutdown" | "kill"): void {
		const isKill = cause === "kill";
		this.#lastDisturbance = performance.now();
		this.#unnoticedUntil[platform] = this.#lastDisturbance + UNNOTICED_TIME;
		for (const entry of this.#open) {
			if (entry.platform !== platform || (!isKill && entry.acknowledged())) continue;
			entry.cutOff = true;
			entry.orphaned ||= isKill;
		}
	}

	/** Whether no reply is expected any more. */
	get isIdle(): boolean {
		const hopeless = performance.now() - GIVE_UP_TIME;
		return [...this.#open].every(
			// A living process still works on a command that it has acknowledged.
			(entry) => entry.cutOff && entry.at < hopeless && (entry.orphaned || !entry.acknowledged()),
		);
	}

	/** Whether each command has got its reply or run into its timeout. */
	get isEmpty(): boolean {
		return this.#open.size === 0;
	}
}
