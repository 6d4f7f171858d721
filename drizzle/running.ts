import { bigint, index, integer, pgTable, text } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";

/** Interactions already acted upon: a second sight of one does nothing. Kept for a day. */
export const handledInteractions = pgTable(
	"handled_interactions",
	{
		key: text("key").primaryKey(),
		at: instant("at").notNull(),
	},
	(table) => [index("handled_interactions_at").on(table.at)],
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

/** Single facts of the installation: its salt, the newest program that wrote it. */
export const facts = pgTable("facts", {
	name: text("name").primaryKey(),
	value: text("value").notNull(),
});
