CREATE TABLE "slack_inbox" (
	"key" text PRIMARY KEY NOT NULL,
	"received_at" timestamp (3) with time zone NOT NULL,
	"body" text,
	"holder" text NOT NULL,
	"held_until" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "slack_installations" (
	"id" text PRIMARY KEY NOT NULL,
	"enterprise_id" text,
	"name" text NOT NULL,
	"bot_user_id" text NOT NULL,
	"installer_id" text,
	"scopes" text NOT NULL,
	"token" text NOT NULL,
	"refresh_token" text,
	"expires_at" timestamp (3) with time zone,
	"installed_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "slack_workspaces" (
	"id" text PRIMARY KEY NOT NULL,
	"installation_id" text NOT NULL
);
--> statement-breakpoint
ALTER TABLE "slack_workspaces" ADD CONSTRAINT "slack_workspaces_installation_id_slack_installations_id_fk" FOREIGN KEY ("installation_id") REFERENCES "public"."slack_installations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "slack_inbox_received" ON "slack_inbox" USING btree ("received_at");--> statement-breakpoint
CREATE INDEX "slack_workspaces_installation" ON "slack_workspaces" USING btree ("installation_id");