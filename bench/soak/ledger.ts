export type PlatformName = "discord" | "slack";

/** How long an answer may take, in milliseconds from the command. */
const PATIENCE = 30_000;
/** Milliseconds after a cut in which the server may not have noticed yet that nobody listens. */
const TENDER = 1_500;
/** After this many milliseconds no answer to a cut-off command is expected any more. */
const HOPELESS = 6_000;

interface Asked {
	readonly platform: PlatformName;
	readonly what: string;
	/** On the monotonic clock, in milliseconds. */
	readonly at: number;
	readonly acknowledged: () => boolean;
	/** Whether a connection or process was cut off while it was on its way. */
	cutOff: boolean;
	/** Whether the process that was answering it may have been killed. */
	orphaned: boolean;
}

/** Counts every command given, and how it ended. */
export class Ledger {
	asked = 0;
	answered = 0;
	/** Unanswered because a process was killed or a connection cut. */
	cutOff = 0;
	/** The commands that got no answer, although nothing was killed or cut. */
	readonly unanswered: string[] = [];
	readonly #open = new Set<Asked>();
	/** When a connection was last cut or a process ended, on the monotonic clock. */
	#disturbed = Number.NEGATIVE_INFINITY;
	readonly #tenderUntil = { discord: 0, slack: 0 };

	/** @returns the answer; null if none came */
	async track<Answer>(
		platform: PlatformName,
		what: string,
		acknowledged: () => boolean,
		answer: Promise<Answer>,
	): Promise<Answer | null> {
		const at = performance.now();
		const entry = { platform, what, at, acknowledged, cutOff: at < this.#tenderUntil[platform], orphaned: false };
		this.asked += 1;
		this.#open.add(entry);
		const came = await answer.catch(() => null);
		this.#open.delete(entry);
		if (came !== null) this.answered += 1;
		else if (entry.cutOff) this.cutOff += 1;
		else this.unanswered.push(`${platform}: ${what}, ${this.#circumstances(entry)}`);
		return came;
	}

	static readonly patience = PATIENCE;

	#circumstances({ acknowledged, at }: Asked): string {
		const after = ((at - this.#disturbed) / 1000).toFixed(1);
		return `${acknowledged() ? "acknowledged" : "not acknowledged"}, ${after} s after the last disturbance`;
	}

	/** A connection is cut: unacknowledged commands may be lost. A killed process also loses what it was answering. */
	cut(platform: PlatformName, isKill: boolean): void {
		this.#disturbed = performance.now();
		this.#tenderUntil[platform] = this.#disturbed + TENDER;
		for (const entry of this.#open) {
			if (entry.platform !== platform || (!isKill && entry.acknowledged())) continue;
			entry.cutOff = true;
			entry.orphaned ||= isKill;
		}
	}

	/** Whether every answer that can be expected has come. */
	get idle(): boolean {
		const hopeless = performance.now() - HOPELESS;
		return [...this.#open].every(
			// A living process that has acknowledged a command is still working on it, however long it takes.
			(entry) => entry.cutOff && entry.at < hopeless && (entry.orphaned || !entry.acknowledged()),
		);
	}

	/** Whether no answer is awaited at all. */
	get empty(): boolean {
		return this.#open.size === 0;
	}
}
