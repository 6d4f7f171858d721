UPDATE "workspaces" SET "last_admin_id" = "facts"."value" FROM "facts" WHERE "workspaces"."platform" = 'slack' AND "facts"."name" = 'slack-admin:' || "workspaces"."external_id";--> statement-breakpoint
DELETE FROM "facts" WHERE "name" LIKE 'slack-admin:%';
