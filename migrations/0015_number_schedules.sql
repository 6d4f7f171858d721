UPDATE "schedules" SET "number" = "counted"."number" FROM (
	SELECT "id", row_number() OVER (PARTITION BY "workspace_id" ORDER BY "id") AS "number" FROM "schedules"
) AS "counted" WHERE "counted"."id" = "schedules"."id";
