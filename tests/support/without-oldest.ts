import { test } from "vitest";

test.skip("the store and the program on Postgres 15: none is here; `npm ci --prefix tests/postgres-15` installs it", () =>
	undefined);
