DROP INDEX "standings_current";--> statement-breakpoint
DROP INDEX "streaks_current";--> statement-breakpoint
ALTER TABLE "streaks" ADD COLUMN "holds_to" integer GENERATED ALWAYS AS (booked_to + freezes) STORED NOT NULL;--> statement-breakpoint
CREATE INDEX "streaks_standing" ON "streaks" USING btree ("schedule_id","holds_to","current" DESC NULLS FIRST,"longest" DESC NULLS FIRST,"name","member_id") WHERE "streaks"."visible" and "streaks"."current" > 0;--> statement-breakpoint
CREATE INDEX "streaks_ahead" ON "streaks" USING btree ("schedule_id") WHERE "streaks"."visible" and "streaks"."current" > 0 and "streaks"."latest_number" > "streaks"."booked_to";--> statement-breakpoint
CREATE INDEX "away_dates_day" ON "away_dates" USING btree ("workspace_id","date");--> statement-breakpoint
ALTER TABLE "standings" DROP COLUMN "current";