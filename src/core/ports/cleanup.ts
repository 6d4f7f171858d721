/**
 * Deletes expired data, at most `limit` rows a call, so that transactions stay short. Each method returns how many rows
 * it deleted; 0 means nothing is left.
 */
export interface CleanupStore {
	/** Deliveries finished before an instant, except the rows that keep a daily question from coming twice. */
	deliveries(before: Date, limit: number): Promise<number>;
	/** A workspace removed before an instant whose deletion has not begun; null when there is none. */
	removedWorkspace(before: Date): Promise<number | null>;
	/** Hides the workspace for good: an installation that comes back begins with an empty one. */
	beginDeletion(workspaceId: number, at: Date): Promise<void>;
	/** Deletes rows of a workspace whose deletion has begun; its own row last. */
	workspaceRows(limit: number): Promise<number>;
}
