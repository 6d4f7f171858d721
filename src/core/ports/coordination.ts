export interface CoordinationStore {
	/** True for the first use of a key. */
	firstSight(key: string, now: Date): Promise<boolean>;
	/** Takes or renews a lease by the database's clock; null when another worker holds it. */
	takeLease(name: string, holder: string, seconds: number): Promise<{ fence: number } | null>;
	giveUpLease(name: string, holder: string): Promise<void>;
	/**
	 * Reserves the next `wanted` sends of a budget that all processes share, by the database's clock.
	 * @returns milliseconds until the first may leave; the others follow it, each 1000 / `perSecond` later
	 */
	takeSends(name: string, wanted: number, perSecond: number): Promise<number>;
	/** The database's own time; also shows that it answers. */
	databaseTime(): Promise<Date>;
}
