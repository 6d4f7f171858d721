import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { COMMANDS } from "../../src/chat/commands/index.ts";
import { freshFolder } from "../support/databases.ts";
import { freshDatabase } from "../support/postgres.ts";
import { converse } from "../support/program.ts";

/** Runs one of the compiled tools as `npm run` does; its output, or an error when it ends with another code than 0. */
async function runTool(name: string, url: string, ...given: readonly string[]): Promise<string> {
	const environment = { PATH: process.env.PATH ?? "", DATABASE_URL: url };
	const { stdout } = await promisify(execFile)(process.execPath, [`dist/scripts/${name}.js`, ...given], {
		env: environment,
	});
	return stdout;
}

/** Every command as its documentation shows it, on three days. */
const lines = [
	"/nlpq schedule post 1",
	"/clock +1d",
	"ana: /nlpq answer today Attention weighs every token against every other.",
	...COMMANDS.filter(({ name }) => !name.endsWith("forget")).map(({ example }) => `/nlpq ${example}`),
	"/clock +1d",
	"ana: /nlpq settings forget confirm:yes",
];

test("every command and every tool works on the server", async () => {
	const [url, other] = [await freshDatabase(), await freshDatabase()];
	const file = join(freshFolder(), "backup.jsonl.gz");
	expect(await runTool("doctor", url)).toMatch(/ok +database: Postgres \d\d, schema public/);
	const replies = await converse(lines, { clock: "2027-03-08T10:00:00Z", env: { DATABASE_URL: url } });
	expect(replies.length).toBeGreaterThan(COMMANDS.length);
	expect(replies.map(({ card }) => card.title).filter((title) => title.includes("went wrong"))).toEqual([]);
	expect(await runTool("streaks", url, "verify")).toContain("differences: 0");
	expect(await runTool("backup", url, file)).toMatch(/^\d+ rows written/);
	expect(await runTool("restore", other, file)).toMatch(/^\d+ rows restored/);
	expect(await runTool("streaks", other, "verify")).toContain("differences: 0");
	expect(await runTool("doctor", other)).not.toContain("FAULT");
});
