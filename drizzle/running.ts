import { bigint, index, integer, pgTable, text } from "drizzle-orm/pg-core";
import { instant, reference } from "./columns.ts";
import { workspaces } from "./people.ts";

/**
 * Keys of interactions that will have no further effect, written in the transaction of the effect: a second delivery
 * finds its key and does nothing. Never the reply or the words. Kept for three days. Also holds other one-time keys.
 */
export const handledInteractions = pgTable(
	"handled_interactions",
	{
		key: text("key").primaryKey(),
		at: instant("at").notNull(),
		workspaceId: reference("workspace_id").references(() => workspaces.id, { onDelete: "cascade" }),
		/** Null once the member was forgotten: the key must outlive them, or a late delivery would act again. */
		memberId: reference("member_id"),
		/** The command's name; null when the interaction was given up without an effect. */
		command: text("command"),
		/** The row that records the effect, such as the answer or the schedule. */
		effectId: reference("effect_id"),
	},
	(table) => [
		index("handled_interactions_at").on(table.at),
		index("handled_interactions_workspace").on(table.workspaceId),
		index("handled_interactions_member").on(table.memberId),
	],
);

/**
 * Interactions whose reply is owed, on platforms without an inbox: from just before their first effect until the member
 * was told. What is left of a process that ended lets another one tell. Kept for two days.
 */
export const owedReplies = pgTable(
	"owed_replies",
	{
		key: text("key").primaryKey(),
		platform: text("platform").notNull(),
		workspaceId: reference("workspace_id")
			.notNull()
			.references(() => workspaces.id, { onDelete: "cascade" }),
		/** The member's id on the platform: it outlives the member's row. */
		memberExternalId: text("member_external_id").notNull(),
		command: text("command").notNull(),
		/** The instant of receipt. */
		at: instant("at").notNull(),
		/** What lets another process reply, sealed; null when nothing does. */
		ticket: text("ticket"),
		/** Until then it is the first process that owes the reply; by the database's clock. */
		heldUntil: instant("held_until").notNull(),
	},
	(table) => [
		index("owed_replies_member").on(table.workspaceId, table.memberExternalId),
		index("owed_replies_at").on(table.at),
	],
);

/** Work that one process holds at a time, such as a shard's gateway. Times by the database's clock. */
export const leases = pgTable("leases", {
	name: text("name").primaryKey(),
	holder: text("holder").notNull(),
	fence: bigint("fence", { mode: "number" }).notNull(),
	until: instant("until").notNull(),
});

/** Sends that all replicas share: one row a platform and second. */
export const sendBudgets = pgTable("send_budgets", {
	name: text("name").primaryKey(),
	/** The second, since 1970, that `used` counts. */
	second: bigint("second", { mode: "number" }).notNull(),
	used: integer("used").notNull(),
});

/** Single values of the installation, such as its salt. */
export const installationValues = pgTable("installation_values", {
	name: text("name").primaryKey(),
	value: text("value").notNull(),
});
