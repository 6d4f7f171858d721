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
		/** Set when the installation was removed, cleared by any use; the data goes 30 days later. */
		removedAt: instant("removed_at"),
		/** When an admin was shown the way to the first daily question: that comes once. */
		guidedAt: instant("guided_at"),
		/** Set when the deletion has begun: nobody finds the workspace any more, and its rows go step by step. */
		deletedAt: instant("deleted_at"),
		/** Who gave an admin's command last, by the id on the platform: told of troubles where the platform names no owner. */
		lastAdminId: text("last_admin_id"),
	},
	(table) => [uniqueIndex("workspaces_external").on(table.platform, table.externalId)],
);

/** Members whom an admin has named to look after the schedules, by their id on the platform. */
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
		/** The question shown last, which `last` means. */
		lastQuestionId: text("last_question_id"),
		/** Appears on no leaderboard that others see. */
		hidden: boolean("hidden").notNull().default(false),
		/** Since when the platform says that the member has left; null: there. Any use clears it. */
		leftAt: instant("left_at"),
		/** Milestones are congratulated in the channel instead of privately. */
		milestonesPublic: boolean("milestones_public").notNull().default(false),
		/** Hours before a window's earliest close at which a private nudge comes; null: none. */
		reminderHours: smallint("reminder_hours"),
		/** The last UTC date on which a nudge was sent. */
		remindedOn: date("reminded_on", { mode: "string" }),
		/** Nudges since the member's last answer. */
		remindersUnanswered: smallint("reminders_unanswered").notNull().default(0),
		interviewOn: date("interview_on", { mode: "string" }),
		/** Reviews a day that the member means to do until then. */
		reviewsADay: smallint("reviews_a_day"),
	},
	(table) => [
		uniqueIndex("members_external").on(table.workspaceId, table.externalId),
		index("members_person").on(table.externalId, table.lastUsedAt),
		index("members_reminders").on(table.workspaceId).where(sql`${table.reminderHours} is not null`),
	],
);

/** Dates on which a member is away; withdrawn ones stay, since they may already have excused a miss. */
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

/** Erased members as salted hashes, so that a restored backup forgets them again. */
export const erasures = pgTable("erasures", {
	hash: text("hash").primaryKey(),
	erasedAt: instant("erased_at").notNull(),
});
