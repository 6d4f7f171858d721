import { and, asc, gt, inArray, isNotNull, lt, lte, type SQL, sql } from "drizzle-orm";
import { slackInbox } from "../../../../drizzle/slack.ts";
import type { Db } from "../install/db.ts";
import {
	type Address,
	addressSchema,
	INTERACTION_VERSION,
	type Interaction,
	interactionSchema,
} from "./interaction.ts";
import { Records } from "./records.ts";

/** How long a process holds what it is working on, in seconds. */
const HOLD_SECONDS = 60;
/** How many minutes after an interaction an answer can still reach its member. */
const ANSWERABLE = 30;
const KEPT_HOURS = 24;
const ROWS_PER_STEP = 500;
const ONE = { one: sql<number>`1` };

const inSeconds = (seconds: number) => sql`clock_timestamp() + make_interval(secs => ${seconds})`;
const minutesAgo = (minutes: number) => sql`clock_timestamp() - make_interval(mins => ${minutes})`;

/** An entry whose body has a shape that this program does not know. */
export interface Unreadable {
	readonly key: string;
	/** The member to tell; null if even that cannot be read. */
	readonly address: Address | null;
}

export interface TakenOver {
	readonly interactions: readonly Interaction[];
	readonly unreadable: readonly Unreadable[];
}

interface Databases {
	readonly db: Db;
	readonly urgent: Db;
}

function parsed(body: string | null): unknown {
	try {
		return JSON.parse(body ?? "null");
	} catch {
		return null;
	}
}

/**
 * What members did, from receipt to answer. The entry makes an interaction act once, however often Slack delivers it,
 * and lets another process take it over when this one ends first.
 */
export class Inbox {
	readonly #db: Db;
	readonly #urgent: Db;
	readonly #holder: string;
	readonly #records = new Records<Interaction>((interactions) => this.#acceptAll(interactions));

	/**
	 * @param databases `urgent` records what an acknowledgement waits for
	 * @param holder identifies this process
	 */
	constructor({ db, urgent }: Databases, holder: string) {
		this.#db = db;
		this.#urgent = urgent;
		this.#holder = holder;
	}

	/** Opens the connection for records before the first member waits for it. */
	async warmUp(): Promise<void> {
		await this.#urgent.execute(sql`select 1`);
	}

	/** Records an interaction. @returns false if it was recorded before */
	accept(interaction: Interaction): Promise<boolean> {
		return this.#records.add(interaction);
	}

	async #acceptAll(interactions: readonly Interaction[]): Promise<boolean[]> {
		const rows = await this.#urgent
			.insert(slackInbox)
			.values(
				interactions.map((interaction) => ({
					key: interaction.key,
					receivedAt: sql`clock_timestamp()`,
					body: JSON.stringify(interaction),
					version: INTERACTION_VERSION,
					holder: this.#holder,
					heldUntil: inSeconds(HOLD_SECONDS),
				})),
			)
			.onConflictDoNothing()
			.returning({ key: slackInbox.key });
		const added = new Set(rows.map(({ key }) => key));
		// Of two with one key only the first is new.
		return interactions.map(({ key }) => added.delete(key));
	}

	/** Marks interactions as answered: erases their words and keeps their keys. */
	async finish(keys: readonly string[]): Promise<void> {
		if (keys.length === 0) return;
		await this.#db
			.update(slackInbox)
			.set({ body: null })
			.where(and(inArray(slackInbox.key, [...keys]), isNotNull(slackInbox.body)));
	}

	/** Keeps other processes from taking over what this one is still working on. */
	async hold(keys: readonly string[]): Promise<void> {
		await this.#holdUntil(keys, inSeconds(HOLD_SECONDS));
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

	/**
	 * Takes over what another process left unanswered, while it can be answered. Leaves a newer program's rows to that.
	 */
	async takeOver(limit: number): Promise<TakenOver> {
		const open = this.#db
			.select({ key: slackInbox.key })
			.from(slackInbox)
			.where(
				and(
					isNotNull(slackInbox.body),
					lte(slackInbox.version, INTERACTION_VERSION),
					lt(slackInbox.heldUntil, sql`clock_timestamp()`),
					gt(slackInbox.receivedAt, minutesAgo(ANSWERABLE)),
				),
			)
			.orderBy(slackInbox.receivedAt)
			.limit(limit)
			.for("update", { skipLocked: true });
		const rows = await this.#db
			.update(slackInbox)
			.set({ holder: this.#holder, heldUntil: inSeconds(HOLD_SECONDS) })
			.where(inArray(slackInbox.key, open))
			.returning({ key: slackInbox.key, body: slackInbox.body });
		const interactions: Interaction[] = [];
		const unreadable: Unreadable[] = [];
		for (const { key, body } of rows) {
			const read = interactionSchema.safeParse(parsed(body));
			if (read.success) interactions.push(read.data);
			else unreadable.push({ key, address: addressSchema.safeParse(parsed(body)).data ?? null });
		}
		return { interactions, unreadable };
	}

	/** Erases the words of what can no longer be answered, and deletes keys older than a day. In bounded steps. */
	async tidy(): Promise<void> {
		const unanswerable = this.#firstOlder(ANSWERABLE, isNotNull(slackInbox.body));
		await untilNone(() => this.#db.update(slackInbox).set({ body: null }).where(unanswerable).returning(ONE));
		const outdated = this.#firstOlder(KEPT_HOURS * 60);
		await untilNone(() => this.#db.delete(slackInbox).where(outdated).returning(ONE));
	}

	/** The oldest rows that were received more than this many minutes ago. Skips rows that another process has locked. */
	#firstOlder(minutes: number, condition?: SQL): SQL {
		const first = this.#db
			.select({ id: sql`ctid` })
			.from(slackInbox)
			.where(and(condition, lt(slackInbox.receivedAt, minutesAgo(minutes))))
			.orderBy(asc(slackInbox.receivedAt))
			.limit(ROWS_PER_STEP)
			.for("update", { skipLocked: true });
		return sql`ctid = any(array(${first}))`;
	}
}

async function untilNone(step: () => PromiseLike<readonly unknown[]>): Promise<void> {
	while ((await step()).length > 0);
}
