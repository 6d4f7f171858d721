import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { LOCK_FILE, type LockTools, lockFolder } from "../../../src/adapters/postgres/embedded/lock.ts";
import type { Owner } from "../../../src/adapters/postgres/embedded/lock-owner.ts";
import { LOCK_SOCKET } from "../../../src/adapters/postgres/embedded/lock-socket.ts";
import { systemProbe } from "../../../src/adapters/process-identity.ts";

function freshFolder(...below: string[]): string {
	const made = mkdtempSync(join(tmpdir(), "nlpq-lock-"));
	onTestFinished(() => rmSync(made, { recursive: true, force: true }));
	const folder = join(made, ...below);
	mkdirSync(folder, { recursive: true });
	return folder;
}

const LOCK_MODULE = resolve("src/adapters/postgres/embedded/lock.ts");

/** Another process that holds the folder and says so, or says why it cannot. */
async function holder(
	folder: string,
	env: Record<string, string> = {},
): Promise<{ child: ChildProcess; line: string }> {
	const code = `import { lockFolder } from ${JSON.stringify(LOCK_MODULE)};
		lockFolder(${JSON.stringify(folder)}).then(() => console.log("held"), (error) => console.log(error.message));
		setInterval(() => undefined, 1000);`;
	const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", code], {
		env: { ...process.env, ...env },
		stdio: ["ignore", "pipe", "inherit"],
	});
	onTestFinished(() => void child.kill("SIGKILL"));
	for await (const line of createInterface({ input: child.stdout })) return { child, line };
	throw new Error("the holder said nothing");
}

const ended = (child: ChildProcess) => new Promise((done) => child.once("exit", done));

/** Tools whose waits take no time, and that collect notices. */
function tools(changed: Partial<LockTools> = {}): { notices: string[]; waited: number[]; tools: Partial<LockTools> } {
	const [notices, waited]: [string[], number[]] = [[], []];
	const wait = async (milliseconds: number) => void waited.push(milliseconds);
	return { notices, waited, tools: { wait, notice: (text) => notices.push(text), ...changed } };
}

const elsewhere = (changed: Partial<Owner> = {}): string =>
	JSON.stringify({
		token: "other",
		host: "other-host",
		boot: "another boot",
		namespace: "pid:[1]",
		pid: 7,
		started: "1",
		socket: true,
		beat: 3,
		...changed,
	} satisfies Owner);

const LONG = "a folder with a name of a hundred and thirty characters ".repeat(3).slice(0, 130);

