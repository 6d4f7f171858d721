import { LRUCache } from "lru-cache";
import { DAY } from "../core/durations.ts";

/** The most members to remember as present. */
const MAX_REMEMBERED = 50_000;

/** Asks a platform about one member; null when it does not say. */
type AskPresence = (workspaceId: string, memberId: string, signal: AbortSignal) => Promise<"present" | "left" | null>;

/** Finds out who has left a workspace. Remembers present members for a day, so that boards cost few requests. */
export class Presence {
	readonly #ask: AskPresence;
	readonly #present = new LRUCache<string, true>({ max: MAX_REMEMBERED, ttl: DAY });

	constructor(ask: AskPresence) {
		this.#ask = ask;
	}

	/** Which of these members have left, as far as the platform answers in time. */
	async whoLeft(workspaceId: string, memberIds: readonly string[], signal: AbortSignal): Promise<Set<string>> {
		const unsure = memberIds.filter((id) => !this.#present.has(`${workspaceId} ${id}`));
		const answers = await Promise.all(
			unsure.map(async (id) => ({ id, is: await this.#ask(workspaceId, id, signal).catch(() => null) })),
		);
		for (const { id, is } of answers) if (is === "present") this.#present.set(`${workspaceId} ${id}`, true);
		return new Set(answers.filter(({ is }) => is === "left").map(({ id }) => id));
	}
}
