/** `npm run migrate`: applies the missing migrations and ends. Its role may change tables even if the bot's may not. */
import { migrationStatus } from "../src/adapters/postgres/migrations/migrate.ts";
import { readConfig } from "../src/config.ts";
import { migrationsFolder, openDatabase } from "../src/run/open.ts";
import { runScript } from "./run-script.ts";

await runScript("migrate", async () => {
	const database = await openDatabase(readConfig(process.env));
	try {
		const { schema, state } = await migrationStatus(database.db, migrationsFolder(), database.schema);
		console.log(`All ${state.count} migrations are applied in the schema ${schema}.`);
	} finally {
		await database.close();
	}
});
