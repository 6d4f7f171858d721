/** The server's time. Deadlines, expiries and redeliveries follow it; only a test's waits follow the wall clock. */
export interface PeerClock {
	/** Milliseconds since the epoch. */
	now(): number;
	/** Calls `run` once, `milliseconds` later. Returns a function that cancels it. */
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
	/** Moves the clock ahead and runs what falls due, in order, each at its own time. */
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
