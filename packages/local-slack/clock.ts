/** The server's time. Deadlines, expiries and redeliveries run on it; only waiting in a test runs on the wall clock. */
export interface PeerClock {
	/** Milliseconds since the epoch. */
	now(): number;
	/** Runs once, `milliseconds` later; the result cancels it. */
	after(milliseconds: number, run: () => void): () => void;
}

export const wallClock: PeerClock = {
	now: () => Date.now(),
	after(milliseconds, run) {
		const timer = setTimeout(run, milliseconds);
		timer.unref();
		return () => clearTimeout(timer);
	},
};

/** A clock that moves only when told to. */
export interface MovableClock extends PeerClock {
	/** Moves ahead and runs what falls due, in order, each at its own instant. */
	advance(milliseconds: number): void;
}

export function movableClock(start: number = Date.now()): MovableClock {
	let now = start;
	let waiting: { at: number; run: () => void }[] = [];
	return {
		now: () => now,
		after(milliseconds, run) {
			const entry = { at: now + milliseconds, run };
			waiting.push(entry);
			return () => {
				waiting = waiting.filter((other) => other !== entry);
			};
		},
		advance(milliseconds) {
			const end = now + milliseconds;
			for (;;) {
				const [next] = waiting.filter((entry) => entry.at <= end).sort((a, b) => a.at - b.at);
				if (next === undefined) break;
				waiting = waiting.filter((entry) => entry !== next);
				now = next.at;
				next.run();
			}
			now = end;
		},
	};
}
