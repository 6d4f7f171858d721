/** `npm run backup [file]`: writes all data to one file, which `npm run restore` reads on either database. */
import { join } from "node:path";
import { backUp } from "../src/adapters/postgres/backup.ts";
import { migrationStanding } from "../src/adapters/postgres/migrate.ts";
import { readConfig } from "../src/config.ts";
import { UserError } from "../src/core/errors.ts";
import { migrationsFolder, openDatabase } from "../src/run/open.ts";
import { runScript } from "./run-script.ts";

await runScript(async () => {
	const config = readConfig(process.env);
	const now = new Date();
	const name = `nlpq-${now.toISOString().replace(/[:.]/g, "-")}.jsonl.gz`;
	const file = process.argv[2] ?? join(config.NLPQ_DATA_DIR, "backups", name);
	// As it is: a backup is what one makes before a new version changes the database.
	const database = await openDatabase(config, null);
	try {
		const { state } = await migrationStanding(database.db, migrationsFolder(), database.schema);
		if (state.count === 0)
			throw new UserError(
				"The database holds nothing of nlpq's. No file was written.",
				"Name the right one with DATABASE_URL, or its folder with NLPQ_DATA_DIR.",
			);
		const rows = await backUp(database.db, state, file, now);
		console.log(`${rows} rows written to ${file}. It holds members' answers: keep it as you keep the database.`);
	} finally {
		await database.close();
	}
});
