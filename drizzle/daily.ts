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

/** Channel + local time + zone + weekdays + filter. Kept when removed: its occurrences and streaks refer to it. */
export const schedules = pgTable(
	"schedules",
	{
		id: identity(),
		workspaceId: reference("workspace_id")
			.notNull()
			.references(() => workspaces.id, { onDelete: "cascade" }),
		/** 1, 2, 3 … within the workspace, as admins see it; 0 until it is given, in rows of an older version. */
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
		/** When the next weekly recap comes; null: none. */
		recapAt: instant("recap_at"),
		/** The one role that the post notifies, by the platform's id; null: none. */
		roleId: text("role_id"),
		/** Whether the post is published to those who follow the channel. */
		publish: boolean("publish").notNull().default(false),
		state: text("state").$type<ScheduleState>().notNull(),
		/** End of a pause that carries one. */
		pausedUntil: instant("paused_until"),
		/** Why the program paused it, in words; null when a person did. */
		pauseReason: text("pause_reason"),
		/** What an admin can do about it, in words. */
		pauseRemedy: text("pause_remedy"),
		/** Never before the last add, edit or resume: what was due earlier is not recorded. */
		nextRunAt: instant("next_run_at"),
		/** Questions drawn from the present bag, oldest first. */
		drawn: jsonb("drawn").$type<string[]>().notNull(),
		/** The last questions drawn, across bags, oldest first. */
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

/** One schedule on one local date. The unique key is what makes a daily question come once. */
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
		/** Null for a skipped one, which reserves none. */
		questionId: text("question_id"),
		questionRevision: integer("question_revision"),
		/** 1, 2, 3 … per schedule, given at the first send. */
		number: integer("number"),
		/** When the send that arrived began: the window opens here. */
		deliveredAt: instant("delivered_at"),
		/** Known once the next one is delivered (or the schedule removed); null: open. */
		closesAt: instant("closes_at"),
		settledAt: instant("settled_at"),
		/** The last member whose streak was settled; a stopped settlement goes on from here. */
		settledThrough: bigint("settled_through", { mode: "number" }),
		channelId: text("channel_id").notNull(),
		messageId: text("message_id"),
		threadId: text("thread_id"),
		/** The answered count as the post shows it. */
		shownCount: integer("shown_count").notNull().default(0),
		/** Attempts of members who have since been erased: they stay counted, without their names. */
		erasedAttempts: integer("erased_attempts").notNull().default(0),
		/** Why it was skipped or failed, in words. */
		fault: text("fault"),
	},
	(table) => [
		uniqueIndex("occurrences_date").on(table.scheduleId, table.localDate),
		uniqueIndex("occurrences_number").on(table.scheduleId, table.number),
		index("occurrences_delivered").on(table.workspaceId, table.deliveredAt),
		index("occurrences_open")
			.on(table.workspaceId, table.questionId)
			.where(sql`${table.settledAt} is null and ${table.state} <> 'skipped'`),
		index("occurrences_waiting").on(table.scheduleId).where(sql`${table.state} in ('due', 'sending')`),
		index("occurrences_unclosed")
			.on(table.scheduleId, table.number)
			.where(sql`${table.closesAt} is null and ${table.state} in ('delivered', 'unknown')`),
		index("occurrences_to_settle").on(table.closesAt).where(sql`${table.settledAt} is null`),
	],
);

/** What is to leave for a platform: the daily post, its answer, reminders, alerts. Claimed by lease and fence. */
export const deliveries = pgTable(
	"deliveries",
	{
		id: identity(),
		workspaceId: reference("workspace_id")
			.notNull()
			.references(() => workspaces.id, { onDelete: "cascade" }),
		platform: text("platform").notNull(),
		kind: text("kind").$type<DeliveryKind>().notNull(),
		/** What makes it come once, such as `daily:17` or `alert:gone:3`; also what a platform's look-up searches. */
		key: text("key").notNull(),
		occurrenceId: reference("occurrence_id").references(() => occurrences.id, { onDelete: "cascade" }),
		memberId: reference("member_id"),
		/** What the text needs beyond the rows it refers to. */
		payload: jsonb("payload").$type<Record<string, string | number>>().notNull(),
		state: text("state").$type<DeliveryState>().notNull(),
		/** Its rank among its workspace's deliveries that fell due together. Claims follow it, so that a large workspace cannot
		 * delay a small one. */
		fairnessRank: integer("fairness_rank").notNull().default(0),
		dueAt: instant("due_at").notNull(),
		/** After this instant it is skipped. */
		expiresAt: instant("expires_at").notNull(),
		nextTryAt: instant("next_try_at").notNull(),
		tries: integer("tries").notNull().default(0),
		/** Raised by each claim; a worker whose fence is older writes nothing. */
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

/** A post whose answered count has changed since it was shown; one row however many answered. */
export const countRequests = pgTable("count_requests", {
	occurrenceId: reference("occurrence_id")
		.primaryKey()
		.references(() => occurrences.id, { onDelete: "cascade" }),
	/** The program's instant from which the next refresh may happen. */
	notBefore: instant("not_before").notNull(),
});
