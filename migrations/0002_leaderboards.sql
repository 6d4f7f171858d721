CREATE TABLE "tallies" (
	"workspace_id" bigint NOT NULL,
	"schedule_id" bigint,
	"board" text NOT NULL,
	"from_value" integer NOT NULL,
	"to_value" integer NOT NULL,
	"members" integer NOT NULL
);
--> statement-breakpoint
DROP INDEX "attempts_schedule";--> statement-breakpoint
DROP INDEX "standings_current";--> statement-breakpoint
DROP INDEX "standings_longest";--> statement-breakpoint
DROP INDEX "standings_answered";--> statement-breakpoint
DROP INDEX "streaks_current";--> statement-breakpoint
DROP INDEX "streaks_longest";--> statement-breakpoint
DROP INDEX "streaks_answered";--> statement-breakpoint
DROP INDEX "streaks_to_settle";--> statement-breakpoint
ALTER TABLE "standings" ADD COLUMN "name" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "standings" ADD COLUMN "visible" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "streaks" ADD COLUMN "latest_number" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "streaks" ADD COLUMN "name" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "streaks" ADD COLUMN "visible" boolean DEFAULT true NOT NULL;--> statement-breakpoint
CREATE INDEX "tallies_board" ON "tallies" USING btree ("workspace_id","schedule_id","board");--> statement-breakpoint
CREATE INDEX "attempts_schedule" ON "attempts" USING btree ("schedule_id","member_id","number");--> statement-breakpoint
CREATE INDEX "standings_current" ON "standings" USING btree ("workspace_id","current" DESC NULLS FIRST,"longest" DESC NULLS FIRST,"name","member_id") WHERE "standings"."visible" and "standings"."current" > 0;--> statement-breakpoint
CREATE INDEX "standings_longest" ON "standings" USING btree ("workspace_id","longest" DESC NULLS FIRST,"name","member_id") WHERE "standings"."visible" and "standings"."longest" > 0;--> statement-breakpoint
CREATE INDEX "standings_answered" ON "standings" USING btree ("workspace_id","answered" DESC NULLS FIRST,"longest" DESC NULLS FIRST,"name","member_id") WHERE "standings"."visible" and "standings"."answered" > 0;--> statement-breakpoint
CREATE INDEX "streaks_current" ON "streaks" USING btree ("schedule_id","current" DESC NULLS FIRST,"longest" DESC NULLS FIRST,"name","member_id") WHERE "streaks"."visible" and "streaks"."current" > 0;--> statement-breakpoint
CREATE INDEX "streaks_longest" ON "streaks" USING btree ("schedule_id","longest" DESC NULLS FIRST,"name","member_id") WHERE "streaks"."visible" and "streaks"."longest" > 0;--> statement-breakpoint
CREATE INDEX "streaks_answered" ON "streaks" USING btree ("schedule_id","answered" DESC NULLS FIRST,"longest" DESC NULLS FIRST,"name","member_id") WHERE "streaks"."visible" and "streaks"."answered" > 0;--> statement-breakpoint
CREATE INDEX "streaks_to_settle" ON "streaks" USING btree ("schedule_id","member_id") WHERE "streaks"."current" > 0 or "streaks"."booked" > 0;