test.each([
	["at a short path", []],
	["at a path longer than a socket's name may be", [LONG, LONG]],
])("two processes %s never hold one folder, whatever their temporary folders", async (_, below) => {
	const folder = freshFolder(...below);
	const first = await holder(folder, { TMPDIR: freshFolder() });
	expect(first.line).toBe("held");
	const second = await holder(folder, { TMPDIR: freshFolder() });
	expect(second.line).toMatch(/in use by another nlpq process \(process \d+ on /);
	first.child.kill("SIGSTOP");
	await expect(lockFolder(folder)).rejects.toThrow(/in use/);
	first.child.kill("SIGCONT");
	first.child.kill("SIGKILL");
	await ended(first.child);
	const { waited, tools: quick } = tools();
	const lock = await lockFolder(folder, quick);
	expect(waited).toEqual([150]);
	await lock.release();
	expect(existsSync(join(folder, LOCK_FILE))).toBe(false);
});

test("of twelve processes that find a dead owner at once, one gets the folder", async () => {
	const folder = freshFolder();
	writeFileSync(join(folder, LOCK_FILE), elsewhere({ ...systemProbe.self(), pid: 2 ** 22 + 1, socket: false }));
	const tried = await Promise.allSettled(Array.from({ length: 12 }, () => lockFolder(folder)));
	expect(tried.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
	for (const each of tried) if (each.status === "fulfilled") await each.value.release();
});

test("without sockets in the file system, the lock file alone keeps others out", async () => {
	const folder = freshFolder();
	const { tools: without } = tools({ sockets: false });
	const lock = await lockFolder(folder, without);
	expect(existsSync(join(folder, LOCK_SOCKET))).toBe(false);
	await expect(lockFolder(folder, without)).rejects.toThrow(/in use/);
	await lock.release();
	await (await lockFolder(folder, without)).release();
});

test("an owner on another host keeps the folder while it writes heartbeats", async () => {
	const folder = freshFolder();
	const path = join(folder, LOCK_FILE);
	writeFileSync(path, elsewhere());
	let beats = 3;
	const living = tools({ wait: async () => writeFileSync(path, elsewhere({ beat: ++beats })) });
	await expect(lockFolder(folder, living.tools)).rejects.toThrow(
		/in use by another nlpq process \(process 7 on other-host\)/,
	);
	expect(living.notices.join()).toMatch(/last used by process 7 on other-host/);
	expect(readFileSync(path, "utf8")).toContain("other");
});

test("an owner on another host is replaced after 30 s of silence, and is told so when it comes back", async () => {
	const folder = freshFolder();
	const path = join(folder, LOCK_FILE);
	writeFileSync(path, elsewhere());
	const { waited, tools: watching } = tools({ beatEvery: 5 });
	const lock = await lockFolder(folder, watching);
	expect(waited.reduce((sum, each) => sum + each, 0)).toBeGreaterThanOrEqual(30_000);
	writeFileSync(path, elsewhere({ beat: 4 }));
	await lock.lost;
	await lock.release();
	expect(readFileSync(path, "utf8")).toBe(elsewhere({ beat: 4 }));
});

test("a dead process's id that another program has now does not lock the folder", async () => {
	const folder = freshFolder();
	const probe = systemProbe.self();
	if (probe.started === null)
		return expect(systemProbe.processState({ ...JSON.parse(elsewhere()), pid: process.pid })).toBe("unknown");
	writeFileSync(join(folder, LOCK_FILE), elsewhere({ ...probe, started: "1", socket: false }));
	const { waited, tools: quick } = tools();
	await (await lockFolder(folder, quick)).release();
	expect(waited).toEqual([150]);
});

test.each(["", "{", "null", "[]", '"owner"', "\u0000\u0000"])(
	"a lock file that contains %j is watched, not trusted",
	async (content) => {
		const folder = freshFolder();
		writeFileSync(join(folder, LOCK_FILE), content);
		const { notices, tools: watching } = tools();
		await (await lockFolder(folder, watching)).release();
		expect(notices.join()).toMatch(/unreadable/);
	},
);

test("a lock file deleted by hand is written again, and lets nobody in meanwhile", async () => {
	const folder = freshFolder();
	const { tools: quick } = tools({ beatEvery: 5 });
	const lock = await lockFolder(folder, quick);
	rmSync(join(folder, LOCK_FILE));
	await expect(lockFolder(folder)).rejects.toThrow(/in use/);
	await expect.poll(() => existsSync(join(folder, LOCK_FILE))).toBe(true);
	await lock.release();
});

test("an older version of nlpq, which has only the socket, keeps the folder", async () => {
	const folder = freshFolder();
	const older = createServer();
	await new Promise<void>((done) => older.listen(join(folder, LOCK_SOCKET), done));
	await expect(lockFolder(folder)).rejects.toThrow(/in use/);
	await new Promise((done) => older.close(done));
	await (await lockFolder(folder)).release();
});

test("an owner whose file was moved away by a process that was held up keeps the folder, and gets its file back", async () => {
	const folder = freshFolder();
	const path = join(folder, LOCK_FILE);
	const older = createServer();
	onTestFinished(() => void older.close());
	// The living owner begins to listen only after the late process has asked for its socket for the first time.
	const wait = () => new Promise<void>((done) => older.listen(join(folder, LOCK_SOCKET), done));
	await expect(lockFolder(folder, { wait })).rejects.toThrow(/in use/);
	expect(existsSync(path)).toBe(false);
	expect(existsSync(join(folder, LOCK_SOCKET))).toBe(true);
	await expect(lockFolder(folder)).rejects.toThrow(/in use/);
});
