/** `npm run backup [file]`: writes all data to one file, which `npm run restore` reads on either database. */
import { join } from "node:path";
import { backUp } from "../src/adapters/postgres/backup.ts";
import { migrationState } from "../src/adapters/postgres/migrations.ts";
import { readConfig } from "../src/config.ts";
import { migrationsFolder, openDatabase } from "../src/run/open.ts";
import { runScript } from "./run-script.ts";

await runScript(async () => {
	const config = readConfig(process.env);
	const now = new Date();
	const name = `nlpq-${now.toISOString().replace(/[:.]/g, "-")}.jsonl.gz`;
	const file = process.argv[2] ?? join(config.NLPQ_DATA_DIR, "backups", name);
	const database = await openDatabase(config);
	try {
		const rows = await backUp(database.db, migrationState(migrationsFolder()), file, now);
		console.log(`${rows} rows written to ${file}. It holds members' answers: keep it as you keep the database.`);
	} finally {
		await database.close();
	}
});
