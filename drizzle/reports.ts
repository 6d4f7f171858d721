import { sql } from "drizzle-orm";
import { type AnyPgColumn, index, integer, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import type { ReportState } from "../src/core/model.ts";
import { identity, instant, reference } from "./columns.ts";
import { members } from "./people.ts";

/** Members' reports that a question is wrong or outdated. They stay after the decision. */
export const reports = pgTable(
	"reports",
	{
		id: identity(),
		workspaceId: reference("workspace_id").notNull(),
		/** Null after the member was forgotten. The report stays, because others may have joined it. */
		memberId: reference("member_id").references(() => members.id, { onDelete: "set null" }),
		questionId: text("question_id").notNull(),
		revision: integer("revision").notNull(),
		/** The member's words; empty after the member was forgotten. */
		text: text("text").notNull(),
		at: instant("at").notNull(),
		state: text("state").$type<ReportState>().notNull().default("open"),
		/** Why it was declined, in the admin's words. */
		reason: text("reason"),
		/** The member who decided; null while it is open, or if a new revision closed it. */
		decidedBy: reference("decided_by").references(() => members.id, { onDelete: "set null" }),
		decidedAt: instant("decided_at"),
		/** The open report on the same question and revision that this one joined. They are listed and decided together. */
		repeatOf: reference("repeat_of").references((): AnyPgColumn => reports.id, { onDelete: "cascade" }),
		/** How many reports have joined this one. */
		repeats: integer("repeats").notNull().default(0),
	},
	(table) => [
		uniqueIndex("reports_id").on(table.workspaceId, table.id),
		index("reports_member").on(table.memberId),
		index("reports_decider").on(table.decidedBy),
		index("reports_repeats").on(table.repeatOf),
		index("reports_open")
			.on(table.workspaceId, table.questionId, table.revision)
			.where(sql`${table.state} = 'open' and ${table.repeatOf} is null`),
	],
);
