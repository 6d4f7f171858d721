import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { COMMANDS } from "../../src/chat/commands/index.ts";
import { freshFolder } from "../support/databases.ts";
import { isQuickRun } from "../support/effort.ts";
import { freshDatabase } from "../support/postgres.ts";
import { converse, runProgram } from "../support/program.ts";
import { documentedDatabase, runAs } from "../support/roles.ts";
import { Installation, NO_DISCORD } from "./installation.ts";

/** Runs one of the compiled tools as `npm run` does. Returns its output; throws if the exit code is not 0. */
async function runTool(name: string, url: string, ...given: readonly string[]): Promise<string> {
	const environment = { PATH: process.env.PATH ?? "", DATABASE_URL: url };
	const { stdout } = await promisify(execFile)(process.execPath, [`dist/scripts/${name}.js`, ...given], {
		env: environment,
	});
	return stdout;
}

/** Every command as documented, over three days. */
const lines = [
	"/nlpq schedule post 1",
	"/clock +1d",
	"ana: /nlpq answer today Attention weighs every token against every other.",
	...COMMANDS.filter(({ name }) => !name.endsWith("forget")).map(({ example }) => `/nlpq ${example}`),
	"/clock +1d",
	"ana: /nlpq settings forget confirm:yes",
];

async function expectEveryCommand(url: string): Promise<void> {
	const replies = await converse(lines, { clock: "2027-03-08T10:00:00Z", env: { DATABASE_URL: url } });
	expect(replies.length).toBeGreaterThan(COMMANDS.length);
	expect(replies.map(({ card }) => card.title).filter((title) => title.includes("went wrong"))).toEqual([]);
}

test("every command and every tool works on the server", async () => {
	const [url, other] = [await freshDatabase(), await freshDatabase()];
	const file = join(freshFolder(), "backup.jsonl.gz");
	expect(await runTool("doctor", url)).toMatch(/ok +database: Postgres \d\d, schema public/);
	await expectEveryCommand(url);
	expect(await runTool("verify", url)).toContain("differences: 0");
	expect(await runTool("backup", url, file)).toMatch(/^\d+ rows written/);
	expect(await runTool("restore", other, file)).toMatch(/^\d+ rows restored/);
	expect(await runTool("verify", other)).toContain("differences: 0");
	expect(await runTool("doctor", other)).not.toContain("FAULT");
});

test.skipIf(isQuickRun)(
	"a role with the documented rights can use every command, and the owner's address migrates and restores",
	async () => {
		const { owner, bot } = await documentedDatabase();
		const file = join(freshFolder(), "backup.jsonl.gz");
		expect(await runTool("migrate", owner)).toMatch(/^All \d+ migrations are applied in the schema nlpq\.\n$/);
		await expectEveryCommand(bot);
		expect(await runTool("doctor", bot)).toMatch(/ok +database: Postgres \d\d, schema nlpq, as bot_\w+/);
		expect(await runTool("verify", bot)).toContain("differences: 0");
		expect(await runTool("backup", bot, file)).toMatch(/^\d+ rows written/);
		expect(await runTool("restore", owner, file, "--replace")).toMatch(/^\d+ rows restored/);
	},
);

test("a fault of the database is reported at the start and by /readyz with its code and words, without a stack trace", async () => {
	const { owner, bot, superuser } = await documentedDatabase();
	await runTool("migrate", owner);
	const installation = await Installation.open();
	onTestFinished(() => installation.close());
	await installation.start({ DATABASE_URL: bot, ...NO_DISCORD });
	expect((await installation.get("/readyz")).status).toBe(200);
	await runAs(
		superuser,
		"alter table nlpq.questions rename to renamed; alter table nlpq.nlpq_migrations rename name to title",
	);
	const { status, text } = await installation.get("/readyz");
	expect(status).toBe(503);
	expect(JSON.parse(text)[0]).toEqual({
		name: "database",
		ready: false,
		detail: 'Postgres says: column "name" does not exist (SQLSTATE 42703).',
	});
	await runAs(superuser, "alter table nlpq.nlpq_migrations rename title to name");
	const { code, err } = await runProgram(["/nlpq today"], { env: { DATABASE_URL: bot } });
	expect(code).toBe(1);
	expect(err).toContain('Postgres says: relation "questions" does not exist (SQLSTATE 42P01).\n');
	expect(err).not.toMatch(/ {4}at |params|insert|select/);
});
