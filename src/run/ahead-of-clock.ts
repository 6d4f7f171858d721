import { describeInstant } from "../core/calendar/calendar.ts";
import { HOUR } from "../core/durations.ts";
import type { Services } from "../core/service/services.ts";

/** Clocks are corrected by less than this, in milliseconds. */
const TOLERANCE = HOUR;

export interface Ahead {
	readonly message: string;
	readonly remedy: string;
}

/** Says that the terminal's data is from later than now, as a clock set by hand leaves it; null if it is not. */
export async function aheadOfClock(store: Services["store"], now: Date, zone: string): Promise<Ahead | null> {
	const newest = await store.running.newestEntry("terminal");
	if (newest === null || newest.getTime() <= now.getTime() + TOLERANCE) return null;
	return {
		message: `The terminal's data is ahead of the clock: its newest entry is from ${describeInstant(newest, zone)}. Until then dates count from that day, and no daily question comes.`,
		remedy:
			"Was it a trial with --clock? Name another folder with NLPQ_DATA_DIR, or restore a backup from before (`nlpq restore <file> --replace`).",
	};
}
