/**
 * Deletes what is no longer to be kept, at most `limit` rows a call, so that a transaction is short whatever the size.
 * Every method returns how many rows went: 0 when there is nothing to do.
 */
export interface CleanupStore {
	/** Deliveries that were done before an instant, but for what makes a daily question come once. */
	deliveries(before: Date, limit: number): Promise<number>;
	/** A workspace that was removed before an instant, and whose deletion has not begun; null when none waits. */
	removedWorkspace(before: Date): Promise<number | null>;
	/** From here on nobody finds the workspace: whoever comes back begins with an empty one. */
	beginDeletion(workspaceId: number, at: Date): Promise<void>;
	/** Rows of a workspace whose deletion has begun; the workspace's own goes last. */
	workspaceRows(limit: number): Promise<number>;
}
