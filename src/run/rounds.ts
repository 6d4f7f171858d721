import { everyMinute } from "../adapters/cron.ts";
import { MINUTE, SECOND } from "../core/durations.ts";
import { chores } from "../core/service/housekeeping.ts";
import { backUpDaily } from "./daily-backup.ts";
import { Housekeeper } from "./housekeeping.ts";
import type { WiredProcess } from "./wired-process.ts";

/** How often to look for retries and answered counts between full minutes, when schedules fall due. */
const BETWEEN_TICKS = 5 * SECOND;

/**
 * Starts the recurring work: a pass each minute, a look for retries in between, and hourly housekeeping.
 * @returns a function that stops it
 */
export function beginRounds({
	config,
	services,
	database,
	clock,
	log,
	metrics,
	daily,
	watch,
}: WiredProcess): () => Promise<void> {
	const tick = async (): Promise<void> => {
		metrics.ticked((clock.now().getTime() % MINUTE) / SECOND);
		await daily.run();
		await watch.look();
	};
	const stopTicks = everyMinute(tick);
	const between = setInterval(() => void daily.look(), BETWEEN_TICKS);
	const housekeeper = new Housekeeper({
		chores: chores(services),
		backUp: () => backUpDaily(database, config.NLPQ_DATA_DIR, clock.now()),
		clock,
		log,
		done: (chore, outcome) => metrics.failing(chore, outcome === "failed" ? 1 : 0),
	});
	housekeeper.start();
	void daily.run();
	return async () => {
		clearInterval(between);
		await Promise.all([stopTicks(), housekeeper.stop()]);
	};
}
