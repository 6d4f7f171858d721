DROP INDEX "occurrences_waiting";--> statement-breakpoint
DROP INDEX "occurrences_unclosed";--> statement-breakpoint
DROP INDEX "occurrences_open";--> statement-breakpoint
DROP INDEX "occurrences_to_settle";--> statement-breakpoint
CREATE INDEX "occurrences_unsettled" ON "occurrences" USING btree ("schedule_id","number") WHERE "occurrences"."settled_at" is null;--> statement-breakpoint
CREATE INDEX "occurrences_open" ON "occurrences" USING btree ("workspace_id","question_id") WHERE "occurrences"."settled_at" is null;--> statement-breakpoint
CREATE INDEX "occurrences_to_settle" ON "occurrences" USING btree ("closes_at") WHERE "occurrences"."settled_at" is null and "occurrences"."closes_at" is not null;--> statement-breakpoint
-- Room on a page for the next version of its rows, so that an update can be a HOT update. There are few schedules.
ALTER TABLE "schedules" SET (fillfactor = 50);--> statement-breakpoint
ALTER TABLE "occurrences" SET (fillfactor = 80);