import { sql } from "drizzle-orm";
import {
	bigint,
	boolean,
	date,
	index,
	integer,
	jsonb,
	pgTable,
	smallint,
	text,
	uniqueIndex,
} from "drizzle-orm/pg-core";
import type { DeliveryKind, DeliveryState, OccurrenceState, ScheduleState, Source } from "../src/core/model.ts";
import { identity, instant, reference } from "./columns.ts";
import { workspaces } from "./people.ts";

/** Channel + local time + zone + weekdays + filter. Removed ones stay: occurrences and streaks refer to them. */
export const schedules = pgTable(
	"schedules",
	{
		id: identity(),
		workspaceId: reference("workspace_id")
			.notNull()
			.references(() => workspaces.id, { onDelete: "cascade" }),
		/** 1, 2, 3 … within the workspace, as admins see it. 0 in rows of an older version until they get a number. */
		number: integer("number").notNull().default(0),
		channelId: text("channel_id").notNull(),
		channelName: text("channel_name").notNull(),
		localTime: text("local_time").notNull(),
		zone: text("zone").notNull(),
		/** Bit 0 is Monday, bit 6 Sunday. */
		weekdays: smallint("weekdays").notNull(),
		/** Empty: all. */
		categories: jsonb("categories").$type<string[]>().notNull(),
		difficulties: jsonb("difficulties").$type<string[]>().notNull(),
		source: text("source").$type<Source>().notNull().default("both"),
		/** When the next weekly recap is due; null: none. */
		recapAt: instant("recap_at"),
		/** The platform's id of the one role that the post mentions; null: none. */
		roleId: text("role_id"),
		/** Whether to publish the post to the channel's followers. */
		publish: boolean("publish").notNull().default(false),
		state: text("state").$type<ScheduleState>().notNull(),
		/** End of the pause; null: until an admin resumes it. */
		pausedUntil: instant("paused_until"),
		/** Why the program paused it, as text; null if an admin paused it. */
		pauseReason: text("pause_reason"),
		/** What an admin can do about it, as text. */
		pauseRemedy: text("pause_remedy"),
		/** Never before the last add, edit or resume: dates due before that are not recorded. */
		nextRunAt: instant("next_run_at"),
		/** Questions drawn from the current bag, oldest first. */
		drawn: jsonb("drawn").$type<string[]>().notNull(),
		/** The latest draws across bags, oldest first. */
		recent: jsonb("recent").$type<string[]>().notNull(),
		lastNumber: integer("last_number").notNull().default(0),
		lastFault: text("last_fault"),
		createdAt: instant("created_at").notNull(),
		removedAt: instant("removed_at"),
	},
	(table) => [
		index("schedules_recap").on(table.recapAt).where(sql`${table.recapAt} is not null`),
		index("schedules_due").on(table.nextRunAt).where(sql`${table.nextRunAt} is not null`),
		index("schedules_channel").on(table.workspaceId, table.channelId),
		uniqueIndex("schedules_number").on(table.workspaceId, table.number).where(sql`${table.number} > 0`),
	],
);

