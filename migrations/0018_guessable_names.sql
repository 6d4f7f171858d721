ALTER TABLE "meetings" RENAME TO "question_views";--> statement-breakpoint
ALTER TABLE "facts" RENAME TO "installation_values";--> statement-breakpoint
ALTER TABLE "question_views" RENAME COLUMN "met_at" TO "seen_at";--> statement-breakpoint
ALTER TABLE "deliveries" RENAME COLUMN "facts" TO "payload";--> statement-breakpoint
ALTER TABLE "deliveries" RENAME COLUMN "turn" TO "fairness_rank";--> statement-breakpoint
ALTER TABLE "question_views" DROP CONSTRAINT "meetings_member_id_members_id_fk";
--> statement-breakpoint
DROP INDEX "meetings_latest";--> statement-breakpoint
DROP INDEX "deliveries_pending";--> statement-breakpoint
ALTER TABLE "question_views" DROP CONSTRAINT "meetings_member_id_question_id_pk";--> statement-breakpoint
ALTER TABLE "question_views" ADD CONSTRAINT "question_views_member_id_question_id_pk" PRIMARY KEY("member_id","question_id");--> statement-breakpoint
ALTER TABLE "question_views" ADD CONSTRAINT "question_views_member_id_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."members"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "question_views_latest" ON "question_views" USING btree ("member_id","seen_at");--> statement-breakpoint
CREATE INDEX "deliveries_pending" ON "deliveries" USING btree ("platform","fairness_rank","next_try_at") WHERE "deliveries"."state" in ('pending', 'sending');