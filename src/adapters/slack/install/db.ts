import type { PgDatabase, PgQueryResultHKT } from "drizzle-orm/pg-core";
import type * as schema from "../../../../drizzle/schema.ts";

/** The database, with either driver. */
export type Db = PgDatabase<PgQueryResultHKT, typeof schema>;
