import { index, pgTable, smallint, text } from "drizzle-orm/pg-core";
import { instant } from "./columns.ts";

/** Installations of the Slack app. Tokens are encrypted and bound to the row's id. */
export const slackInstallations = pgTable("slack_installations", {
	/** The workspace's id, or the organisation's if it installed the app for all its workspaces. */
	id: text("id").primaryKey(),
	enterpriseId: text("enterprise_id"),
	name: text("name").notNull(),
	botUserId: text("bot_user_id").notNull(),
	installerId: text("installer_id"),
	scopes: text("scopes").notNull(),
	token: text("token").notNull(),
	/** Null if the app's tokens do not expire. */
	refreshToken: text("refresh_token"),
	expiresAt: instant("expires_at"),
	installedAt: instant("installed_at").notNull(),
});

/** Workspaces that an organisation's installation serves. Each is added when it is first seen. */
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
 * The inbox: members' actions from receipt until reply, so that each acts once and a restart in between loses nothing.
 * The body is erased as soon as it is answered; the key stays for a day. Times are by the database's clock.
 */
export const slackInbox = pgTable(
	"slack_inbox",
	{
		key: text("key").primaryKey(),
		receivedAt: instant("received_at").notNull(),
		/** Null after the reply. */
		body: text("body"),
		/** Version of the body's format. */
		version: smallint("version").notNull().default(1),
		holder: text("holder").notNull(),
		heldUntil: instant("held_until").notNull(),
	},
	(table) => [index("slack_inbox_received").on(table.receivedAt)],
);
