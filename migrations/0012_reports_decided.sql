ALTER TABLE "reports" DROP CONSTRAINT "reports_member_id_members_id_fk";
--> statement-breakpoint
ALTER TABLE "reports" ALTER COLUMN "member_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "reports" ADD COLUMN "state" text DEFAULT 'open' NOT NULL;--> statement-breakpoint
ALTER TABLE "reports" ADD COLUMN "reason" text;--> statement-breakpoint
ALTER TABLE "reports" ADD COLUMN "decided_by" bigint;--> statement-breakpoint
ALTER TABLE "reports" ADD COLUMN "decided_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "reports" ADD COLUMN "repeat_of" bigint;--> statement-breakpoint
ALTER TABLE "reports" ADD COLUMN "repeats" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "reports" ADD CONSTRAINT "reports_decided_by_members_id_fk" FOREIGN KEY ("decided_by") REFERENCES "public"."members"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reports" ADD CONSTRAINT "reports_repeat_of_reports_id_fk" FOREIGN KEY ("repeat_of") REFERENCES "public"."reports"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reports" ADD CONSTRAINT "reports_member_id_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."members"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "reports_decider" ON "reports" USING btree ("decided_by");--> statement-breakpoint
CREATE INDEX "reports_repeats" ON "reports" USING btree ("repeat_of");--> statement-breakpoint
CREATE INDEX "reports_open" ON "reports" USING btree ("workspace_id","question_id","revision") WHERE "reports"."state" = 'open' and "reports"."repeat_of" is null;