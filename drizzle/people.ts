import { sql } from "drizzle-orm";
import { boolean, date, index, pgTable, primaryKey, smallint, text, uniqueIndex } from "drizzle-orm/pg-core";
import { identity, instant, reference } from "./columns.ts";

/** One installation: a Slack workspace, a Discord server, the terminal. */
export const workspaces = pgTable(
	"workspaces",
	{
		id: identity(),
		platform: text("platform").notNull(),
		externalId: text("external_id").notNull(),
		name: text("name").notNull(),
		createdAt: instant("created_at").notNull(),
		/** When the bot was removed. Any use clears it; the data is deleted 30 days later. */
		removedAt: instant("removed_at"),
		/** When an admin saw the guide to the first daily question. It is shown once. */
		guidedAt: instant("guided_at"),
		/** When the deletion began. Nobody finds the workspace any more, and its rows are deleted step by step. */
		deletedAt: instant("deleted_at"),
		/** The platform's id of the latest user of an admin command, who gets alerts if the platform names no owner. */
		lastAdminId: text("last_admin_id"),
	},
	(table) => [uniqueIndex("workspaces_external").on(table.platform, table.externalId)],
);

/** Members whom an admin has allowed to manage schedules, by their id on the platform. */
export const workspaceAdmins = pgTable(
	"workspace_admins",
	{
		workspaceId: reference("workspace_id")
			.notNull()
			.references(() => workspaces.id, { onDelete: "cascade" }),
		externalId: text("external_id").notNull(),
	},
	(table) => [primaryKey({ columns: [table.workspaceId, table.externalId] })],
);

/** One person in one workspace. */
export const members = pgTable(
	"members",
	{
		id: identity(),
		workspaceId: reference("workspace_id")
			.notNull()
			.references(() => workspaces.id, { onDelete: "cascade" }),
		externalId: text("external_id").notNull(),
		name: text("name").notNull(),
		joinedAt: instant("joined_at").notNull(),
		lastUsedAt: instant("last_used_at").notNull(),
		/** The question shown last, to which the word `last` refers. */
		lastQuestionId: text("last_question_id"),
		/** Whether leaderboards hide the member from others. */
		hidden: boolean("hidden").notNull().default(false),
		/** When the platform reported that the member had left; null: present. Any use clears it. */
		leftAt: instant("left_at"),
		/** Whether the bot congratulates in the channel instead of privately. */
		milestonesPublic: boolean("milestones_public").notNull().default(false),
		/** A private reminder comes this many hours before a window's earliest close; null: none. */
		reminderHours: smallint("reminder_hours"),
		/** UTC date of the last reminder. */
		remindedOn: date("reminded_on", { mode: "string" }),
		/** Reminders since the member's last answer. */
		remindersUnanswered: smallint("reminders_unanswered").notNull().default(0),
		interviewOn: date("interview_on", { mode: "string" }),
		/** Reviews a day that the member plans until then. */
		reviewsADay: smallint("reviews_a_day"),
	},
	(table) => [
		uniqueIndex("members_external").on(table.workspaceId, table.externalId),
		index("members_person").on(table.externalId, table.lastUsedAt),
		index("members_reminders").on(table.workspaceId).where(sql`${table.reminderHours} is not null`),
	],
);

/** Dates on which a member is away. Withdrawn ones stay, because they may already have excused a miss. */
export const awayDates = pgTable(
	"away_dates",
	{
		workspaceId: reference("workspace_id").notNull(),
		memberId: reference("member_id")
			.notNull()
			.references(() => members.id, { onDelete: "cascade" }),
		date: date("date", { mode: "string" }).notNull(),
		setAt: instant("set_at").notNull(),
		withdrawnAt: instant("withdrawn_at"),
	},
	(table) => [
		primaryKey({ columns: [table.memberId, table.date, table.setAt] }),
		index("away_dates_day").on(table.workspaceId, table.date),
	],
);

/** Salted hashes of erased members, so that they can be erased again after a backup is restored. */
export const erasures = pgTable("erasures", {
	hash: text("hash").primaryKey(),
	erasedAt: instant("erased_at").notNull(),
});
