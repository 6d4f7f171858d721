import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import postgres from "postgres";
import { expect, inject, onTestFinished, test } from "vitest";
import { freshFolder, prepareFolderWithBank } from "../support/databases.ts";
import { isQuickRun } from "../support/effort.ts";
import { migratedDatabase } from "../support/postgres.ts";
import { startPostgres } from "../support/postgres-server.ts";
import { converse, linesOf, type ProgramOptions, runProgram, startProgram, untilEnd } from "../support/program.ts";
import { TypedProgram } from "../support/pseudo-terminal.ts";

/** What a refused start says, without a stack trace. */
async function refusal(options: ProgramOptions): Promise<string> {
	const run = await runProgram(["/nlpq today"], options);
	expect(run.code).toBe(1);
	expect(run.out).toBe("");
	expect(run.err).not.toMatch(/^\s+at /m);
	return run.err;
}

test("a second process on the same folder is refused, and the first continues", async () => {
	const folder = freshFolder();
	await prepareFolderWithBank(folder);
	const first = startProgram({ folder });
	const ended = untilEnd(first);
	for await (const _greeting of linesOf(first)) break;
	expect(await refusal({ folder })).toMatch(/in use by another nlpq process[\s\S]*NLPQ_DATA_DIR/);
	first.stdin?.end("/nlpq streak\n");
	expect((await ended).code).toBe(0);
	await converse(["/nlpq streak"], { folder });
});

test("answers from after now, as a clock set by hand leaves them, are told at the start and by the doctor", async () => {
	const folder = freshFolder();
	await prepareFolderWithBank(folder);
	const clock = new Date(Date.now() + 6 * 86_400_000).toISOString();
	const trial = await runProgram(["answer today An honest attempt, in my own words."], { folder, clock, args: [] });
	expect(trial.out).toMatch(/The clock is set to .*NLPQ_DATA_DIR/);
	expect(trial.out).not.toContain("ahead of the clock");
	const start = await runProgram(["streak"], { folder, args: [] });
	expect(start.out).toMatch(/data is ahead of the clock: its newest entry is from .*NLPQ_DATA_DIR.*restore/);
	const doctor = await runProgram([], { folder, args: ["doctor"] });
	expect(doctor.out).toMatch(/clock.*ahead of the clock/);
	expect(doctor.out).not.toMatch(/ok\s+clock/);
	const single = await untilEnd(startProgram({ folder, args: ["--json", "show", "no-such-question"] }));
	expect(single.err).toMatch(/data is ahead of the clock: its newest entry is from .*NLPQ_DATA_DIR.*restore/);
	// A refusal names commands as its caller types them.
	const [line = "", ...more] = single.out.trim().split("\n");
	expect(more).toEqual([]);
	expect(JSON.parse(line)).toMatchObject({ card: { tone: "error" }, text: expect.stringContaining("nlpq search") });
	expect(line).not.toContain("/nlpq");
});

test("a folder with other people's files is refused and left alone", async () => {
	const folder = freshFolder();
	writeFileSync(join(folder, "thesis.txt"), "mine");
	expect(await refusal({ folder })).toContain("not nlpq's");
	expect(readdirSync(folder)).toEqual(["thesis.txt"]);
});

test.skipIf(process.getuid?.() === 0)("a folder that may not be written is refused", async () => {
	const folder = freshFolder();
	chmodSync(folder, 0o555);
	expect(await refusal({ folder })).toMatch(/cannot be written \(EACCES\)/);
	chmodSync(folder, 0o755);
});

test("a path below a file is refused as a folder", async () => {
	const file = join(freshFolder(), "file");
	writeFileSync(file, "");
	expect(await refusal({ folder: join(file, "data") })).toMatch(/cannot be written \(ENOTDIR\)/);
	// At a terminal no word is cut.
	const narrow = new TypedProgram({ folder: join(file, "data"), columns: 40 });
	expect(await narrow.ended()).toBe(1);
	expect(narrow.lines.slice(-3).join(" ")).toMatch(
		/user the right to write there, or name another folder with NLPQ_DATA_DIR\.$/,
	);
	mkdirSync(`${file}-other`);
	expect(await refusal({ folder: file })).toMatch(/cannot be written \((EEXIST|ENOTDIR)\)/);
});

