import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { eq } from "drizzle-orm";
import { describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { slackInstallations } from "../../../drizzle/slack.ts";
import { startSlack } from "../../../packages/local-slack/slack.ts";
import { ManualClock, systemClock } from "../../../src/adapters/clock.ts";
import { KeyRing } from "../../../src/adapters/keys.ts";
import { openServer } from "../../../src/adapters/postgres/open.ts";
import { createStore } from "../../../src/adapters/postgres/store.ts";
import { type Grant, Installations, type NewInstallation } from "../../../src/adapters/slack/install/installations.ts";
import { resealAll } from "../../../src/adapters/slack/install/seals.ts";
import { byEffort } from "../../support/effort.ts";
import { freshDatabase } from "../../support/postgres.ts";
import { database, openDatabaseForFile } from "./opening.ts";
import { MIGRATIONS, SIGNING_KEY } from "./places.ts";

const NEWER_KEY = `k2:${Buffer.alloc(32, 9).toString("base64")}`;
const HOUR = 3_600_000;
const RENEWALS = byEffort({ test: 10, ci: 50, full: 50 });

openDatabaseForFile();

function openInstallations(
	keys = SIGNING_KEY,
	clock = new ManualClock(new Date()),
	refresh: (token: string) => Promise<Grant> = async () => Promise.reject(new Error("not asked for")),
) {
	const failed: string[] = [];
	const dead = new Set<string>();
	const { db, store } = database;
	const installations = new Installations({
		db,
		store,
		keys: new KeyRing(keys),
		clock,
		worker: crypto.randomUUID(),
		refresh,
		isDead: async (token) => dead.has(token),
		refreshFailed: (id) => void failed.push(id),
	});
	return { installations, clock, failed, dead };
}

const grantFor = (workspaceId: string, more: Partial<NewInstallation> = {}): NewInstallation => ({
	workspaceId,
	enterpriseId: null,
	name: "Study Group",
	botUserId: "UBOT",
	installerId: "U1",
	scopes: ["commands"],
	token: `xoxb-${workspaceId}`,
	refreshToken: null,
	expiresAt: null,
	...more,
});

describe("sealed tokens", () => {
	test("open for their own workspace and no other", () => {
		const keys = new KeyRing(SIGNING_KEY);
		const sealed = keys.seal("xoxb-secret", "slack:T1:token");
		expect(sealed).not.toContain("secret");
		expect(keys.open(sealed, "slack:T1:token")).toBe("xoxb-secret");
		expect(() => keys.open(sealed, "slack:T2:token")).toThrow();
		expect(() => keys.open(sealed, "slack:T1:refresh")).toThrow();
		for (let at = 3; at < sealed.length; at += 7) {
			const altered = `${sealed.slice(0, at)}${sealed[at] === "A" ? "B" : "A"}${sealed.slice(at + 1)}`;
			expect(() => keys.open(altered, "slack:T1:token")).toThrow();
		}
		expect(keys.seal("x", "p")).not.toBe(keys.seal("x", "p"));
	});

	test("are resealed with a new first key, and no longer need the old one", async () => {
		await openInstallations().installations.save(
			grantFor("TKEY", { refreshToken: "xoxe-1", expiresAt: new Date(Date.now() + 5 * HOUR) }),
		);
		const { installations } = openInstallations(`${NEWER_KEY},${SIGNING_KEY}`);
		expect((await installations.of("TKEY"))?.token).toBe("xoxb-TKEY");
		const keys = new KeyRing(`${NEWER_KEY},${SIGNING_KEY}`);
		expect(await resealAll(database.db, keys)).toBe(1);
		expect(await resealAll(database.db, keys)).toBe(0);
		expect((await openInstallations(NEWER_KEY).installations.of("TKEY"))?.token).toBe("xoxb-TKEY");
		await expect(openInstallations(SIGNING_KEY).installations.of("TKEY")).rejects.toThrow(/lacks the key "k2"/);
	});

	test("need well-formed keys", () => {
		for (const text of [
			"",
			"k1",
			"k1:short",
			`k1:${Buffer.alloc(31).toString("base64")}`,
			`${SIGNING_KEY},${SIGNING_KEY}`,
			"k 1:AAAA",
		])
			expect(() => new KeyRing(text)).toThrow(/NLPQ_ENCRYPTION_KEY/);
	});
});

describe("the end of access", () => {
	const soonAfter = (clock: ManualClock) => new Date(clock.now().getTime() + 1_000);
	const serving = async (id: string, ...workspaces: string[]) => {
		const opened = openInstallations();
		await opened.installations.save(grantFor("", { workspaceId: null, enterpriseId: id, token: `xoxb-${id}` }));
		for (const workspace of workspaces)
			expect((await opened.installations.of(workspace, id))?.token).toBe(`xoxb-${id}`);
		return opened;
	};

	test("of one workspace keeps the organisation's token for the others", async () => {
		const { installations, clock } = await serving("EONE", "TONE", "TTWO", "TTHREE");
		const removal = { workspaceIds: ["TONE", "TTWO"], enterpriseId: "EONE", at: soonAfter(clock) };
		expect(await installations.removed(removal)).toEqual(["TONE", "TTWO"]);
		expect(await installations.of("TONE")).toBeNull();
		expect((await installations.of("TTHREE"))?.token).toBe("xoxb-EONE");
	});

	test("of an organisation deletes its token, and names every workspace it served", async () => {
		const { installations, clock } = await serving("EALL", "TA1", "TA2");
		const removal = { workspaceIds: [], enterpriseId: "EALL", at: soonAfter(clock) };
		expect(await installations.removed(removal)).toEqual(["TA1", "TA2"]);
		expect(await installations.of("TA1", "EALL")).toBeNull();
	});

	test("of an organisation is recognised by its dead token, even if only one workspace is named", async () => {
		const { installations, clock, dead } = await serving("EDEAD", "TD1", "TD2");
		dead.add("xoxb-EDEAD");
		const removal = { workspaceIds: ["TD1"], enterpriseId: "EDEAD", at: soonAfter(clock) };
		expect([...(await installations.removed(removal))].sort()).toEqual(["TD1", "TD2"]);
		expect(await installations.of("TD2", "EDEAD")).toBeNull();
	});

	test("is ignored if the app has been installed again since", async () => {
		const { installations, clock } = await serving("ELATE", "TL1");
		const before = new Date(clock.now().getTime() - 1_000);
		for (const workspaceIds of [["TL1"], []])
			expect(await installations.removed({ workspaceIds, enterpriseId: "ELATE", at: before })).toEqual([]);
		expect((await installations.of("TL1"))?.token).toBe("xoxb-ELATE");
	});
});

describe("tokens that expire", () => {
	const soon = (clock: ManualClock, ahead: number) => new Date(clock.now().getTime() + ahead);

	test("are renewed an hour early, once for all who need them", async () => {
		const clock = new ManualClock(new Date());
		let spent = 0;
		const { installations } = openInstallations(SIGNING_KEY, clock, async (token) => {
			expect(token).toBe("xoxe-first");
			spent += 1;
			return { token: "xoxb-second", refreshToken: "xoxe-second", expiresAt: soon(clock, 12 * HOUR) };
		});
		await installations.save(grantFor("TNEW", { refreshToken: "xoxe-first", expiresAt: soon(clock, HOUR / 2) }));
		const found = await Promise.all(Array.from({ length: 20 }, () => installations.of("TNEW")));
		expect(new Set(found.map((access) => access?.token))).toEqual(new Set(["xoxb-second"]));
		expect(spent).toBe(1);
	});

	test("are used until they expire while another process renews them, without waiting for it", async () => {
		const clock = new ManualClock(new Date());
		const { installations } = openInstallations(SIGNING_KEY, clock);
		await installations.save(grantFor("TBUSY", { refreshToken: "xoxe-1", expiresAt: soon(clock, HOUR / 2) }));
		const { running } = database.store;
		expect(await running.takeLease("slack-token:TBUSY", "another", 60)).not.toBeNull();
		const tries = vi.spyOn(running, "takeLease");
		expect((await installations.of("TBUSY"))?.token).toBe("xoxb-TBUSY");
		expect(tries).toHaveBeenCalledTimes(1);
		tries.mockRestore();
	});

	test("are used until they expire if they cannot be renewed", async () => {
		const clock = new ManualClock(new Date());
		const { installations, failed } = openInstallations(SIGNING_KEY, clock, async () =>
			Promise.reject(new Error("down")),
		);
		await installations.save(grantFor("TOLD", { refreshToken: "xoxe-1", expiresAt: soon(clock, HOUR / 2) }));
		expect((await installations.of("TOLD"))?.token).toBe("xoxb-TOLD");
		clock.moveTo(soon(clock, HOUR));
		const later = openInstallations(SIGNING_KEY, clock, async () => Promise.reject(new Error("down")));
		await expect(later.installations.of("TOLD")).rejects.toMatchObject({ name: "DeliveryFault", kind: "not-sent" });
		expect([...failed, ...later.failed]).toEqual(["TOLD", "TOLD"]);
		const renewed = openInstallations(SIGNING_KEY, clock, async () => ({
			token: "xoxb-new",
			refreshToken: "xoxe-2",
			expiresAt: soon(clock, 12 * HOUR),
		}));
		expect((await renewed.installations.of("TOLD"))?.token).toBe("xoxb-new");
	});

	test("are kept while the database does not take them, and saved as soon as it does", async () => {
		const clock = new ManualClock(new Date());
		const { db } = database;
		const { installations, failed } = openInstallations(SIGNING_KEY, clock, async (token) => {
			expect(token).toBe("xoxe-first");
			return { token: "xoxb-second", refreshToken: "xoxe-second", expiresAt: soon(clock, 12 * HOUR) };
		});
		await installations.save(grantFor("TUNSAVED", { refreshToken: "xoxe-first", expiresAt: soon(clock, 0) }));
		await db.execute(
			"create function refuse() returns trigger language plpgsql as 'begin raise exception $$no$$; end'",
		);
		await db.execute(
			"create trigger refuse before update on slack_installations for each row execute function refuse()",
		);
		expect((await installations.of("TUNSAVED"))?.token).toBe("xoxb-second");
		expect(failed).toEqual(["TUNSAVED"]);
		await db.execute("drop function refuse() cascade");
		// A process that starts later has only the database.
		const later = () => openInstallations(SIGNING_KEY, clock).installations.of("TUNSAVED");
		await expect.poll(async () => (await later().catch(() => null))?.token).toBe("xoxb-second");
	});

	test("are saved even if another process seals the old one with a newer key meanwhile", async () => {
		const clock = new ManualClock(new Date());
		const keys = `${NEWER_KEY},${SIGNING_KEY}`;
		const { installations } = openInstallations(keys, clock, async () => {
			expect(await resealAll(database.db, new KeyRing(keys))).toBeGreaterThan(0);
			return { token: "xoxb-second", refreshToken: "xoxe-second", expiresAt: soon(clock, 12 * HOUR) };
		});
		const before = openInstallations(SIGNING_KEY, clock).installations;
		await before.save(grantFor("TSEALED", { refreshToken: "xoxe-first", expiresAt: soon(clock, 0) }));
		expect((await installations.of("TSEALED"))?.token).toBe("xoxb-second");
		expect((await openInstallations(keys, clock).installations.of("TSEALED"))?.token).toBe("xoxb-second");
	});

	test(`are never spent twice by two processes that renew them ${RENEWALS} times at once`, async () => {
		const url = await freshDatabase();
		const slack = await startSlack();
		const server = await openServer(url, MIGRATIONS, 4);
		const children: ChildProcess[] = [];
		try {
			const team = slack.settings.addTeam();
			const granted = slack.settings.install(team.id, { rotation: true });
			const store = createStore(server.db);
			const first = new Installations({
				db: server.db,
				store,
				keys: new KeyRing(SIGNING_KEY),
				clock: systemClock,
				worker: "first",
				refresh: () => Promise.reject(new Error("not here")),
				isDead: async () => false,
				refreshFailed: () => undefined,
			});
			await first.save(
				grantFor(team.id, {
					token: granted.token,
					refreshToken: granted.refreshToken ?? null,
					expiresAt: new Date(Date.now() + 12 * HOUR),
				}),
			);
			const settings = JSON.stringify({
				url,
				apiUrl: slack.apiUrl,
				clientId: slack.app.clientId,
				clientSecret: slack.app.clientSecret,
			});
			for (let index = 0; index < 2; index += 1)
				children.push(
					fork(fileURLToPath(new URL("renewer.ts", import.meta.url)), [settings], { execArgv: ["--import", "tsx"] }),
				);
			await Promise.all(children.map((child) => once(child, "message")));
			const tokens = new Set<string>();
			for (let round = 0; round < RENEWALS; round += 1) {
				await server.db
					.update(slackInstallations)
					.set({ expiresAt: new Date() })
					.where(eq(slackInstallations.id, team.id));
				const at = Date.now() + 20;
				const answers = children.map(async (child) => {
					const answer = once(child, "message");
					child.send({ workspaceId: team.id, at });
					return z.array(z.string()).parse((await answer)[0]);
				});
				const found = (await Promise.all(answers)).flat();
				expect(new Set(found).size).toBe(1);
				for (const token of found) {
					expect(() => slack.credentials.installationOf(token)).not.toThrow();
					tokens.add(token);
				}
			}
			expect(tokens.size).toBe(RENEWALS);
			expect(
				slack.requests.filter((request) => request.method === "oauth.v2.access").map((request) => request.outcome),
			).toEqual(Array(RENEWALS).fill("ok"));
		} finally {
			for (const child of children) child.disconnect();
			await Promise.all(children.map((child) => once(child, "exit")));
			await server.close();
			await slack.stop();
		}
	});
});
