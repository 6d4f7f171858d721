import { integer, jsonb, pgTable, primaryKey, text } from "drizzle-orm/pg-core";
import type { Question } from "../src/core/question/question.ts";
import { instant } from "./columns.ts";

/** The bank's questions. Ids are permanent: a question that disappears from the files is retired, never deleted. */
export const questions = pgTable("questions", {
	id: text("id").primaryKey(),
	revision: integer("revision").notNull(),
	contentHash: text("content_hash").notNull(),
	retiredAt: instant("retired_at"),
});

/** Every revision that was ever in the bank, so that a member's history can show the question as it was. */
export const questionRevisions = pgTable(
	"question_revisions",
	{
		questionId: text("question_id")
			.notNull()
			.references(() => questions.id),
		revision: integer("revision").notNull(),
		content: jsonb("content").$type<Question>().notNull(),
	},
	(table) => [primaryKey({ columns: [table.questionId, table.revision] })],
);
