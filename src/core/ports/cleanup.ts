/** What a step works on, and what it leaves out. */
export interface Items {
	/** Ids that have failed, and are left out until all others are done. */
	readonly failed: readonly number[];
	/** Called with an id before the step works on it. */
	begin(id: number): void;
}

/**
 * Deletes expired data, at most `limit` rows a call, so that transactions stay short. Delete methods return the number of
 * deleted rows; 0 means that nothing is left.
 */
export interface CleanupStore {
	/** Deliveries finished before an instant, except rows that prevent a second copy of a daily question. */
	deliveries(before: Date, limit: number): Promise<number>;
	/** A workspace removed before an instant whose deletion has not begun, none of `without`; null when there is none. */
	removedWorkspace(before: Date, without?: readonly number[]): Promise<number | null>;
	/** Hides the workspace permanently: a later reinstallation gets an empty one. */
	beginDeletion(workspaceId: number, at: Date): Promise<void>;
	/** Deletes rows of a workspace whose deletion has begun, and its own row last. */
	workspaceRows(limit: number, items?: Items): Promise<number>;
}
