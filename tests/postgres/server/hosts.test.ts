import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type SQL, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type OpenDatabase, openServer } from "../../../src/adapters/postgres/open.ts";
import { rawRows } from "../../../src/adapters/postgres/raw.ts";
import { readAddress } from "../../../src/adapters/postgres/server/address.ts";
import { GuardedClient } from "../../../src/adapters/postgres/server/guarded-client.ts";
import { queryBuilder } from "../../../src/adapters/postgres/server/query-builder.ts";
import { isOutage } from "../../../src/core/errors.ts";
import { CuttingWire } from "../../support/cutting-wire.ts";
import { freePort } from "../../support/ports.ts";
import { PostgresHome, type ServerProcess } from "../../support/postgres-home.ts";
import { newestPrograms } from "../../support/postgres-programs.ts";

interface Server {
	readonly home: PostgresHome;
	readonly port: number;
	readonly process: ServerProcess;
}

/** A separate server. One that believes it is a standby accepts no writes until it is promoted. */
async function start(isStandby: boolean): Promise<Server> {
	const home = new PostgresHome(newestPrograms());
	home.initialise();
	if (isStandby) writeFileSync(join(home.data, "standby.signal"), "");
	const port = await freePort();
	return { home, port, process: await home.begin(port, []) };
}

async function stop({ home, process }: Server): Promise<void> {
	process.server.kill("SIGKILL");
	await process.ended;
	home.remove();
}

let [primary, standby]: Server[] = [];
/** A port on which nothing listens. */
let deadPort: number;
beforeAll(async () => {
	[primary, standby, deadPort] = [...(await Promise.all([start(false), start(true)])), await freePort()];
});
afterAll(async () => {
	for (const server of [primary, standby]) if (server) await stop(server);
});

const address = (ports: readonly (number | undefined)[], query = "") =>
	`postgres://nlpq:hunter22@${ports.map((port) => `127.0.0.1:${port}`).join(",")}/postgres${query}`;

async function open(url: string): Promise<OpenDatabase> {
	const database = await openServer(url, null, 4);
	onTestFinished(() => database.close());
	return database;
}

const portOf = async ({ db }: OpenDatabase) =>
	Number((await rawRows(db, sql`select inet_server_port() as port`))[0]?.port);

test.each(["", "?target_session_attrs=read-write", "?target_session_attrs=primary", "?target_session_attrs=any"])(
	"of several hosts the one that accepts writes is used, wherever it is in the address (%s)",
	async (query) => {
		for (const ports of [
			[deadPort, standby?.port, primary?.port],
			[primary?.port, standby?.port],
		])
			expect(await portOf(await open(address(ports, query)))).toBe(primary?.port);
	},
);

test.each([
	["a standby alone", () => [standby?.port], "is a standby, which takes no writes", "target_session_attrs=read-write"],
	["no host that takes writes", () => [deadPort, standby?.port], /takes no writes|ECONNREFUSED/, "correct the hosts"],
	["nobody at all", () => [deadPort, deadPort], "No server of DATABASE_URL takes writes", "correct the hosts"],
])("%s: the error gives each host's reason, and never the password", async (_name, ports, what, remedy) => {
	const refusal = await openServer(address(ports()), null, 2).then(
		() => "it opens",
		(error: unknown) => error,
	);
	expect(refusal).toMatchObject({ name: "UserError", remedy: expect.stringContaining(remedy) });
	expect(refusal).toMatchObject({ message: expect.stringMatching(what) });
	expect(String(refusal)).not.toContain("hunter22");
	for (const port of ports()) expect(String(refusal)).toContain(`127.0.0.1:${port}`);
});