/** One schedule on one local date. The unique index guarantees that a daily question comes once. */
export const occurrences = pgTable(
	"occurrences",
	{
		id: identity(),
		workspaceId: reference("workspace_id").notNull(),
		scheduleId: reference("schedule_id")
			.notNull()
			.references(() => schedules.id, { onDelete: "cascade" }),
		localDate: date("local_date", { mode: "string" }).notNull(),
		dueAt: instant("due_at").notNull(),
		state: text("state").$type<OccurrenceState>().notNull(),
		/** Null if the date was skipped without a question. */
		questionId: text("question_id"),
		questionRevision: integer("question_revision"),
		/** 1, 2, 3 … within the schedule, assigned at the first send. */
		number: integer("number"),
		/** When the send that arrived began. The window opens then. */
		deliveredAt: instant("delivered_at"),
		/** Set when the next question is delivered or the schedule is removed; null: the window is open. */
		closesAt: instant("closes_at"),
		settledAt: instant("settled_at"),
		/** The last member whose streak was settled. An interrupted settlement continues from there. */
		settledThrough: bigint("settled_through", { mode: "number" }),
		channelId: text("channel_id").notNull(),
		messageId: text("message_id"),
		threadId: text("thread_id"),
		/** The answer count that the post shows. */
		shownCount: integer("shown_count").notNull().default(0),
		/** Attempts of members who were erased. They still count, without a name. */
		erasedAttempts: integer("erased_attempts").notNull().default(0),
		/** Why it was skipped or failed, as text. */
		fault: text("fault"),
	},
	(table) => [
		// No predicate asks for the state: recording an arrival then leaves every index alone (a HOT update).
		uniqueIndex("occurrences_date").on(table.scheduleId, table.localDate),
		uniqueIndex("occurrences_number").on(table.scheduleId, table.number),
		index("occurrences_delivered").on(table.workspaceId, table.deliveredAt),
		index("occurrences_open").on(table.workspaceId, table.questionId).where(sql`${table.settledAt} is null`),
		index("occurrences_unsettled").on(table.scheduleId, table.number).where(sql`${table.settledAt} is null`),
		index("occurrences_to_settle")
			.on(table.closesAt)
			.where(sql`${table.settledAt} is null and ${table.closesAt} is not null`),
	],
);

/** The outbox: daily posts, answers, reminders, alerts. Workers claim rows with a lease and a fencing token. */
export const deliveries = pgTable(
	"deliveries",
	{
		id: identity(),
		workspaceId: reference("workspace_id")
			.notNull()
			.references(() => workspaces.id, { onDelete: "cascade" }),
		platform: text("platform").notNull(),
		kind: text("kind").$type<DeliveryKind>().notNull(),
		/** The idempotency key, such as `daily:17` or `alert:gone:3`. A look-up on the platform also searches for it. */
		key: text("key").notNull(),
		occurrenceId: reference("occurrence_id").references(() => occurrences.id, { onDelete: "cascade" }),
		memberId: reference("member_id"),
		/** Values that the text needs besides the referenced rows. */
		payload: jsonb("payload").$type<Record<string, string | number>>().notNull(),
		state: text("state").$type<DeliveryState>().notNull(),
		/** Rank among its workspace's deliveries that fell due together. Claims go by rank, so no workspace delays others. */
		fairnessRank: integer("fairness_rank").notNull().default(0),
		dueAt: instant("due_at").notNull(),
		/** The worker skips it after this instant. */
		expiresAt: instant("expires_at").notNull(),
		nextTryAt: instant("next_try_at").notNull(),
		tries: integer("tries").notNull().default(0),
		/** Fencing token: each claim raises it, and a worker with an older token writes nothing. */
		fence: integer("fence").notNull().default(0),
		claimedBy: text("claimed_by"),
		/** By the database's clock. */
		leaseUntil: instant("lease_until"),
		/** When the latest send began, by the program's clock. */
		sendBegunAt: instant("send_begun_at"),
		messageId: text("message_id"),
		fault: text("fault"),
	},
	(table) => [
		uniqueIndex("deliveries_key").on(table.key),
		index("deliveries_pending")
			.on(table.platform, table.fairnessRank, table.nextTryAt)
			.where(sql`${table.state} in ('pending', 'sending')`),
		index("deliveries_occurrence").on(table.occurrenceId),
		index("deliveries_workspace").on(table.workspaceId),
		index("deliveries_member").on(table.memberId).where(sql`${table.memberId} is not null`),
		index("deliveries_untold")
			.on(table.workspaceId)
			.where(sql`${table.kind} = 'alert' and ${table.state} in ('failed', 'skipped', 'unknown')`),
		index("deliveries_done")
			.on(table.expiresAt)
			.where(sql`${table.state} not in ('pending', 'sending') and ${table.kind} <> 'daily'`),
	],
);

/** Posts whose answer count is out of date. One row per post, however many members answered. */
export const countRequests = pgTable("count_requests", {
	occurrenceId: reference("occurrence_id")
		.primaryKey()
		.references(() => occurrences.id, { onDelete: "cascade" }),
	/** Earliest instant of the next update, by the program's clock. */
	notBefore: instant("not_before").notNull(),
});
