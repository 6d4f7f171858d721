import { index, pgTable, smallint, text } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";

/** Installations of the Slack app. Tokens are sealed; the row's id is bound into them. */
export const slackInstallations = pgTable("slack_installations", {
	/** The workspace's id, or the organisation's where it has the app as a whole. */
	id: text("id").primaryKey(),
	enterpriseId: text("enterprise_id"),
	name: text("name").notNull(),
	botUserId: text("bot_user_id").notNull(),
	installerId: text("installer_id"),
	scopes: text("scopes").notNull(),
	token: text("token").notNull(),
	/** Null when the app's tokens do not expire. */
	refreshToken: text("refresh_token"),
	expiresAt: instant("expires_at"),
	installedAt: instant("installed_at").notNull(),
});

/** Workspaces that are served by their organisation's installation, as they were seen. */
export const slackWorkspaces = pgTable(
	"slack_workspaces",
	{
		id: text("id").primaryKey(),
		installationId: text("installation_id")
			.notNull()
			.references(() => slackInstallations.id, { onDelete: "cascade" }),
	},
	(table) => [index("slack_workspaces_installation").on(table.installationId)],
);

/**
 * What members did, from its receipt until it is answered: so that it acts once, and a restart in between
 * loses nothing. Its words are erased as soon as it is answered; the key stays for a day. Times by the database's clock.
 */
export const slackInbox = pgTable(
	"slack_inbox",
	{
		key: text("key").primaryKey(),
		receivedAt: instant("received_at").notNull(),
		/** Null when answered. */
		body: text("body"),
		/** Of the body's shape. */
		version: smallint("version").notNull().default(1),
		holder: text("holder").notNull(),
		heldUntil: instant("held_until").notNull(),
	},
	(table) => [index("slack_inbox_received").on(table.receivedAt)],
);
