/** `npm run restore -- <file> [--replace]`: restores a backup into the configured database. */
import { parseArgs } from "node:util";
import { restore } from "../src/adapters/postgres/maintenance/restore.ts";
import { migrationState } from "../src/adapters/postgres/migrations/migrations.ts";
import { readConfig } from "../src/config.ts";
import { UserError } from "../src/core/errors.ts";
import { migrationsFolder, openDatabase } from "../src/run/open.ts";
import { runScript } from "./run-script.ts";

await runScript("restore", async () => {
	const { values, positionals } = parseArgs({
		options: { replace: { type: "boolean", default: false } },
		allowPositionals: true,
	});
	const [file] = positionals;
	if (file === undefined)
		throw new UserError("No backup was named. Nothing was changed.", "`npm run restore -- <file>` names one.");
	const database = await openDatabase(readConfig(process.env));
	try {
		const state = migrationState(migrationsFolder());
		const { rows, at, erased } = await restore(database.db, state, file, values.replace, new Date());
		console.log(`${rows} rows restored, as they stood at ${at.toISOString()}.`);
		if (erased > 0) console.log(`${erased} members who were erased since then were erased again.`);
	} finally {
		await database.close();
	}
});
