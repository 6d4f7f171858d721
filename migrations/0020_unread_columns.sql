ALTER TABLE "question_revisions" DROP COLUMN "recorded_at";--> statement-breakpoint
ALTER TABLE "questions" DROP COLUMN "synced_at";