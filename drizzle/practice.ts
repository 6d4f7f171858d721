import { sql } from "drizzle-orm";
import {
	date,
	doublePrecision,
	index,
	integer,
	jsonb,
	pgTable,
	primaryKey,
	smallint,
	text,
	uniqueIndex,
} from "drizzle-orm/pg-core";
import type { Grade } from "../src/core/model.ts";
import type { RunStep } from "../src/core/practice/run.ts";
import { identity, instant, reference } from "./columns.ts";
import { members } from "./people.ts";

const ownMember = () =>
	reference("member_id")
		.notNull()
		.references(() => members.id, { onDelete: "cascade" });
const localDate = (name: string) => date(name, { mode: "string" });

/** A member's memory of a question, for predicting recall: a projection of answers and practice reveals. */
export const memories = pgTable(
	"memories",
	{
		memberId: ownMember(),
		questionId: text("question_id").notNull(),
		workspaceId: reference("workspace_id").notNull(),
		/** The highest revision that the member has answered or seen revealed. */
		revision: integer("revision").notNull(),
		/** FSRS state after the last booking; null before the first. */
		stability: doublePrecision("stability"),
		difficulty: doublePrecision("difficulty"),
		reviewedOn: localDate("reviewed_on"),
		/** FSRS state before the last booking; null if that was the first. */
		stabilityBefore: doublePrecision("stability_before"),
		difficultyBefore: doublePrecision("difficulty_before"),
		reviewedBefore: localDate("reviewed_before"),
		grade: text("grade").$type<Grade>(),
		/** The last booked answer; null if the last booking was a reveal. */
		answerId: reference("answer_id"),
		/** Local date of a free-text answer whose key points are not ticked yet. */
		untickedOn: localDate("unticked_on"),
		dueOn: localDate("due_on").notNull(),
	},
	(table) => [primaryKey({ columns: [table.memberId, table.questionId] })],
);

/** Reveals of questions that the bot had asked: the member saw the answer instead of giving one. Each booked `again`. */
export const practiceReveals = pgTable(
	"practice_reveals",
	{
		id: identity(),
		workspaceId: reference("workspace_id").notNull(),
		memberId: ownMember(),
		questionId: text("question_id").notNull(),
		revision: integer("revision").notNull(),
		at: instant("at").notNull(),
		localDate: localDate("local_date").notNull(),
	},
	(table) => [
		uniqueIndex("practice_reveals_once").on(table.memberId, table.questionId, table.localDate),
		index("practice_reveals_dates").on(table.memberId, table.localDate),
	],
);

/** Several questions in a row, chosen for one member. */
export const practiceRuns = pgTable(
	"practice_runs",
	{
		id: identity(),
		workspaceId: reference("workspace_id").notNull(),
		memberId: ownMember(),
		startedAt: instant("started_at").notNull(),
		/** The requested focus; null: due questions, then new ones. */
		focus: text("focus"),
		/** The requested number of questions. */
		wanted: smallint("wanted").notNull(),
		steps: jsonb("steps").$type<RunStep[]>().notNull(),
		/** Index of the current step, from 0. */
		position: smallint("position").notNull(),
		endedAt: instant("ended_at"),
	},
	(table) => [
		uniqueIndex("practice_runs_open").on(table.memberId).where(sql`${table.endedAt} is null`),
		index("practice_runs_member").on(table.memberId, table.id),
	],
);
