CREATE INDEX "repairs_occurrence" ON "repairs" USING btree ("occurrence_id");--> statement-breakpoint
CREATE INDEX "reports_member" ON "reports" USING btree ("member_id");--> statement-breakpoint
CREATE INDEX "reveals_occurrence" ON "reveals" USING btree ("occurrence_id");--> statement-breakpoint
CREATE INDEX "streaks_latest" ON "streaks" USING btree ("schedule_id","latest_number");--> statement-breakpoint
CREATE INDEX "deliveries_workspace" ON "deliveries" USING btree ("workspace_id");--> statement-breakpoint
CREATE INDEX "deliveries_member" ON "deliveries" USING btree ("member_id") WHERE "deliveries"."member_id" is not null;--> statement-breakpoint
CREATE INDEX "deliveries_done" ON "deliveries" USING btree ("expires_at") WHERE "deliveries"."state" not in ('pending', 'sending') and "deliveries"."kind" <> 'daily';--> statement-breakpoint
CREATE INDEX "handled_interactions_at" ON "handled_interactions" USING btree ("at");