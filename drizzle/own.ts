import { index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import type { OwnState } from "../src/core/model.ts";
import type { OwnContent } from "../src/core/question/own.ts";
import { identity, instant, reference } from "./columns.ts";
import { members, workspaces } from "./people.ts";

/** A workspace that has or had questions of its own. Every change to one of them locks this row. */
export const ownBanks = pgTable("own_banks", {
	workspaceId: reference("workspace_id")
		.primaryKey()
		.references(() => workspaces.id, { onDelete: "cascade" }),
	/** The last assigned number. Numbers are permanent. */
	lastNumber: integer("last_number").notNull(),
	/** Differs after each change, so that a cached copy can be recognised as stale. */
	version: text("version").notNull(),
});

/** A workspace's own questions and suggestions. No other workspace ever sees them. */
export const ownQuestions = pgTable(
	"own_questions",
	{
		id: identity(),
		workspaceId: reference("workspace_id")
			.notNull()
			.references(() => workspaces.id, { onDelete: "cascade" }),
		/** 1, 2, 3 … within the workspace. */
		number: integer("number").notNull(),
		revision: integer("revision").notNull(),
		state: text("state").$type<OwnState>().notNull(),
		content: jsonb("content").$type<OwnContent>().notNull(),
		/** Who suggested it; null if an admin added or imported it, or the member was forgotten. */
		memberId: reference("member_id").references(() => members.id, { onDelete: "set null" }),
		/** The admin who accepted or declined it. */
		decidedBy: reference("decided_by").references(() => members.id, { onDelete: "set null" }),
		/** Why it was declined. */
		reason: text("reason"),
		at: instant("at").notNull(),
		changedAt: instant("changed_at").notNull(),
	},
	(table) => [
		uniqueIndex("own_questions_number").on(table.workspaceId, table.number),
		index("own_questions_state").on(table.workspaceId, table.state, table.number),
		index("own_questions_member").on(table.memberId),
		index("own_questions_decider").on(table.decidedBy),
	],
);

/** Every revision that could be asked, so that a member's history shows the question as it was. */
export const ownRevisions = pgTable(
	"own_revisions",
	{
		ownQuestionId: reference("own_question_id")
			.notNull()
			.references(() => ownQuestions.id, { onDelete: "cascade" }),
		revision: integer("revision").notNull(),
		content: jsonb("content").$type<OwnContent>().notNull(),
		at: instant("at").notNull(),
	},
	(table) => [primaryKey({ columns: [table.ownQuestionId, table.revision] })],
);

/** Questions of an import, until an admin confirms it. */
export const ownImports = pgTable(
	"own_imports",
	{
		id: identity(),
		workspaceId: reference("workspace_id")
			.notNull()
			.references(() => workspaces.id, { onDelete: "cascade" }),
		memberId: reference("member_id")
			.notNull()
			.references(() => members.id, { onDelete: "cascade" }),
		contents: jsonb("contents").$type<OwnContent[]>().notNull(),
		at: instant("at").notNull(),
	},
	(table) => [
		index("own_imports_workspace").on(table.workspaceId),
		index("own_imports_member").on(table.memberId),
		index("own_imports_age").on(table.at),
	],
);
