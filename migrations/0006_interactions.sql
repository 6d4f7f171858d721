CREATE TABLE "owed_replies" (
	"key" text PRIMARY KEY NOT NULL,
	"platform" text NOT NULL,
	"workspace_id" bigint NOT NULL,
	"member_external_id" text NOT NULL,
	"command" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"ticket" text,
	"held_until" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "workspaces" ADD COLUMN "guided_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "handled_interactions" ADD COLUMN "workspace_id" bigint;--> statement-breakpoint
ALTER TABLE "handled_interactions" ADD COLUMN "member_id" bigint;--> statement-breakpoint
ALTER TABLE "handled_interactions" ADD COLUMN "command" text;--> statement-breakpoint
ALTER TABLE "handled_interactions" ADD COLUMN "effect_id" bigint;--> statement-breakpoint
ALTER TABLE "owed_replies" ADD CONSTRAINT "owed_replies_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "owed_replies_member" ON "owed_replies" USING btree ("workspace_id","member_external_id");--> statement-breakpoint
CREATE INDEX "owed_replies_at" ON "owed_replies" USING btree ("at");--> statement-breakpoint
ALTER TABLE "handled_interactions" ADD CONSTRAINT "handled_interactions_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "handled_interactions_workspace" ON "handled_interactions" USING btree ("workspace_id");--> statement-breakpoint
CREATE INDEX "handled_interactions_member" ON "handled_interactions" USING btree ("member_id");