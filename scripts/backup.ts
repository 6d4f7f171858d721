/** `npm run backup [file]`: writes all data to one file. `npm run restore` reads it into either database. */
import { join } from "node:path";
import { backUp } from "../src/adapters/postgres/maintenance/backup.ts";
import { migrationStatus } from "../src/adapters/postgres/migrations/migrate.ts";
import { type Config, readConfig } from "../src/config.ts";
import { UserError } from "../src/core/errors.ts";
import { newestDump } from "../src/run/daily-backup.ts";
import { migrationsFolder, openDatabase } from "../src/run/open.ts";
import { runScript } from "./run-script.ts";

/** A running bot keeps its embedded database to itself. It has dumped it today, so name that file. */
function withDailyDump(config: Config, error: unknown): unknown {
	const dump = config.DATABASE_URL ? null : newestDump(config.NLPQ_DATA_DIR);
	if (!(error instanceof UserError) || !dump) return error;
	const remedy = `${error.remedy} Or copy the program's own backup of ${dump.date} (UTC), which holds the same: ${dump.file}`;
	return new UserError(error.message, remedy);
}

await runScript("backup", async () => {
	const config = readConfig(process.env);
	const now = new Date();
	const name = `nlpq-${now.toISOString().replace(/[:.]/g, "-")}.jsonl.gz`;
	const file = process.argv[2] ?? join(config.NLPQ_DATA_DIR, "backups", name);
	// Not migrated: people make a backup before a new version changes the database.
	const database = await openDatabase(config, null).catch((error: unknown) => {
		throw withDailyDump(config, error);
	});
	try {
		const { state } = await migrationStatus(database.db, migrationsFolder(), database.schema);
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
