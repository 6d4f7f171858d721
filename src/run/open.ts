import { join } from "node:path";
import { projectRoot } from "../adapters/files/root.ts";
import type { OpenDatabase } from "../adapters/postgres/open.ts";
import type { Config } from "../config.ts";
import { UserError } from "../core/errors.ts";
import type { Bank } from "../core/question/bank.ts";

export const migrationsFolder = (): string => join(projectRoot(), "migrations");
export const questionsFolder = (): string => join(projectRoot(), "questions");

/**
 * Loads the question bank from the project's files.
 * @throws UserError that lists every fault of every file
 */
export async function loadBank(): Promise<Bank> {
	// Here, so that a start reaches its database without waiting for them.
	const [{ faultLine, loadQuestionFiles }, { parsedByBuild }, { Bank }] = await Promise.all([
		import("../adapters/files/bank.ts"),
		import("../adapters/files/parsed-bank.ts"),
		import("../core/question/bank.ts"),
	]);
	const { questions, faults } = await loadQuestionFiles(questionsFolder(), parsedByBuild());
	if (faults.length > 0)
		throw new UserError(
			`The question bank has ${faults.length === 1 ? "a fault" : `${faults.length} faults`}:\n${faults.map(faultLine).join("\n")}`,
			"Correct the files; `npm run questions` checks them.",
		);
	if (questions.size === 0)
		throw new UserError("The question bank is empty.", "The folder questions/ belongs to the program: restore it.");
	return new Bank(questions);
}

const sayOnStderr = (line: string): void => void process.stderr.write(`${line}\n`);

/**
 * Opens the configured database: a Postgres server, or the embedded one.
 * @param migrations the folder to apply; null to leave the schema as it is
 * @param notice receives a line for the operator when the start has to wait for something
 */
export async function openDatabase(
	config: Config,
	migrations: string | null = migrationsFolder(),
	notice: (line: string) => void = sayOnStderr,
): Promise<OpenDatabase> {
	// Each loads a driver that the other does not pay for.
	if (config.DATABASE_URL) {
		const { openServer } = await import("../adapters/postgres/open.ts");
		return openServer(config.DATABASE_URL, migrations, config.DATABASE_POOL, notice);
	}
	const { openEmbedded } = await import("../adapters/postgres/embedded/embedded.ts");
	return openEmbedded(config.NLPQ_DATA_DIR, migrations);
}
