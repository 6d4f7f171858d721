ALTER TABLE "schedules" ADD COLUMN "number" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "schedules" ADD COLUMN "pause_remedy" text;--> statement-breakpoint
CREATE INDEX "deliveries_untold" ON "deliveries" USING btree ("workspace_id") WHERE "deliveries"."kind" = 'alert' and "deliveries"."state" in ('failed', 'skipped', 'unknown');--> statement-breakpoint
CREATE UNIQUE INDEX "schedules_number" ON "schedules" USING btree ("workspace_id","number") WHERE "schedules"."number" > 0;