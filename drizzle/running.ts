import { bigint, index, integer, pgTable, text } from "drizzle-orm/pg-core";
import { instant, reference } from "./columns.ts";
import { workspaces } from "./people.ts";

/**
 * Keys of interactions that will have no further effect, written in the transaction of the effect: when a platform
 * delivers one again, its key exists and nothing happens. Holds no reply and no words. Kept for three days. Also holds
 * other one-time keys.
 */
export const handledInteractions = pgTable(
	"handled_interactions",
	{
		key: text("key").primaryKey(),
		at: instant("at").notNull(),
		workspaceId: reference("workspace_id").references(() => workspaces.id, { onDelete: "cascade" }),
		/** Null after the member was forgotten. The key must stay, or a late redelivery would act again. */
		memberId: reference("member_id"),
		/** The command's name; null when the interaction was given up without an effect. */
		command: text("command"),
		/** Id of the row that records the effect, such as the answer or the schedule. */
		effectId: reference("effect_id"),
	},
	(table) => [
		index("handled_interactions_at").on(table.at),
		index("handled_interactions_workspace").on(table.workspaceId),
		index("handled_interactions_member").on(table.memberId),
	],
);

/**
 * Interactions that still await a reply, on platforms without an inbox of their own: from just before the first effect
 * until the member gets the reply. After a process dies, another one replies from these rows. Kept for two days.
 */
export const owedReplies = pgTable(
	"owed_replies",
	{
		key: text("key").primaryKey(),
		platform: text("platform").notNull(),
		workspaceId: reference("workspace_id")
			.notNull()
			.references(() => workspaces.id, { onDelete: "cascade" }),
		/** The member's id on the platform, because the member's row may be erased first. */
		memberExternalId: text("member_external_id").notNull(),
		command: text("command").notNull(),
		/** The instant of receipt. */
		at: instant("at").notNull(),
		/** The encrypted token that lets another process reply; null when no other process can. */
		ticket: text("ticket"),
		/** Until this instant, by the database's clock, only the first process may reply. */
		heldUntil: instant("held_until").notNull(),
	},
	(table) => [
		index("owed_replies_member").on(table.workspaceId, table.memberExternalId),
		index("owed_replies_at").on(table.at),
	],
);

/** Leases on work for one process at a time, such as a shard's gateway. Times are by the database's clock. */
export const leases = pgTable("leases", {
	name: text("name").primaryKey(),
	holder: text("holder").notNull(),
	fence: bigint("fence", { mode: "number" }).notNull(),
	until: instant("until").notNull(),
});

/** The send budget that all processes share, one row per budget. */
export const sendBudgets = pgTable("send_budgets", {
	name: text("name").primaryKey(),
	/** The second (Unix time) to which `used` applies. */
	second: bigint("second", { mode: "number" }).notNull(),
	used: integer("used").notNull(),
});

/** Single values of this installation, such as its salt. */
export const installationValues = pgTable("installation_values", {
	name: text("name").primaryKey(),
	value: text("value").notNull(),
});
