ALTER TABLE "schedules" ADD COLUMN "role_id" text;--> statement-breakpoint
ALTER TABLE "schedules" ADD COLUMN "publish" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "members" ADD COLUMN "left_at" timestamp (3) with time zone;