import cron from "node-cron";

/**
 * Calls `tick` at every full minute of UTC, and never while an earlier call still runs. A minute that is
 * dropped does no harm: what is due stays due until it is done.
 * @returns stops the ticks
 */
export function everyMinute(tick: () => Promise<void>): () => Promise<void> {
	const task = cron.schedule("* * * * *", tick, { timezone: "UTC", noOverlap: true, name: "minute" });
	return async () => {
		await task.destroy();
	};
}
