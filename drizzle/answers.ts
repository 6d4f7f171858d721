import { sql } from "drizzle-orm";
import { boolean, date, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core";
import type { AnswerKind, Grade, LedgerKind } from "../src/core/model.ts";
import { identity, instant, reference } from "./columns.ts";
import { occurrences, schedules } from "./daily.ts";
import { members } from "./people.ts";

const ownMember = () =>
	reference("member_id")
		.notNull()
		.references(() => members.id, { onDelete: "cascade" });

/** One row per answer. It is an attempt if `attempts` refers to it, and practice otherwise. Its text never changes. */
export const answers = pgTable(
	"answers",
	{
		id: identity(),
		workspaceId: reference("workspace_id").notNull(),
		memberId: ownMember(),
		questionId: text("question_id").notNull(),
		revision: integer("revision").notNull(),
		at: instant("at").notNull(),
		kind: text("kind").$type<AnswerKind>().notNull(),
		/** Set if kind is `text`. */
		text: text("text"),
		/** A to D, set if kind is `check`. */
		option: text("option"),
		correct: boolean("correct"),
		hinted: boolean("hinted").notNull().default(false),
		/** Numbers of the key points that the member ticked, from 1. */
		points: jsonb("points").$type<number[]>(),
		grade: text("grade").$type<Grade>(),
		sharedAt: instant("shared_at"),
		/** Fixed at receipt. Null in rows of an older version until a chore creates their memories. */
		localDate: date("local_date", { mode: "string" }),
		/** Whether it repeats a missed question at the end of a run. A repeat books nothing. */
		isRepeat: boolean("is_repeat").notNull().default(false),
		/** The grade that the memory booked for this answer; null if it booked none. */
		bookedGrade: text("booked_grade").$type<Grade>(),
	},
	(table) => [
		index("answers_member").on(table.memberId, table.at),
		index("answers_question").on(table.memberId, table.questionId, table.at),
		index("answers_dates").on(table.memberId, table.localDate),
		index("answers_undated").on(table.memberId).where(sql`${table.localDate} is null`),
	],
);

/** A member's first answer to an occurrence. Immutable; the primary key allows no second one. */
export const attempts = pgTable(
	"attempts",
	{
		memberId: ownMember(),
		occurrenceId: reference("occurrence_id")
			.notNull()
			.references(() => occurrences.id, { onDelete: "cascade" }),
		workspaceId: reference("workspace_id").notNull(),
		scheduleId: reference("schedule_id").notNull(),
		number: integer("number").notNull(),
		answerId: reference("answer_id")
			.notNull()
			.references(() => answers.id, { onDelete: "cascade" }),
		at: instant("at").notNull(),
	},
	(table) => [
		primaryKey({ columns: [table.memberId, table.occurrenceId] }),
		index("attempts_occurrence").on(table.occurrenceId),
		index("attempts_schedule").on(table.scheduleId, table.memberId, table.number),
		index("attempts_workspace").on(table.workspaceId, table.at),
		index("attempts_answer").on(table.answerId),
	],
);

/** Members who saw the answer before an attempt: the occurrence no longer counts for them. */
export const reveals = pgTable(
	"reveals",
	{
		memberId: ownMember(),
		occurrenceId: reference("occurrence_id")
			.notNull()
			.references(() => occurrences.id, { onDelete: "cascade" }),
		workspaceId: reference("workspace_id").notNull(),
		at: instant("at").notNull(),
		/** Null in rows of an older version until a chore creates their memories. */
		localDate: date("local_date", { mode: "string" }),
	},
	(table) => [
		primaryKey({ columns: [table.memberId, table.occurrenceId] }),
		index("reveals_occurrence").on(table.occurrenceId),
		index("reveals_undated").on(table.memberId).where(sql`${table.localDate} is null`),
	],
);

/** When a member last saw a question, and how. */
export const questionViews = pgTable(
	"question_views",
	{
		memberId: ownMember(),
		questionId: text("question_id").notNull(),
		workspaceId: reference("workspace_id").notNull(),
		seenAt: instant("seen_at").notNull(),
		hintedAt: instant("hinted_at"),
		/** When practice, random or today asked the question; null once it was answered or shown in another way. */
		askedAt: instant("put_at"),
	},
	(table) => [
		primaryKey({ columns: [table.memberId, table.questionId] }),
		index("question_views_latest").on(table.memberId, table.seenAt),
	],
);

/** One member's streak in one schedule: a projection of occurrences, attempts, away dates and repairs. */
export const streaks = pgTable(
	"streaks",
	{
		memberId: ownMember(),
		scheduleId: reference("schedule_id")
			.notNull()
			.references(() => schedules.id, { onDelete: "cascade" }),
		workspaceId: reference("workspace_id").notNull(),
		/** The streak to show. It includes attempts after an open occurrence. */
		current: integer("current").notNull(),
		longest: integer("longest").notNull(),
		answered: integer("answered").notNull(),
		freezes: integer("freezes").notNull(),
		/** The streak up to `bookedTo`. Every occurrence up to there is attempted or closed. */
		booked: integer("booked").notNull(),
		bookedTo: integer("booked_to").notNull(),
		/** The last question number that the streak survives without any further answer: `holdsThrough` in the rules. */
		holdsTo: integer("holds_to").notNull().generatedAlwaysAs(sql`booked_to + freezes`),
		/** Question number of the member's first attempt. Nothing before it is a miss. */
		firstNumber: integer("first_number").notNull(),
		/** Number of the newest occurrence that the member attempted. */
		latestNumber: integer("latest_number").notNull().default(0),
		/** Copies of the member's name and visibility, so that one index scan reads a board's page. */
		name: text("name").notNull().default(""),
		visible: boolean("visible").notNull().default(true),
	},
	(table) => [
		primaryKey({ columns: [table.memberId, table.scheduleId] }),
		index("streaks_standing")
			.on(
				table.scheduleId,
				table.holdsTo,
				table.current.desc().nullsFirst(),
				table.longest.desc().nullsFirst(),
				table.name,
				table.memberId,
			)
			.where(sql`${table.visible} and ${table.current} > 0`),
		index("streaks_longest")
			.on(table.scheduleId, table.longest.desc().nullsFirst(), table.name, table.memberId)
			.where(sql`${table.visible} and ${table.longest} > 0`),
		index("streaks_answered")
			.on(
				table.scheduleId,
				table.answered.desc().nullsFirst(),
				table.longest.desc().nullsFirst(),
				table.name,
				table.memberId,
			)
			.where(sql`${table.visible} and ${table.answered} > 0`),
		index("streaks_latest").on(table.scheduleId, table.latestNumber),
		index("streaks_ahead")
			.on(table.scheduleId)
			.where(sql`${table.visible} and ${table.current} > 0 and ${table.latestNumber} > ${table.bookedTo}`),
		index("streaks_to_settle")
			.on(table.scheduleId, table.memberId)
			.where(sql`${table.current} > 0 or ${table.booked} > 0`),
	],
);

/**
 * A member's totals in the workspace, for its leaderboards. Every change of a member's streaks locks this row until the
 * transaction ends.
 */
export const standings = pgTable(
	"standings",
	{
		memberId: reference("member_id")
			.primaryKey()
			.references(() => members.id, { onDelete: "cascade" }),
		workspaceId: reference("workspace_id").notNull(),
		longest: integer("longest").notNull(),
		answered: integer("answered").notNull(),
		name: text("name").notNull().default(""),
		visible: boolean("visible").notNull().default(true),
	},
	(table) => [
		index("standings_longest")
			.on(table.workspaceId, table.longest.desc().nullsFirst(), table.name, table.memberId)
			.where(sql`${table.visible} and ${table.longest} > 0`),
		index("standings_answered")
			.on(
				table.workspaceId,
				table.answered.desc().nullsFirst(),
				table.longest.desc().nullsFirst(),
				table.name,
				table.memberId,
			)
			.where(sql`${table.visible} and ${table.answered} > 0`),
	],
);

/** Every change of a streak except attempts, with its reason. Members can read theirs. */
export const ledger = pgTable(
	"ledger",
	{
		id: identity(),
		workspaceId: reference("workspace_id").notNull(),
		memberId: ownMember(),
		scheduleId: reference("schedule_id").notNull(),
		number: integer("number").notNull(),
		localDate: date("local_date", { mode: "string" }).notNull(),
		kind: text("kind").$type<LedgerKind>().notNull(),
		/** Freezes after the change. */
		freezes: integer("freezes").notNull(),
		/** The streak after the change. */
		current: integer("current").notNull(),
		at: instant("at").notNull(),
	},
	(table) => [
		uniqueIndex("ledger_once").on(table.memberId, table.scheduleId, table.number, table.kind),
		index("ledger_member").on(table.memberId, table.id),
	],
);

/** Misses that an admin has excused. An input of the streak rule, whereas the ledger is its output. */
export const repairs = pgTable(
	"repairs",
	{
		memberId: ownMember(),
		occurrenceId: reference("occurrence_id")
			.notNull()
			.references(() => occurrences.id, { onDelete: "cascade" }),
		workspaceId: reference("workspace_id").notNull(),
		at: instant("at").notNull(),
	},
	(table) => [
		primaryKey({ columns: [table.memberId, table.occurrenceId] }),
		index("repairs_occurrence").on(table.occurrenceId),
	],
);

/** Milestones that members have reached, so that the bot congratulates on each only once. */
export const milestones = pgTable(
	"milestones",
	{
		memberId: ownMember(),
		scheduleId: reference("schedule_id").notNull(),
		value: integer("value").notNull(),
		workspaceId: reference("workspace_id").notNull(),
		at: instant("at").notNull(),
	},
	(table) => [primaryKey({ columns: [table.memberId, table.scheduleId, table.value] })],
);
