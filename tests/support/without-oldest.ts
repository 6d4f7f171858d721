import { test } from "vitest";

test.skip("the store and the program on Postgres 15, which is not installed: run `npm ci --prefix tests/postgres-15`", () =>
	undefined);
