import { SECOND } from "../durations.ts";
import type { Occurrence } from "../model.ts";
import type { Store } from "../ports/store.ts";

/** Over how many seconds the edits of posts that close together are spread, so that new posts and counts come between. */
const SPREAD = 300;

/** Requests that the posts of closed windows say so, by the queue that keeps their counts current. */
export async function showClosed({ occurrences }: Store, closed: readonly Occurrence[], now: Date): Promise<void> {
	const posts = closed.flatMap(({ id, messageId }) =>
		messageId === null ? [] : [{ occurrenceId: id, notBefore: new Date(now.getTime() + (id % SPREAD) * SECOND) }],
	);
	await occurrences.requestClosed(posts);
}