test("a host that accepts the connection but never answers does not keep the program from the others", async () => {
	const silent = createServer(() => undefined);
	await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
	onTestFinished(() => void silent.close());
	const bound = silent.address();
	const port = typeof bound === "object" && bound ? bound.port : 0;
	// If the deadline were garbage-collected, the program would wait for this host forever.
	setFlagsFromString("--expose-gc");
	const collecting = setInterval(runInNewContext("gc"), 500);
	onTestFinished(() => clearInterval(collecting));
	expect(await portOf(await open(address([port, primary?.port], "?connect_timeout=6")))).toBe(primary?.port);
});

test("after the primary is killed and the standby promoted, the program uses the new primary by itself", async () => {
	const [first, second] = [await start(false), await start(true)];
	onTestFinished(() => stop(second));
	const database = await open(address([first.port, second.port], "?target_session_attrs=read-write"));
	expect(await portOf(database)).toBe(first.port);
	await stop(first);
	await expect(database.db.execute(sql`select 1`)).rejects.toSatisfy(isOutage);
	second.home.run("pg_ctl", "promote", "--wait", `--pgdata=${second.home.data}`);
	let port = 0;
	while (port === 0) port = await portOf(database).catch(() => 0);
	expect(port).toBe(second.port);
	await database.db.transaction((tx) => tx.execute(sql`create table went_on (id int)`));
});

test("a connection whose server refuses writes is closed, and the next transaction gets a new one", async () => {
	const database = await open(address([primary?.port]));
	let before = 0;
	const writing = database.db.transaction(
		async (tx) => {
			before = Number((await rawRows(tx, sql`select pg_backend_pid() as pid`))[0]?.pid);
			await tx.execute(sql`create table refused (id int)`);
		},
		{ accessMode: "read only" },
	);
	await expect(writing).rejects.toSatisfy(isOutage);
	const after = await database.db.transaction((tx) => rawRows(tx, sql`select pg_backend_pid() as pid`));
	expect(after[0]?.pid).not.toBe(before);
});

test("if the connection drops while a commit waits for its standby, the commit is neither cancelled nor reported as finished", async () => {
	const direct = await open(address([primary?.port]));
	const wire = new CuttingWire("127.0.0.1", primary?.port ?? 0);
	onTestFinished(() => wire.close());
	const pacing = { random: () => 0.5, sleep: () => new Promise((resolve) => setImmediate(resolve)) };
	const client = new GuardedClient(readAddress(address([await wire.listen()]), {}), 4, pacing);
	onTestFinished(() => client.close());
	const insert = (word: string) =>
		queryBuilder(client).transaction((tx) => tx.execute(sql`insert into waited values (${word})`));
	const waitUntil = async (condition: SQL) => {
		while ((await rawRows(direct.db, sql`select 1 where ${condition}`)).length === 0);
	};
	/** From now on a commit waits until this standby has it; without a name it does not wait. */
	const setStandby = async (name: string) => {
		await direct.db.execute(sql.raw(`alter system set synchronous_standby_names = '${name}'`));
		await direct.db.execute(sql`select pg_reload_conf()`);
		await waitUntil(sql`current_setting('synchronous_standby_names') = ${name}`);
	};
	// The setting takes effect some time after it is shown. Only a commit that waits proves that it has.
	const waitUntilCommitsWait = async () => {
		let commit: Promise<unknown> | null = null;
		const settled = () => {
			commit = null;
		};
		const cancelWaiting = sql`select pg_cancel_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'`;
		do commit ??= insert("probe").then(settled, settled);
		while ((await rawRows(direct.db, cancelWaiting)).length === 0);
		await commit;
	};
	await direct.db.execute(sql`create table waited (word text)`);
	await insert("before");
	await setStandby("nobody");
	await waitUntilCommitsWait();
	wire.cut = "on our side after";
	await expect(insert("waiting")).rejects.toMatchObject({ name: "CommitUnknown", hasEnded: false });
	expect(
		await rawRows(direct.db, sql`select count(*)::int as n from pg_stat_activity where wait_event = 'SyncRep'`),
	).toEqual([{ n: 1 }]);
	await setStandby("");
	await waitUntil(sql`exists (select from waited where word = 'waiting')`);
});
