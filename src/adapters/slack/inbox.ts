import { and, gt, inArray, isNotNull, lt, type SQL, sql } from "drizzle-orm";
import { slackInbox } from "../../../drizzle/slack.ts";
import type { Db } from "./db.ts";
import { type Interaction, interactionSchema } from "./interaction.ts";

/** Seconds for which a process holds what it works on. */
const HOLD = 60;
/** Minutes for which an answer still finds its member. */
const ANSWERABLE = 30;
const KEPT_HOURS = 24;

const inSeconds = (seconds: number) => sql`clock_timestamp() + make_interval(secs => ${seconds})`;
const minutesAgo = (minutes: number) => sql`clock_timestamp() - make_interval(mins => ${minutes})`;

/**
 * What members did, from receipt to answer. An entry makes an interaction act once however often it is delivered,
 * and lets another process take it up when this one ends in between.
 */
export class Inbox {
	readonly #db: Db;
	readonly #holder: string;

	/** @param holder names this process */
	constructor(db: Db, holder: string) {
		this.#db = db;
		this.#holder = holder;
	}

	/** Records an interaction; false when it was recorded before. */
	async accept(interaction: Interaction): Promise<boolean> {
		const rows = await this.#db
			.insert(slackInbox)
			.values({
				key: interaction.key,
				receivedAt: sql`clock_timestamp()`,
				body: JSON.stringify(interaction),
				holder: this.#holder,
				heldUntil: inSeconds(HOLD),
			})
			.onConflictDoNothing()
			.returning({ key: slackInbox.key });
		return rows.length === 1;
	}

	/** They are answered: the words go, the keys stay. */
	async finish(keys: readonly string[]): Promise<void> {
		if (keys.length === 0) return;
		await this.#db
			.update(slackInbox)
			.set({ body: null })
			.where(and(inArray(slackInbox.key, [...keys]), isNotNull(slackInbox.body)));
	}

	/** Keeps what this process still works on from being taken over. */
	async hold(keys: readonly string[]): Promise<void> {
		await this.#holdUntil(keys, inSeconds(HOLD));
	}

	/** Lets any process take them over at once. */
	async letGo(keys: readonly string[]): Promise<void> {
		await this.#holdUntil(keys, sql`clock_timestamp()`);
	}

	async #holdUntil(keys: readonly string[], heldUntil: SQL): Promise<void> {
		if (keys.length === 0) return;
		await this.#db
			.update(slackInbox)
			.set({ heldUntil })
			.where(and(inArray(slackInbox.key, [...keys]), isNotNull(slackInbox.body)));
	}

	/** Takes what another process left unanswered and can still be answered. */
	async takeOver(limit: number): Promise<Interaction[]> {
		const open = this.#db
			.select({ key: slackInbox.key })
			.from(slackInbox)
			.where(
				and(
					isNotNull(slackInbox.body),
					lt(slackInbox.heldUntil, sql`clock_timestamp()`),
					gt(slackInbox.receivedAt, minutesAgo(ANSWERABLE)),
				),
			)
			.orderBy(slackInbox.receivedAt)
			.limit(limit)
			.for("update", { skipLocked: true });
		const rows = await this.#db
			.update(slackInbox)
			.set({ holder: this.#holder, heldUntil: inSeconds(HOLD) })
			.where(inArray(slackInbox.key, open))
			.returning({ body: slackInbox.body });
		return rows.flatMap(({ body }) => (body === null ? [] : [interactionSchema.parse(JSON.parse(body))]));
	}

	/** Erases the words of what can no longer be answered, and forgets keys of more than a day. */
	async tidy(): Promise<void> {
		await this.#db
			.update(slackInbox)
			.set({ body: null })
			.where(and(isNotNull(slackInbox.body), lt(slackInbox.receivedAt, minutesAgo(ANSWERABLE))));
		await this.#db.delete(slackInbox).where(lt(slackInbox.receivedAt, minutesAgo(KEPT_HOURS * 60)));
	}
}
