import { bigint, timestamp } from "drizzle-orm/pg-core";

/** An instant, kept to the millisecond: what JavaScript's Date holds, so that nothing is lost on the way back. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: "date" });

/** A row's own number, given by the database; "by default" so that a restored row keeps the one it had. */
export const identity = () => bigint("id", { mode: "number" }).primaryKey().generatedByDefaultAsIdentity();

/** The number of another table's row. */
export const reference = (name: string) => bigint(name, { mode: "number" });
