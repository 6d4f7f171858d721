import {
	type Access,
	migratingRefused,
	readAccess,
	serverRefused,
	servingRefused,
} from "../adapters/postgres/access.ts";
import { hasDatabase, isOpenToOthers } from "../adapters/postgres/embedded/embedded.ts";
import { type MigrationStatus, migrationStatus } from "../adapters/postgres/migrations/migrate.ts";
import type { OpenDatabase } from "../adapters/postgres/open.ts";
import { createStore } from "../adapters/postgres/store.ts";
import type { Config } from "../config.ts";
import { aheadOfClock } from "./ahead-of-clock.ts";
import { type Diagnosis, fault, guarded, ok, warning } from "./diagnosis.ts";
import { checkPermissions, checkTokens, type LoadBank } from "./doctor-chats.ts";
import { diagnoseSettings } from "./doctor-settings.ts";
import { checkSeals, checkWayIn } from "./doctor-slack.ts";
import { loadBank, migrationsFolder, openDatabase } from "./open.ts";

/** How far the program's and the database's clocks may differ, in milliseconds. */
const CLOCK_TOLERANCE = 2_000;
/** The oldest Node that nlpq supports: major and minor. */
const NODE = [20, 19] as const;

function checkNode(version: string): Diagnosis {
	const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
	const recent = major > NODE[0] || (major === NODE[0] && minor >= NODE[1]);
	return recent ? ok("node", version) : fault("node", version, `Install Node ${NODE.join(".")} or later.`);
}

async function checkBank(load: LoadBank): Promise<Diagnosis> {
	const bank = await load();
	return ok("bank", `${bank.size} questions`);
}

/** Rights that the database role lacks: to migrate if migrations are missing, otherwise to serve. */
function checkAccess(access: Access, { schema, missing }: MigrationStatus): readonly Diagnosis[] {
	const refused = missing > 0 ? migratingRefused(access, schema, missing) : servingRefused(access, schema);
	const found = serverRefused(access) ?? refused;
	if (found) return [fault("database access", found.message, found.remedy)];
	if (access.encoding === "UTF8") return [];
	return [
		warning(
			"encoding",
			`the database's encoding is ${access.encoding}, which checks no character`,
			"Move to a database that was made with `encoding 'UTF8'`: `npm run backup` here, `npm run restore` there.",
		),
	];
}

function checkMigrations({ known, missing, isNewer }: MigrationStatus): Diagnosis {
	const detail = `${known - missing} of ${known} applied`;
	if (isNewer)
		return fault(
			"migrations",
			"the database was written by a newer nlpq than this one",
			"Start the newer version, or restore a backup that this version made.",
		);
	if (missing === known) return ok("migrations", `${detail}: the first start applies them`);
	if (missing > 0)
		return warning("migrations", detail, "The next start applies the rest; `npm run backup` before it costs nothing.");
	return ok("migrations", detail);
}

async function checkClock(database: OpenDatabase, isMigrated: boolean): Promise<Diagnosis> {
	const ahead = isMigrated ? await aheadOfClock(createStore(database.db), new Date(), "UTC") : null;
	if (ahead) return warning("clock", ahead.message, ahead.remedy);
	const before = Date.now();
	const theirs = (await createStore(database.db).running.databaseTime()).getTime();
	const apart = Math.abs(theirs - (before + Date.now()) / 2);
	const detail = `${Math.round(apart)} ms from the database's`;
	return apart <= CLOCK_TOLERANCE
		? ok("clock", detail)
		: fault("clock", detail, "Let both machines follow a time server (NTP).");
}

/** Checks that only this user can read the embedded database: its files hold members' answers. */
function checkPrivacy(folder: string): Diagnosis {
	if (!isOpenToOthers(folder)) return ok("privacy", `only this user can read ${folder}`);
	return warning(
		"privacy",
		`other users of this machine can read ${folder}`,
		"The next start closes the folder. Where it cannot, put the folder on a file system with access rights.",
	);
}

/** Opens the database without migrating it: a check must not change a running installation. */
async function checkDatabase(config: Config, load: LoadBank): Promise<readonly Diagnosis[]> {
	if (!config.DATABASE_URL && !hasDatabase(config.NLPQ_DATA_DIR))
		return [ok("database", `none yet: the first start makes one in ${config.NLPQ_DATA_DIR}`)];
	const privacy = config.DATABASE_URL ? [] : [checkPrivacy(config.NLPQ_DATA_DIR)];
	return [...privacy, ...(await guarded("database", () => checkOpenDatabase(config, load)))];
}

async function checkOpenDatabase(config: Config, load: LoadBank): Promise<readonly Diagnosis[]> {
	const database = await openDatabase(config, null);
	try {
		const standing = await migrationStatus(database.db, migrationsFolder(), database.schema);
		const access = await readAccess(database.db, standing.schema);
		const where =
			database.kind === "server"
				? `Postgres ${access.version}, schema ${standing.schema}, as ${access.role}${database.isPooled ? ", behind a pooler" : ""}`
				: `embedded, in ${config.NLPQ_DATA_DIR}`;
		const found = [
			ok("database", where),
			...checkAccess(access, standing),
			checkMigrations(standing),
			await checkClock(database, standing.missing === 0),
		];
		if (standing.missing > 0) return found;
		const seals = await guarded("slack tokens", () => checkSeals(config, database));
		// The settings check has already named what is missing.
		if (diagnoseSettings(config).some(({ state }) => state === "fault")) return [...found, ...seals];
		return [...found, ...seals, ...(await guarded("channels", () => checkPermissions(config, database, load)))];
	} finally {
		await database.close();
	}
}

/** Checks machine, bank, database, clocks, tokens and permissions. Changes nothing. */
export async function diagnose(config: Config, load: LoadBank = loadBank): Promise<readonly Diagnosis[]> {
	const parts = await Promise.all([
		guarded("bank", () => checkBank(load)),
		guarded("database", () => checkDatabase(config, load)),
		checkTokens(config),
		checkWayIn(config),
	]);
	return [checkNode(process.version), ...diagnoseSettings(config), ...parts.flat()];
}
