import { SECOND } from "../durations.ts";
import type { Occurrence } from "../model.ts";
import type { Store } from "../ports/store.ts";

/** Over how many seconds the edits of posts that close together are spread, so that new posts and counts come between. */
const SPREAD = 300;

/**
 * Requests that the posts of closed windows say so, by the queue that keeps their counts current. A post that shows no
 * answer stays as it is: its date is past, and an edit costs ten times the statements of a question.
 */
export async function showClosed({ occurrences }: Store, closed: readonly Occurrence[], now: Date): Promise<void> {
	const posts = closed.flatMap(({ id, messageId, shownCount }) =>
		messageId === null || shownCount === 0
			? []
			: [{ occurrenceId: id, notBefore: new Date(now.getTime() + (id % SPREAD) * SECOND) }],
	);
	await occurrences.requestClosed(posts);
}
