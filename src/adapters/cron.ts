import cron from "node-cron";

/**
 * Calls `tick` at every full minute UTC, but never while an earlier call is running. Skipping a minute does no harm:
 * what is due stays due.
 * @returns a function that stops the ticks
 */
export function everyMinute(tick: () => Promise<void>): () => Promise<void> {
	const task = cron.schedule("* * * * *", tick, { timezone: "UTC", noOverlap: true, name: "minute" });
	return async () => {
		await task.destroy();
	};
}