test.runIf(existsSync("/proc/self"))("a folder that cannot be created is refused at once", async () => {
	expect(await refusal({ folder: "/proc/nlpq/data" })).toMatch(/cannot be written \(ENOENT\)/);
});

test("a folder with another version of the database is refused, naming that version, and not changed", async () => {
	const folder = freshFolder();
	await prepareFolderWithBank(folder);
	const file = join(folder, "db", "PG_VERSION");
	const own = readFileSync(file, "utf8");
	writeFileSync(file, "12\n");
	const message = await refusal({ folder });
	expect(message).toContain("cannot be opened");
	expect(message).toContain("version 12");
	expect(message).toContain("npm run backup");
	writeFileSync(file, own);
	await converse(["/nlpq today"], { folder });
});

test("while the database is gone, each command is told, and the log has one plain line", async () => {
	const server = await startPostgres(40);
	onTestFinished(() => server.stop());
	const program = startProgram({ env: { DATABASE_URL: server.url }, args: [] });
	const ended = untilEnd(program);
	for await (const line of linesOf(program)) if (line.includes("Question of the day")) break;
	await server.kill();
	program.stdin?.end("/nlpq streak\n/nlpq stats\n");
	const { out, err } = await ended;
	expect(out.match(/The database isn't answering right now/g)).toHaveLength(2);
	expect(err.match(/"msg":"[^"]*"/g)).toEqual([
		'"msg":"The database does not answer. Due work waits and will be retried."',
	]);
	expect(err).not.toContain("    at ");
});

test("a database that a newer version wrote is refused and not changed", async () => {
	const url = await migratedDatabase();
	const client = postgres(url, { max: 1 });
	await client`insert into nlpq_migrations (name, hash) values ('9999_later', 'later')`;
	expect(await refusal({ env: { DATABASE_URL: url } })).toContain("newer nlpq");
	const rows = await client`select count(*)::int as rows from workspaces`;
	await client.end();
	expect(rows[0]?.rows).toBe(0);
});

/** A loopback port on which nobody listens. */
function deadPort(): Promise<number> {
	return new Promise((resolve) => {
		const server = createServer();
		server.listen(0, "127.0.0.1", () => {
			const address = server.address();
			server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
		});
	});
}

test("an address without a server, a missing database and an invalid address have different messages", async () => {
	const dead = `postgres://someone:hunter22@127.0.0.1:${await deadPort()}/nlpq`;
	const nobody = await refusal({ env: { DATABASE_URL: dead } });
	expect(nobody).toContain("No Postgres server answers at DATABASE_URL: ECONNREFUSED");
	expect(nobody).not.toContain("hunter22");
	const missing = new URL(inject("postgresUrl"));
	missing.pathname = "/no_such_database";
	expect(await refusal({ env: { DATABASE_URL: missing.toString() } })).toContain("does not exist");
	const wrong = await refusal({ env: { DATABASE_URL: "mysql://root:hunter22@localhost/db", DATABASE_POOL: "many" } });
	expect(wrong).toMatch(/2 faults/);
	expect(wrong).toMatch(/DATABASE_URL begins with mysql:[\s\S]*postgres:\/\/user:password@localhost/);
	expect(wrong).toMatch(/DATABASE_POOL is "many": expected a number/);
	expect(wrong).not.toContain("hunter22");
});

test.skipIf(isQuickRun)("on a server the terminal works the same way, and two of them share it", async () => {
	const env = { DATABASE_URL: await migratedDatabase() };
	const clock = "2027-03-08T09:30:00Z";
	const first = await converse(["ana: /nlpq check today A"], { env, clock });
	expect(first.filter(({ data }) => data.counted === true)).toHaveLength(1);
	const second = await converse(["ana: /nlpq check today A", "bob: /nlpq check today A"], { env, clock });
	expect(second.filter(({ card }) => card.title.startsWith("Question of the day"))).toEqual([]);
	expect(second.filter(({ data }) => "counted" in data).map(({ data }) => data.counted)).toEqual([false, true]);
});
