export interface CoordinationStore {
	/** True only for the first call with a key. */
	firstSight(key: string, now: Date): Promise<boolean>;
	/** Takes or renews a lease by the database's clock; null when another worker holds it. */
	takeLease(name: string, holder: string, seconds: number): Promise<{ fence: number } | null>;
	giveUpLease(name: string, holder: string): Promise<void>;
	/**
	 * Reserves the next `wanted` sends of a budget that all processes share, by the database's clock.
	 * @returns milliseconds until the first send may start; the others follow at intervals of 1000 / `perSecond` ms
	 */
	takeSends(name: string, wanted: number, perSecond: number): Promise<number>;
	/** The database's own time. Also serves as a check that it answers. */
	databaseTime(): Promise<Date>;
	/** The latest instant of a daily question or an answer in a platform's workspaces; null if there is none. */
	newestEntry(platform: string): Promise<Date | null>;
}
